"""What `--explain` says of the calibration's cards, kept card by card, so that every call adds to what is known.

explained.jsonl in the calibration's folder: recipe, kind, card, a digest of the card's text, the recipes named, the seconds.
"""

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from calibration_recipes import Recipe, engine, stated_settings

from cardaudit.codec import digest
from cardaudit.errors import CardauditError
from cardaudit.explain import explain, named
from cardaudit.parse import read_card
from cardaudit.records import Plan

Key = tuple[str, str, str]
BUDGET = 3600.0


class Known:
    """What was found so far; `find` adds to it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "explained.jsonl"
        self._named: dict[Key, tuple[str, ...]] = dict(_read(self._path))

    def get(self, recipe: Recipe, kind: str, text: str) -> tuple[str, ...] | None:
        """The recipes named for a card; None where it was not asked."""
        return self._named.get(_key(recipe, kind, text))

    def find(self, recipe: Recipe, own: Path, kind: str, card: int, text: str, plan: Plan) -> bool:
        """Explains a card whose stated recipe's runs are those of `plan`, and keeps the answer. Whether there is one."""
        began = time.monotonic()
        try:
            rung = explain(read_card(text), plan, stated_settings(recipe, own), own, BUDGET, engine=engine)
        except CardauditError as error:
            print(f"{recipe.name}, {kind} {card}: {error}", file=sys.stderr)
            return False
        key = _key(recipe, kind, text)
        self._named[key] = named(rung)
        line = {"recipe": key[0], "kind": key[1], "card": card, "digest": key[2], "named": self._named[key]}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, "seconds": round(time.monotonic() - began, 1)}) + "\n")
        return True


def _key(recipe: Recipe, kind: str, text: str) -> Key:
    return recipe.name, kind, digest({"text": text})


def _read(path: Path) -> Iterator[tuple[Key, tuple[str, ...]]]:
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines() if path.is_file() else ()
    for line in lines:
        told: Mapping[str, str] = json.loads(line)
        yield (told["recipe"], told["kind"], told["digest"]), tuple(told["named"])
