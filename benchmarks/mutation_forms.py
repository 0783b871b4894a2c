"""Faults of form to plant in a card's front matter, hyperparameters, data sets, sections and code."""

import random
import re
from fractions import Fraction

from mutation_operators import OPERATORS, Apply, Fault, Operator, edited, is_trainer, operator
from mutation_tables import line_of
from mutation_texts import front_line

from cardaudit.facts import dataset_splits
from cardaudit.records import Card, Span

DATASET = r"^datasets:\n- .*$"
TEMPLATE = (
    "<!-- This model card has been generated automatically according to the information the Trainer had access to. You\n"
    "should probably proofread and complete it, then remove this comment. -->"
)


def _swapped(pattern: str, new: str) -> Apply:
    """One passage of the text replaced."""
    compiled = re.compile(pattern, re.MULTILINE)

    def apply(card: Card, _: random.Random) -> Fault | None:
        found = compiled.search(card.text) if is_trainer(card) else None
        return Fault(edited(card, (Span(*found.span()), found.expand(new))), visible=True) if found else None

    return apply


def _added(words: str) -> Apply:
    """Lines at the end of a card, of one card in five."""
    return lambda card, rng: Fault(card.text.rstrip("\n") + f"\n\n{words}\n", visible=True) if rng.random() < 0.2 else None


def _without_axolotl(apply: Apply) -> Apply:
    """Not in cards that quote the configuration of axolotl, which names model and epochs too."""
    return lambda card, rng: None if "axolotl" in card.text else apply(card, rng)


OPERATORS += [
    Operator("front-matter-unclosed", front_line(r"^license: (.*)$", r"license: [\1")),
    Operator("front-matter-cut", _swapped(r"\A---\n(?:.*\n)*?---\n", ""), ("missing-front-matter",)),
    Operator("licence-cut", _swapped(r"\A(?=---\n(?:.*\n)*?language:)((?:.*\n)*?)license: .*\n", r"\1"), ("missing-metadata",)),
    Operator("licence-other", front_line(r"^license: .*$", "license: other"), ("incomplete-license",)),
    Operator(
        "metric-type-cut",
        front_line(r"^( +)- name: (.*)\n +type: \w+\n( +value)", r"\1- name: \2\n\3"),
        ("incomplete-model-index",),
    ),
    Operator(
        "model-index-renamed", front_line(r"^- name: .*$", "- name: another-run-of-last-year"), ("model-name-contradicts-title",)
    ),
    Operator("dataset-a-title", front_line(DATASET, "datasets:\n- The reviews that we collected")),
    Operator("dataset-legacy", front_line(DATASET, "datasets:\n- imdb"), ("legacy-dataset-id",)),
    Operator("dataset-a-script", front_line(DATASET, "datasets:\n- conll2003"), ("script-only-dataset",)),
    Operator("dataset-withdrawn", front_line(DATASET, "datasets:\n- common_voice"), ("unavailable-dataset",)),
    Operator(
        "warmup-a-share", _swapped(r"^- lr_scheduler_warmup_ratio: ", "- lr_scheduler_warmup_steps: "), ("warmup-ratio-as-steps",)
    ),
    Operator("length-twice", _without_axolotl(_swapped(r"^(- num_epochs: .*)$", r"\1\n- training_steps: 77777"))),
    Operator(
        "optimizer-an-enum",
        _swapped(r"^- optimizer: Adam with", "- optimizer: Use OptimizerNames.ADAMW_TORCH with"),
        ("enum-optimizer-name",),
    ),
    Operator(
        "base-model-a-path",
        _swapped(
            r"\A(?![\s\S]*^base_model:)([\s\S]*?)fine-tuned version of \[[^\]]+\]\([^)]+\)",
            r"\1fine-tuned version of [/content/out/checkpoint-500](https://huggingface.co//content/out/checkpoint-500)",
        ),
        ("unnamed-base-model",),
    ),
    Operator(
        "template-comment-kept",
        _swapped(r"\A(?![\s\S]*generated automatically)((?:.*\n)*?)(# .*)$", r"\1" + TEMPLATE + r"\n\n\2"),
        ("template-comment",),
    ),
    Operator("placeholder-left", _added("## Intended use\n\n[More Information Needed]"), ("placeholder-text",)),
    Operator("section-empty", _added("## Limitations\n\n## Contact\n\nWrite to the maintainers."), ("empty-section",)),
    Operator(
        "code-of-strangers",
        _added('```python\nmodel = AutoModel.from_pretrained("someone/some-model", trust_remote_code=True)\n```'),
        ("unsafe-loading-code",),
    ),
    Operator("suppression-without-reason", _added("<!-- cardaudit: allow zero-f1 -->")),
    Operator(
        "suppression-of-nothing",
        _added('<!-- cardaudit: allow swapped-betas because "a planted reason" -->'),
        ("unused-suppression",),
    ),
]


