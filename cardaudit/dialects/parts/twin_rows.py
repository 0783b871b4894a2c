"""Rows of a results table that nothing but a column of counts tells apart: one model at 768 and at 256 dimensions."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_rows import counts_column
from cardaudit.document import Row
from cardaudit.patterns import deferred
from cardaudit.records import Result

MEASURED = deferred(
    r"support|count|rank|ranking|latency|speed|throughput|memory|v?ram|runtime|time|cost|price|fps|seconds?|ms|downloads?", re.I
)
WORD = deferred(r"[A-Za-z]+")


def told_apart(grid: Grid, found: Sequence[Result]) -> list[Result]:
    """The results, those of such rows with the count that tells them apart as part of their setting ("Dimensions 256")."""
    twins = _twins(grid, found) if len(grid.rows) > 1 else {}
    at = _telling(grid, list(twins.values())) if twins else None
    if at is None:
        return list(found)
    starts = sorted(row.line.start for row in grid.rows)
    return [_with_count(grid, each, twins.get(bisect_right(starts, each.number.span.start)), at) for each in found]


def _twins(grid: Grid, found: Sequence[Result]) -> dict[int, Row]:
    """The rows that hold a result which another row has in the same words, by their place among the rows."""
    rows = sorted(grid.rows, key=lambda row: row.line.start)
    starts = [row.line.start for row in rows]
    holding: dict[tuple[str | None, ...], set[int]] = {}
    for each in found:
        key = (each.metric, each.dataset, each.split, each.model, each.setting)
        holding.setdefault(key, set()).add(bisect_right(starts, each.number.span.start))
    return {place: rows[place - 1] for places in holding.values() if len(places) > 1 for place in places if place}


def _telling(grid: Grid, rows: Sequence[Row]) -> int | None:
    """The first column that counts something and is different in each of these rows."""
    for at in grid.numbers():
        label = grid.columns[at].label
        if not counts_column(label) or any(map(MEASURED.fullmatch, WORD.findall(label))):
            continue
        numbers = [grid.number(row, at) for row in rows]
        if len({number.printed.text for number in numbers if number}) == len(rows):
            return at
    return None


def _with_count(grid: Grid, result: Result, row: Row | None, at: int) -> Result:
    number = grid.number(row, at) if row else None
    if number is None:
        return result
    told = f"{grid.columns[at].label} {number.printed.text}"
    return replace(result, setting=f"{result.setting}, {told}" if result.setting else told)
