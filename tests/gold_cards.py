"""The gold records, and the cards that they are of: real ones, whose texts lie in the corpus beside the checkout, and ones that
we wrote ourselves in the layouts of 2023 to 2026, whose texts lie beside their records.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

GOLD = Path(__file__).resolve().parent / "gold"
TODAY = Path(__file__).resolve().parent / "gold_today"
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SNAPSHOT = "cards.parquet"


def golds(split: str | None = None, folder: Path = GOLD) -> list[dict[str, Any]]:
    """The gold records of a split ("dev", "heldout"), or all, in the order of their names."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [gold for gold in found if split in (None, gold["split"])]


def written(gold: Mapping[str, Any]) -> bytes:
    """The card's text: beside its record, or in the corpus as a file of its own or `cards.parquet#<hub id>`."""
    if (ours := TODAY / gold["file"]).is_file():
        return ours.read_bytes()
    file, _, hub_id = gold["file"].partition("#")
    return _snapshot()[hub_id].encode() if hub_id else (CORPUS / file).read_bytes()


@cache
def _snapshot() -> dict[str, str]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(CORPUS / SNAPSHOT, columns=["hub_id", "card"])
    return dict(zip(table["hub_id"].to_pylist(), table["card"].to_pylist(), strict=True))
