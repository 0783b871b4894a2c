"""What wrote a card, and the releases between which its text is possible (facts/generator.json)."""

import os
from pathlib import Path

import pytest

from cardaudit.facts.releases import is_outside
from cardaudit.parse import read_card

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus" / "cards.parquet"
FRONT = """---
license: mit
tags:
- generated_from_trainer
model-index:
- name: m
  results: []
---
"""
COMMENT = """
<!-- This model card has been generated automatically according to the information the Trainer had access to. You
should probably proofread and complete it, then remove this comment. -->

# m

"""
ADAM = "- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08"
FUSED = "- optimizer: Use adamw_torch_fused with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=None"


def trainer(*settings, rows=(), front=FRONT, version="4.20.1"):
    lines = ["The following hyperparameters were used during training:", "- train_batch_size: 8", *settings]
    table = ["", "| Training Loss | Epoch | Step | Validation Loss |", "|:---:|:---:|:---:|:---:|", *rows] if rows else []
    return front + COMMENT + "\n".join([*lines, *table, "", "### Framework versions", "", f"- Transformers {version}", ""])


def written(text):
    generator = read_card(text).generator
    return generator and (generator.name, generator.declared and generator.declared.text, generator.earliest, generator.latest)


def test_a_trainer_card_betrays_the_releases_that_write_it():
    generator = read_card(trainer(ADAM, rows=["| 0.794 | 0.07 | 500 | 0.4 |", "| 0.5432 | 0.14 | 1000 | 0.3 |"])).generator
    assert (generator.name, generator.declared.text) == ("transformers.Trainer", "4.20.1")
    assert (generator.earliest, generator.latest) == ("4.11", "4.39")
    assert generator.because == (
        "the model index has an empty list of results (since 4.11)",
        "epochs with two decimals that no number of steps gives exactly (to 4.39)",
    )


NO_INDEX = "---\ntags:\n- generated_from_trainer\n---\n"
LOSSES = ("| 0.794 | 1.0 | 10 | 0.4 |", "| 0.61 | 2.0 | 20 | 0.4 |", "| 0.5123 | 3.0 | 30 | 0.4 |")


def also(keys):
    return NO_INDEX.replace("tags", f"{keys}\ntags")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        (trainer(ADAM, front=""), None, "4.45"),
        (trainer("- optimizer: Adafactor", front=""), None, "4.45"),
        (trainer(FUSED, front=""), "4.46", None),
        (trainer(FUSED, "- lr_scheduler_warmup_ratio: 0.1", front=""), "4.46", "4.57"),
        (trainer(FUSED, "- mixed_precision_training: Apex, opt level O1", front=""), "4.46", "4.57"),
        (trainer(FUSED.replace("adamw_torch_fused", "adamw_hf"), front=""), "4.46", "4.49"),
        (trainer(FUSED.replace("adamw_torch_fused", "OptimizerNames.STABLE_ADAMW"), front=""), "4.54", None),
        (trainer("- lr_scheduler_type: warmup_stable_decay", front=""), "4.41", None),
        (trainer("- lr_scheduler_type: linear", front=""), None, None),
        (trainer(front=NO_INDEX), "4.8", None),
        (trainer(front="---\ntags:\n- x\nmodel_index:\n- name: m\n---\n"), "4.7", "4.9"),
        (trainer(front=FRONT.replace("  results: []\n", "").replace("- name", "  name")), "4.10", "4.13"),
        (trainer(front=also("datasets:\n- null")), "4.8", "4.10"),
        (trainer(front=also("license: mit\nbase_model: a/b")), "4.31", None),
        (trainer(front=also("library_name: transformers\nlicense: mit\nbase_model: a/b")), "4.44", None),
        (trainer(FUSED, rows=["| 0.7940 | 1.0 | 10 | 0.4 |", "| 0.6110 | 2.0 | 20 | 0.4 |"], front=""), "5.0", None),
        (trainer(FUSED, rows=LOSSES, front=""), "4.46", "4.57"),
        (trainer(rows=["| No log | 0.0711 | 10 | 0.4 |"], front=""), "4.40", None),
    ],
)  # fmt: skip
def test_each_feature_bounds_the_range(text, earliest, latest):
    assert written(text) == ("transformers.Trainer", "4.20.1", earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        trainer(front="---\ntags:\n- x\nmodel-index:\n- name: m\nbase_model: a/b\n---\n"),
        trainer(front="---\nbase_model: a/b\nlicense: mit\ntags:\n- x\n---\n"),
        trainer(front="---\ntags:\n- x\nlibrary_name: transformers\n---\n"),
        trainer(rows=["| 0.5 | 0.5 | 50 | 0.4 |", "| 0.25 | 1.0 | 100 | 0.3 |", "| 0.125 | 1.5 | 151 | 0.3 |"], front=""),
        trainer("- gradient_accumulation_steps: 8", rows=["| No log | 0.96 | 12 | 0.4 |"], front=""),
        trainer(rows=["| 0.7940 | 1.0 | 10 | 0.4 |", "| 0.5113 | 2.0 | 20 | 0.4 |"], front=""),
        trainer(rows=["| 0.79 | 1.0 | 10 | 0.4 |", "| 0.51 | 2.0 | 20 | 0.4 |"], front=""),
        trainer("- lr_scheduler_warmup_steps: 0.1", front=""),
    ],
)
def test_what_an_author_or_a_tool_may_have_put_in_bounds_nothing(text):
    assert written(text) == ("transformers.Trainer", "4.20.1", None, None)


