"""Data sets that a list or a table enumerates behind words on training; none of a measurement or of splits."""

import time

import pytest

from cardaudit.parse import read_card

SIZES = """| Corpus | Lines(M) | Size (GB) |
|---|---|---|
| Pond News | 55.0 | 3.8 |
| [Pond Talk](https://example.com/t) (clean) | 33.5 | 11 |
| **Total** | 88.5 | 14.8 |
"""


def _datasets(body: str) -> list[str]:
    card = read_card(f"---\nlicense: mit\n---\n# Ponds\n\nAbout water.\n\n{body}\n")
    assert [card.text[slice(*each.span)] for each in card.datasets] == [each.text for each in card.datasets]
    return [each.id for each in card.datasets]


@pytest.mark.parametrize(
    "above",
    [
        "The model is trained on the following corpora (after cleaning):",
        "Our training dataset is a combination of several corpora:",
        "The training data used is shown in the table below.",
        "## Pre-training corpora\n\nBelow is the list of corpora used.\n\n### Uncased",
        "### Corpus",
    ],
)
def test_a_table_of_corpora_and_their_sizes(above: str):
    assert _datasets(f"{above}\n\n{SIZES}") == ["Pond News", "Pond Talk"]


@pytest.mark.parametrize(
    "body",
    [
        f"## Evaluation\n\n### Corpus\n\n{SIZES}",
        f"We tested the model on the following corpora after training:\n\n{SIZES}",
        f"## Sizes\n\nSome numbers.\n\n{SIZES}",
        "## Training data\n\n| Dataset | Examples | Size |\n|---|---|---|\n| Train | 90 | 1 |\n| Dev | 10 | 1 |",
        "## Training data\n\n| Dataset | Size | F1 |\n|---|---|---|\n| Pond News | 90 | 0.9 |\n| Pond Talk | 10 | 0.8 |",
        "## Training data\n\n| Dataset | Size | Pond-BERT |\n|---|---|---|\n| Pond News | 90 | 9 |\n| Pond Talk | 10 | 8 |",
    ],
)
def test_no_table_of_training_data(body: str):
    assert _datasets(body) == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (
            "The pairs for training were made from these datasets:\n- [SQuAD](https://example.com/s)\n- [PondQA](https://example.com/p)",
            ["SQuAD", "PondQA"],
        ),
        (
            "The developers used the following dataset for training:\n\n- LAION-2B (en) and subsets thereof (see below)",
            ["LAION-2B"],
        ),
        ("## Pretraining data\n\n- [BookCorpus](https://example.com/b), a collection of books\n- [English Wikipedia](https://e.org/w)",
         ["BookCorpus", "English Wikipedia"]),
        ("#### Corpus:\n\n- Pondish-Lakish Parallel Corpus (https://example.com/1)", ["Pondish-Lakish Parallel"]),
        ("## Training data\n\n- About 100 million images, with a subset of [Ponds](https://example.com/p)", []),
        ("## Training data\n\n- Ponds were measured by hand", []),
        (
            "## Training data\n\n- MSP (Modern Standard Pondish)\n  - [The Pond News](https://example.com/n)\n"
            "  - The unshuffled version of the Pondish [OSCAR corpus](https://example.com/o)",
            ["Pond News", "OSCAR corpus"],
        ),
        ("## Training data\n\nIt can be divided in 2 datasets:\n- Pondlets (all)\n- Pat's Lab (most)", ["Pondlets", "Pat's Lab"]),
        ("## Training data\n\nIt was tested on other datasets:\n- Pondlets (all)\n- Pat's Lab (most)", []),
        ("## Training data\n\nLanguage|Dataset\n-|-\nPondish | [PondNER](https://example.com/p)\nLakish | [LakeNER](https://e.org/l)",
         ["PondNER", "LakeNER"]),
        ("## Pretraining Corpus\n\nIt was pretrained on 3 million words:\n- [OSCAR](https://e.org/o) - clean", ["OSCAR"]),
        ("## Training data\n\n- English\n- French", []),
        ("We tested the trained model on the following datasets:\n- [SQuAD](https://e.org/s)\n- [PondQA](https://e.org/p)", []),
        ("You can train it on the following datasets:\n- [SQuAD](https://example.com/s)\n- [PondQA](https://example.com/p)", []),
        ("## Training data\n\nSome words.\n\n- [Pond scripts](https://example.com/s)", []),
    ],
)  # fmt: skip
def test_a_list_of_names(body: str, names: list[str]):
    assert _datasets(body) == names


def test_long_lists_take_no_time():
    begun = time.process_time()
    _datasets("trained on the following corpora:\n\n" + "- Pond Talk of the\n" * 20_000)
    assert time.process_time() - begun < 1
