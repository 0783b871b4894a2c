"""A census on disk: a header line, then one line of JSON a recipe.

The header says on which line a recipe and a table stand, so that a card without peers costs one line; the rest is read when a
card has some, and only the lines of its recipe are parsed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.records.census import Cell, CensusRun, Recipe, Twin

SCHEMA = "cardaudit.census-runs/1"
SHIPPED = Path(__file__).parent / "shipped.jsonl"


class StoredCensus:
    """A census in a file. Raises CardauditError where it cannot be read or is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[str] = []
        self._cells: dict[int, Cell] = {}
        try:
            with path.open(encoding="utf-8") as lines:
                head = json.loads(lines.readline())
        except OSError as error:
            raise CardauditError(f"{path} cannot be read: {error.strerror or error}") from error
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("schema") != SCHEMA:
            raise CardauditError(f"{path} is no census: cardaudit census build SOURCE -o FILE writes one")
        self._keys: Mapping[str, int] = head.pop("keys")
        self._tables: Mapping[str, list[int]] = head.pop("tables")
        self.source: Mapping[str, Any] = head

    def cell(self, key: str) -> Cell | None:
        """The runs of a recipe by its key."""
        return self._cell(self._keys[key]) if key in self._keys else None

    def twins(self, table: str) -> tuple[Twin, ...]:
        """The cards with a table by its digest."""
        found = []
        for cell in map(self._cell, self._tables.get(table, ())):
            for run in cell.runs:
                if run.table == table:
                    found += [Twin(name, cell.recipe) for name in (run.id, *run.same)]
        return tuple(found)

    def cells(self) -> Iterator[Cell]:
        """All recipes, in the order of the file."""
        yield from map(read_cell, self._body()[1:])

    def _cell(self, line: int) -> Cell:
        if line not in self._cells:
            self._cells[line] = read_cell(self._body()[line])
        return self._cells[line]

    def _body(self) -> list[str]:
        self._lines = self._lines or self._path.read_text(encoding="utf-8").split("\n")[:-1]
        return self._lines


@cache
def shipped() -> StoredCensus:
    """The census that comes with the package."""
    return StoredCensus(SHIPPED)


def census_lines(cells: Iterable[Cell], source: Mapping[str, Any]) -> Iterator[str]:
    """A census as the lines of its file; equal censuses make equal files."""
    ordered = sorted(cells, key=lambda cell: (-len(cell.runs), cell.recipe.words, cell.recipe.key))
    keys = {cell.recipe.key: at for at, cell in enumerate(ordered, 1) if cell.recipe.is_whole and len(cell.runs) > 1}
    tables: dict[str, list[int]] = {}
    for at, cell in enumerate(ordered, 1):
        for table in {run.table for run in cell.runs if run.table}:
            tables.setdefault(table, []).append(at)
    counts = {"recipes": sum(cell.recipe.is_whole for cell in ordered), "runs": sum(len(cell.runs) for cell in ordered)}
    yield _dumped({"schema": SCHEMA, **source, **counts, "keys": keys, "tables": dict(sorted(tables.items()))})
    for cell in ordered:
        runs = [_packed(run) for run in cell.runs]
        recipe = [getattr(cell.recipe, name) for name in Recipe.__slots__]
        yield _dumped({"key": cell.recipe.key, "recipe": recipe, "further": cell.further, "runs": runs})


def read_cell(line: str) -> Cell:
    """One recipe's line."""
    held = json.loads(line)
    return Cell(Recipe(*held["recipe"]), tuple(map(_unpacked, held["runs"])), held["further"])


def _packed(run: CensusRun) -> list[Any]:
    curve = [list(row) for row in run.curve]
    numbers = [run.release, run.steps_per_epoch, run.steps, dict(run.headline), dict(run.denominators), run.curve_metric, curve]
    return [run.id, *numbers, run.table, list(run.same)]


def _unpacked(held: list[Any]) -> CensusRun:
    name, release, per_epoch, steps, headline, denominators, metric, curve, table, same = held
    rows = tuple((epoch, loss, value) for epoch, loss, value in curve)
    return CensusRun(name, release, per_epoch, steps, headline, denominators, metric, rows, table, tuple(same))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