@operator()
def split_renamed(card: Card, _: random.Random) -> Fault | None:
    """`validation` called `test`. Visible: the full-precision accuracy is a count over the one and not over the other."""
    named = re.search(r"^( +split: )validation$", card.text, re.MULTILINE)
    accuracy = next((result.number for result in card.model_index if result.metric == "accuracy"), None)
    if named is None or accuracy is None or accuracy.value is None or len(accuracy.text) < 14 or not is_trainer(card):
        return None
    splits = dataset_splits(card.datasets[0].id) if card.datasets else {}
    of = splits.get(card.datasets[0].config or "") or (next(iter(splits.values())) if len(splits) == 1 else {})
    denominator = Fraction(accuracy.value).limit_denominator(100_000).denominator
    fits = {split for split, size in of.items() if size and size % denominator == 0}
    visible = "validation" in fits and "test" in of and "test" not in fits and denominator >= 20
    return Fault(edited(card, (Span(*named.span()), named[1] + "test")), visible=visible)


@operator("missing-seed")
def seed_cut(card: Card, _: random.Random) -> Fault | None:
    seed = card.hyperparameters.seed
    return Fault(edited(card, (line_of(card, seed.span), "")), visible=True) if seed and is_trainer(card) else None


@operator("unnamed-dataset")
def dataset_cut(card: Card, _: random.Random) -> Fault | None:
    """Neither in the front matter nor in the sentence."""
    if len({mention.id for mention in card.datasets}) != 1 or not is_trainer(card) or card.model_index:
        return None
    text = re.sub(r"^datasets:\n(?:- .*\n)+", "", card.text, count=1, flags=re.MULTILINE)
    text = re.sub(r" on the \S+ dataset\.", " on the None dataset.", text, count=1)
    return Fault(text, visible=True) if "None dataset" in text else None


@operator()
def code_with_another_rate(card: Card, _: random.Random) -> Fault | None:
    """Training code of the card's own with a learning rate a hundred times as large."""
    rate = card.hyperparameters.learning_rate
    if rate is None or rate.value is None or not is_trainer(card) or "```" in card.text:
        return None
    code = f'args = TrainingArguments("out", learning_rate={float(rate.value) * 100:g})\n'
    code += "trainer = Trainer(model, args)\ntrainer.train()"
    return Fault(card.text.rstrip("\n") + f"\n\n## Training code\n\n```python\n{code}\n```\n", visible=True)


@operator()
def task_renamed(card: Card, _: random.Random) -> Fault | None:
    """Speech recognition under the name of a classification."""
    found = re.search(r"^( +type: )automatic-speech-recognition$", card.text, re.MULTILINE)
    if found is None or not is_trainer(card) or "wer" not in card.headline or card.text.count("automatic-speech-recognition") > 1:
        return None
    return Fault(edited(card, (Span(*found.span()), found[1] + "text-classification")), visible=True)