def test_features_of_releases_that_do_not_meet_give_no_range_and_are_named():
    generator = read_card(trainer(ADAM, FUSED.replace("- ", "- second "), front="")).generator
    assert (generator.earliest, generator.latest) == (None, None)
    assert generator.because == (
        'the optimizer is "Adam with betas" (to 4.45)',
        "the optimizer line says its optimizer_args (since 4.46)",
    )


@pytest.mark.parametrize(
    ("text", "generator"),
    [
        ("---\ntags:\n- generated_from_keras_callback\n---\n# m\n\n- Transformers 4.20.1\n",
         ("transformers.Keras callback", "4.20.1", "4.14", "4.57")),
        ("---\ntags:\n- generated_from_trainer\n- trl\n---\n# m\n\nIt has been trained using [TRL](https://x).\n\n- TRL: 0.12.0\n"
         "- Transformers: 4.46.3\n", ("trl", "0.12.0", None, None)),
        ("# m\n\nThis is a [sentence-transformers](https://www.SBERT.net) model: it maps sentences to vectors.\n",
         ("sentence-transformers", None, None, None)),
        ("# m\n\nThis is a [SetFit](https://github.com/huggingface/setfit) model for texts.\n\n- SetFit: 1.0.3\n",
         ("setfit", "1.0.3", None, None)),
        ("# Model Trained Using AutoTrain\n\n- Loss: 0.5\n", ("autotrain", None, None, None)),
        ("| Feature | Description |\n| --- | --- |\n| **spaCy** | `>=3.1.1,<3.2.0` |\n", ("spacy", ">=3.1.1,<3.2.0", None, None)),
        ("---\nlibrary_name: peft\n---\n# m\n\n- PEFT 0.7.1\n", ("peft", "0.7.1", None, None)),
        ("# Mine\n\nA model for texts with accuracy 0.91, trained with Transformers 4.20.1.\n", None),
    ],
)  # fmt: skip
def test_the_library_that_wrote_a_card(text, generator):
    assert written(text) == generator


@pytest.mark.parametrize(
    ("printed", "earliest", "latest", "outside"),
    [
        ("4.20.1", "4.11", "4.45", False),
        ("4.10.3", "4.11", None, True),
        ("4.46.0", None, "4.45", True),
        ("4.46.0.dev0", None, "4.45", False),
        ("4.47.0.dev0", None, "4.45", True),
        ("4.11.0.dev0", "4.11", None, False),
        ("5.0.0rc1", None, "4.57", False),
        ("5.0.0", None, "4.57", True),
        ("4.9.2", "4.10", None, True),
        ("main", "4.10", None, False),
        ("3.5.0", None, None, False),
    ],
)
def test_whether_a_printed_version_lies_outside_a_range(printed, earliest, latest, outside):
    assert is_outside(printed, earliest, latest) is outside


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_file(), reason="the project's research material does not lie beside the checkout")
def test_real_cards_declare_a_version_in_their_range():
    """Of 4,170 cards with a range, one declares a version outside of it: its author put in versions by hand."""
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = parquet.read_table(CORPUS, columns=["card"]).to_pydict()["card"]
    texts = [text for text in texts if text and "generated_from_" in text]
    stride = 1 if os.environ.get("CARDAUDIT_FULL_CORPUS") == "1" else 10
    generators = [read_card(text).generator for text in texts[::stride]]
    declared = [each for each in generators if each and each.declared and (each.earliest or each.latest)]
    assert len(declared) > 0.9 * len(generators)
    outside = [each.because for each in declared if is_outside(each.declared.text, each.earliest, each.latest)]
    assert 1000 * len(outside) <= max(1000, len(declared)), outside
