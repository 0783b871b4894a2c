"""Whether a gold record says only what its card prints, and on the lines that it gives."""

import hashlib
from collections.abc import Iterator
from typing import Any

from gold_cards import written
from gold_words import choices

FIELDS = {"file", "sha256", "split", "stratum", "stated", "not_stated", "not_results"}
STATED = {
    "base_model", "task", "datasets", "license", "languages", "hyperparameters", "optimizer", "headline", "epochs", "model_index",
    "results", "results_count", "framework_versions", "line_of", "optional",
}  # fmt: skip


def demand_printed(gold: dict[str, Any]) -> None:
    """Asserts the record's form, that it is of this very text, and that each of its values is printed where it says."""
    card = written(gold)
    assert set(gold) == FIELDS
    assert set(gold["stated"]) <= STATED
    assert hashlib.sha256(card).hexdigest() == gold["sha256"]
    assert [text for text in _texts(gold) if text not in _unmarked(card)] == []
    lines = _unmarked(card).split("\n")
    assert [(line, text) for line, text in _placed(gold) if text not in lines[line - 1]] == []


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
        yield from [(entry["line"], choices(entry["stderr"])[0])] if "stderr" in entry else []
    for row in gold["stated"].get("epochs", {}).get("rows", []):
        yield from ((row["line"], cell) for column, cell in zip(*_pair(gold, row), strict=True) if column != "_" and cell)


def _pair(gold: dict[str, Any], row: dict[str, Any]) -> tuple[list[str], list[str]]:
    return gold["stated"]["epochs"]["columns"], row["cells"]


def _unmarked(card: bytes) -> str:
    text = card.decode("utf-8-sig").replace("\r\n", "\n")
    return text.replace("**", "").replace("`", "")
