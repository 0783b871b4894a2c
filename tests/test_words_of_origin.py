"""What a card says its model was made from, on which data, with which software, in words of its author's own."""

import pytest

from cardaudit import read_card

MERGE = """# M

A merge of two models.

```yaml
models:
  - model: acme/first-7b
  - model: acme/second-7b
merge_method: slerp
{base}dtype: bfloat16
```
"""


def base(body: str) -> str | None:
    card = read_card("---\nlicense: mit\n---\n" + body, "acme/own")
    return card.base_model.text if card.base_model else None


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Original model: https://huggingface.co/acme/Base-3B-Instruct", "acme/Base-3B-Instruct"),
        ("Original model: [Base 3B](https://huggingface.co/acme/Base-3B)", "acme/Base-3B"),
        ("Pretrained Model: [acme/diffuse-2](https://huggingface.co/acme/diffuse-2)<br>", "acme/diffuse-2"),
        ("The model was trained for 3 epochs from `bert-base-uncased` on pairs.", "bert-base-uncased"),
        ('We have fine-tuned this model from pretrained "acme/roberta-base-xy".', "acme/roberta-base-xy"),
        ("Finetuning `acme/wiki-base-spm` with the training set of `qa`.", "acme/wiki-base-spm"),
        ("The base model is MiniLM-L6 from a company.", "MiniLM-L6"),
        ("At its core it uses a Base model (acme/electra-base) fine-tuned on questions.", "acme/electra-base"),
        ("This model was built on top of distilbert-base-uncased model and trained for 10 epochs.", "distilbert-base-uncased"),
        ("It is based on Tuned for Turkish https://huggingface.co/acme/bert-base-turkish-cased", "acme/bert-base-turkish-cased"),
        ("It is based on a pretrained `bart-base` model.", "bart-base"),
        ("The model is initialized from RoBERTa-Base and further trained.", "RoBERTa-Base"),
        ("We first took the pretrained English [roberta-large](https://huggingface.co/roberta-large) model.", "roberta-large"),
        ("A fine-tuned  \n[acme/wav2vec-53](https://huggingface.co/acme/wav2vec-53)\nmodel on speech.", "acme/wav2vec-53"),
        ("It is finetuned from [this model](https://huggingface.co/acme/multi-base) on news.", "acme/multi-base"),
        ("It is a [Base model](https://huggingface.co/roberta-base) that was further trained on text.", "roberta-base"),
        ("**Language model:** acme/MiniLM-L12\n**Downstream-task:** QA", "acme/MiniLM-L12"),
        ("**Language model:** acme/MiniLM-squad2\n**Downstream-task:** QA", None),
        ("It is based on GPT-2 architecture.", None),
        ("It was based on huggingface/transformers.", None),
        ("Custom distillation with fine-tuned model [x](https://huggingface.co/acme/bert-base-squad)", None),
        ("Based on the tutorial of a friend: https://huggingface.co/blog/fine-tune", None),
        ("(You can find a newer version of this model here: https://huggingface.co/acme)", None),
    ],
)
def test_base_model(sentence: str, name: str | None):
    assert base(f"# M\n\n{sentence}\n") == name


def test_base_of_a_merge():
    assert base(MERGE.format(base="base_model: acme/second-7b\n")) == "acme/second-7b"
    assert base(MERGE.format(base="")) == "acme/first-7b"
    assert base(MERGE.format(base="base_model: /data/models/local\n")) is None


def test_settings_of_the_own_pretraining_are_read_beside_a_base():
    trained = "The model was trained for 250 steps with a batch size of 64."
    words = f"It is based on the `t5-small` model.\n\n### Pretraining\n\n{trained}\n"
    settings = read_card(f"# M\n\n{words}", "acme/own").hyperparameters
    assert settings.train_batch_size is not None
    assert settings.train_batch_size.text == "64"


def test_data_sets_of_a_table_that_counts_what_each_gave():
    table = (
        "| Dataset | Paper | Number of training tuples |\n|---|---|---|\n"
        "| [Forum](https://a.b/c) pairs (2015) | - | 726,484 |\n"
        "| [Exchange](https://huggingface.co/datasets/acme/exchange) | - | 25,316 |\n"
        "| AllPairs ([One](https://a.b) and [Two](https://a.b)) | - | 277,230 |\n| Total | | 1,029,030 |\n"
    )
    read = read_card(f"---\nlicense: mit\n---\n# M\n\n#### Training data\n\nThe number of pairs:\n\n{table}").datasets
    assert [(each.id, each.text) for each in read] == [
        ("Forum", "Forum"),
        ("acme/exchange", "Exchange"),
        ("AllPairs", "AllPairs"),
    ]
    assert read_card(f"---\nlicense: mit\n---\n# M\n\n#### Evaluation\n\n{table}").datasets == ()


def test_a_data_set_linked_behind_a_long_address():
    link = "[acme/base](https://huggingface.co/acme/base?text=" + "I+like+you." * 12 + ")"
    text = f"# M\n\nThis model is a fine-tuned version of {link} on an [Acme Reviews Dataset](https://a.b/reviews). It is new.\n"
    assert [each.id for each in read_card("---\nlicense: mit\n---\n" + text).datasets] == ["Acme Reviews"]


def test_a_version_that_is_only_asked_for_is_none():
    words = "Python 3.6 (or higher) is needed.\nUse transformers 3.1.0 or newer.\nIf you lack pytorch 1.6+ please update.\n"
    assert read_card(f"---\nlicense: mit\n---\n# M\n\n{words}").framework_versions == {}
    kept = read_card("---\nlicense: mit\n---\n# M\n\n- Transformers 4.26.0\n- Pytorch 1.13.0+cu117\n").framework_versions
    assert {key: each.text for key, each in kept.items()} == {"transformers": "4.26.0", "pytorch": "1.13.0+cu117"}
