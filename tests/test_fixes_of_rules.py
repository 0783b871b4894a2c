"""The fixes that rules carry: what is mended, that its finding is gone after, and that every other character stays."""

from collections.abc import Iterable

import pytest

from cardaudit.fixes import mend
from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Finding

INDEX = """\
- name: some-model
  results:
  - task:
      type: image-classification
    dataset:
      name: food101
      type: food101
      split: train
    metrics:
    - type: accuracy
      value: 0.8933
"""
TRAINED = """\
# some-model

This model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased) on the food101 dataset.
It achieves the following results on the evaluation set:
- Loss: 0.3165
- Accuracy: 0.8933

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05

### Framework versions

- Transformers 4.24.0
"""
COMMENT = """\
<!-- This model card has been generated automatically according to the information the Trainer had access to. You
should probably proofread and complete it, then remove this comment. -->

"""
FRONT = "license: mit  # as the base model's\n"
SAFE = [
    ("misspelled-front-matter-key", "liscence: mit\n", "license: mit\n"),
    ("misspelled-front-matter-key", FRONT + "pipeline-tag: fill-mask\n", FRONT + "pipeline_tag: fill-mask\n"),
    ("unknown-license", "license: Apache 2.0\n", "license: apache-2.0\n"),
    ("unknown-license", "license: 'MIT'\n", "license: 'mit'\n"),
    ("unknown-language", FRONT + "language: English\n", FRONT + "language: en\n"),
    ("unknown-language", FRONT + 'language:\n- "german"\n- fr\n', FRONT + 'language:\n- "de"\n- fr\n'),
    ("null-list-item", FRONT + "datasets:\n- null\ntags:\n- text\n", FRONT + "tags:\n- text\n"),
    ("null-list-item", FRONT + "datasets:\n- null\n- imdb\n- ~\n", FRONT + "datasets:\n- imdb\n"),
    ("duplicate-list-item", FRONT + "tags:\n- text\n- speech\n- text\n", FRONT + "tags:\n- text\n- speech\n"),
    ("underscored-model-index", FRONT + "model_index:\n" + INDEX, FRONT + "model-index:\n" + INDEX),
]


def findings(text: str) -> Iterable[Finding]:
    return check_card(read_card(text, "card.md")).findings


def mended(text: str, rule: str, unsafe: bool = False) -> str:
    return mend(text, lambda now: [each for each in findings(now) if each.rule == rule], unsafe).text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("rule", "before", "after"), SAFE, ids=[f"{rule}-{at}" for at, (rule, _, _) in enumerate(SAFE)])
def test_a_safe_fix_mends_the_metadata_and_nothing_else(rule: str, before: str, after: str, newline: str) -> None:
    body = "\n# some-model\n\nlicense: Apache 2.0, English, - null\u00a0|  trailing  \n"
    card, expected = (f"---\n{front}---\n{body}".replace("\n", newline) for front in (before, after))
    assert rule in {each.rule for each in findings(card)}
    assert mended(card, rule) == expected
    assert rule not in {each.rule for each in findings(expected)}


@pytest.mark.parametrize(
    ("rule", "front"),
    [
        ("unknown-license", "license: our-own-terms\n"),
        ("unknown-language", "language:\n- English\n- Elvish\n"),
        ("duplicate-list-item", "tags: [text, text]\n"),
        ("underscored-model-index", "model_index:\n- name: some-model\n  results:\n  - metric:\n      value: 0.5\n"),
    ],
)
def test_what_has_no_one_meaning_is_told_and_left_alone(rule: str, front: str) -> None:
    card = f"---\n{front}---\n\n# some-model\n"
    assert rule in {each.rule for each in findings(card)}
    assert mended(card, rule, unsafe=True) == card


def test_the_generators_comment_goes_only_when_asked() -> None:
    card = f"---\nlicense: mit\n---\n\n{COMMENT}{TRAINED}"
    assert mended(card, "template-comment") == card
    assert mended(card, "template-comment", unsafe=True) == f"---\nlicense: mit\n---\n\n{TRAINED}"


def test_the_split_is_named_only_when_asked_and_where_one_other_is_left() -> None:
    front = f"---\nlicense: mit\ntags:\n- generated_from_trainer\nmodel-index:\n{INDEX}---\n\n"
    card = front + TRAINED
    assert "split-train-result" in {each.rule for each in findings(card)}
    assert mended(card, "split-train-result") == card
    assert mended(card, "split-train-result", unsafe=True) == card.replace("split: train", "split: validation")
    three = card.replace("food101", "conll2003")
    assert mended(three, "split-train-result", unsafe=True) == three


def test_no_fix_touches_a_number() -> None:
    card = f"---\nlicense: MIT\nlanguage: English\nmodel_index:\n{INDEX}---\n\n{COMMENT}{TRAINED}"
    whole = mend(card, findings, unsafe=True)
    assert [each.rule for each in whole.fixed]
    assert [word for word in whole.text.split() if word[0].isdigit()] == [word for word in card.split() if word[0].isdigit()]
