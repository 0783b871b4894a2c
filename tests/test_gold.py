"""The reader against what people read on real cards: tests/gold/README.md says how the records were made."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gold_cards import CORPUS, golds, written
from gold_scoring import score
from gold_words import choices

FIELDS = {"file", "sha256", "split", "stratum", "stated", "not_stated", "not_results"}
STATED = {
    "base_model", "task", "datasets", "license", "languages", "hyperparameters", "optimizer", "headline", "epochs", "model_index",
    "results", "results_count", "framework_versions", "line_of", "optional",
}  # fmt: skip
RIGHT = {"dev": 0.99, "heldout": 0.95}
WRONG = 0.003
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="shared/corpus, which holds the cards' texts, is not beside the checkout"),
]


@pytest.mark.parametrize("gold", golds(), ids=lambda gold: gold["file"])
def test_gold_says_only_what_its_card_prints(gold: dict[str, Any]) -> None:
    card = written(gold)
    odd = zlib.crc32((gold["file"].partition("#")[2] or Path(gold["file"]).name).encode()) % 2
    assert set(gold) == FIELDS
    assert set(gold["stated"]) <= STATED
    assert gold["split"] == "dev" or odd
    assert hashlib.sha256(card).hexdigest() == gold["sha256"]
    assert [text for text in _texts(gold) if text not in _unmarked(card)] == []
    lines = _unmarked(card).split("\n")
    assert [(line, text) for line, text in _placed(gold) if text not in lines[line - 1]] == []


def test_gold_covers_every_dialect() -> None:
    splits = Counter(gold["split"] for gold in golds())
    assert splits["dev"] >= 128
    assert splits["heldout"] >= 34
    assert len({gold["stratum"] for gold in golds()}) >= 25


@pytest.mark.parametrize("split", sorted({gold["split"] for gold in golds()}))
def test_reader_agrees_with_the_gold(split: str) -> None:
    counts = Counter(mark.outcome for gold in golds(split) for mark in score(gold))
    fields = counts.total()
    reached = f"{split}: {fields} fields, {counts['right'] / fields:.2%} right, {counts['wrong'] / fields:.2%} wrong"
    assert counts["right"] / fields >= RIGHT[split], reached
    assert counts["wrong"] / fields < WRONG, reached


def _texts(gold: dict[str, Any]) -> Iterator[str]:
    """Every value that the record calls printed. Of several readings that are all right, one must be printed."""
    stated = gold["stated"]
    optimizer = stated.get("optimizer", {})
    yield from optimizer.get("betas", [])
    yield from [optimizer["epsilon"]] if "epsilon" in optimizer else []
    yield from gold["not_results"]
    yield from (choices(name)[0] for name in stated.get("datasets", []))
    yield from (choices(name)[0] for name in stated.get("languages", []))
    for section in ("hyperparameters", "headline", "framework_versions"):
        yield from (choices(text)[0] for text in stated.get(section, {}).values() if not _spoken(choices(text)[0]))
    yield from (choices(stated[key])[0] for key in ("base_model", "license") if key in stated)
    yield from (choices(entry["text"])[0] for entry in stated.get("model_index", []))


def _spoken(text: str) -> bool:
    """A word such as "linear", which a sentence may begin with a capital."""
    return text.isalpha()


def _placed(gold: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Texts with the line that they stand on."""
    for entry in gold["stated"].get("results", []):
        yield entry["line"], entry["text"]
        yield from [(entry["line"], entry["stderr"])] if "stderr" in entry else []
    for row in gold["stated"].get("epochs", {}).get("rows", []):
        yield from ((row["line"], cell) for column, cell in zip(*_pair(gold, row), strict=True) if column != "_" and cell)


def _pair(gold: dict[str, Any], row: dict[str, Any]) -> tuple[list[str], list[str]]:
    return gold["stated"]["epochs"]["columns"], row["cells"]


def _unmarked(card: bytes) -> str:
    text = card.decode("utf-8-sig").replace("\r\n", "\n")
    return text.replace("**", "").replace("`", "")
