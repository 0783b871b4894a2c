"""A census on disk: a header line, then one line of JSON a recipe.

The header says at which byte after it a recipe and a table stand, so that a card without peers costs one line, and one with peers
two. The nouns are imported with the first recipe that is read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardaudit.errors import CardauditError

if TYPE_CHECKING:
    from cardaudit.records.census import Cell, CensusRun, Twin

SCHEMA = "cardaudit.census-runs/1"
SHIPPED = Path(__file__).parent / "shipped.jsonl"


class StoredCensus:
    """A census in a file. Raises CardauditError where it cannot be read or is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells: dict[int, Cell] = {}
        try:
            with path.open("rb") as lines:
                first = lines.readline()
            head = json.loads(first)
        except OSError as error:
            raise CardauditError(f"{path} cannot be read: {error.strerror or error}") from error
        except ValueError:
            head = None
        if not isinstance(head, dict) or head.get("schema") != SCHEMA or not {"keys", "tables"} <= set(head):
            raise CardauditError(f"{path} is no census: cardaudit census build SOURCE -o FILE writes one")
        self._body = len(first)
        self._keys: Mapping[str, int] = head.pop("keys")
        self._tables: Mapping[str, list[int]] = head.pop("tables")
        self.source: Mapping[str, Any] = head

    def cell(self, key: str) -> "Cell | None":
        """The runs of a recipe by its key."""
        return self._cell(self._keys[key]) if key in self._keys else None

    def twins(self, table: str) -> "tuple[Twin, ...]":
        """The cards with a table by its digest."""
        return tuple(twin for at in self._tables.get(table, ()) for twin in _with_table(self._cell(at), table))

    def cells(self) -> "Iterator[Cell]":
        """All recipes, in the order of the file."""
        with self._path.open("rb") as lines:
            lines.seek(self._body)
            yield from map(self._read, lines)

    def _cell(self, at: int) -> "Cell":
        if at not in self._cells:
            with self._path.open("rb") as lines:
                lines.seek(self._body + at)
                self._cells[at] = self._read(lines.readline())
        return self._cells[at]

    def _read(self, line: bytes) -> "Cell":
        try:
            return read_cell(line)
        except (ValueError, TypeError, KeyError) as error:
            raise CardauditError(f"{self._path} is damaged: cardaudit census build SOURCE -o FILE writes it anew") from error


@cache
def shipped() -> StoredCensus:
    """The census that comes with the package."""
    return StoredCensus(SHIPPED)


def census_lines(cells: "Iterable[Cell]", source: Mapping[str, Any]) -> Iterator[str]:
    """A census as the lines of its file; equal censuses make equal files."""
    ordered = sorted(cells, key=lambda cell: (-len(cell.runs), cell.recipe.words, cell.recipe.key))
    lines = [_line(cell) for cell in ordered]
    places = [0, *accumulate(len(line.encode()) for line in lines)]
    keys = {cell.recipe.key: at for at, cell in zip(places, ordered, strict=False) if cell.recipe.is_whole and len(cell.runs) > 1}
    tables: dict[str, list[int]] = {}
    for at, cell in zip(places, ordered, strict=False):
        for table in {run.table for run in cell.runs if run.table}:
            tables.setdefault(table, []).append(at)
    counts = {"recipes": sum(cell.recipe.is_whole for cell in ordered), "runs": sum(len(cell.runs) for cell in ordered)}
    yield _dumped({"schema": SCHEMA, **source, **counts, "keys": keys, "tables": dict(sorted(tables.items()))})
    yield from lines


def read_cell(line: bytes) -> "Cell":
    """One recipe's line."""
    from cardaudit.records.census import Cell, Recipe

    held = json.loads(line)
    return Cell(Recipe(*held["recipe"]), tuple(map(_unpacked, held["runs"])), held["further"])


def _with_table(cell: "Cell", table: str) -> "Iterator[Twin]":
    from cardaudit.records.census import Twin

    for run in cell.runs:
        if run.table == table:
            yield from (Twin(name, cell.recipe) for name in (run.id, *run.same))


def _line(cell: "Cell") -> str:
    runs = [_packed(run) for run in cell.runs]
    return _dumped({"key": cell.recipe.key, "recipe": list(cell.recipe), "further": cell.further, "runs": runs})


def _packed(run: "CensusRun") -> list[Any]:
    curve = [list(row) for row in run.curve]
    numbers = [run.release, run.steps_per_epoch, run.steps, dict(run.headline), dict(run.denominators), run.curve_metric, curve]
    return [run.id, *numbers, run.table, list(run.same)]


def _unpacked(held: list[Any]) -> "CensusRun":
    from cardaudit.records.census import CensusRun

    name, release, per_epoch, steps, headline, denominators, metric, curve, table, same = held
    rows = tuple((epoch, loss, value) for epoch, loss, value in curve)
    return CensusRun(name, release, per_epoch, steps, headline, denominators, metric, rows, table, tuple(same))


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
