"""Zoos for tests: many cards out of the few of this repository, and what a store holds, whatever way it came there."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from command import CARDS

from cardaudit.zoo.export import rows_of
from cardaudit.zoo.schema import FILE, read_database

TEXTS = [path.read_text(encoding="utf-8") for path in sorted(CARDS.glob("*/card.md"))]


def write_snapshot(path: Path, count: int, **beside: Any) -> Path:
    """A JSONL snapshot of so many cards, no two alike; `beside` are further columns."""
    rows = [
        {"modelId": f"user-{number % 7}/model-{number}", "card": f"{TEXTS[number % len(TEXTS)]}\n\nCopy {number}.\n", **beside}
        for number in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, Any]:
    """All that a zoo's store says of the cards of its last run, without when it was said."""
    connection = read_database(folder / FILE)
    try:
        tables = {table: list(rows_of(connection, table)) for table in ("cards", "findings", "numbers", "verdicts")}
        checks = connection.execute(
            "SELECT name, nth, clear, unchecked, zlib, form FROM current LEFT JOIN checks ON checks.id = check_id"
            " LEFT JOIN texts ON card_id = current.id ORDER BY name, nth"
        ).fetchall()
        return {**tables, "checks": checks}
    finally:
        connection.close()


def engines(folder: Path) -> list[int]:
    """The processes that train below a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if b"cardaudit.engine" in words and any(word.startswith(str(folder).encode()) for word in words):
                found.append(int(path.parent.name))
    return found
