"""Cells of a results table that hold several numbers: "90.9/84.1" under "F1/EM", under "MNLI-m/mm", or under "SQuAD 2.0"."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cardaudit.dialects.parts.names import REMARK, is_named
from cardaudit.dialects.parts.table_grid import Grid, Number, number_in
from cardaudit.dialects.parts.table_labels import TAG, Role, metric_of
from cardaudit.document import Cell
from cardaudit.patterns import deferred
from cardaudit.records import Result

MATCHED = deferred(r"(?P<name>MNLI)[-_ ]*\(?(?P<parts>m/mm|matched/mismatched)\)?", re.I)
BEHIND = deferred(r"\d *[*_]{0,3} ?\(([A-Za-z][\w @-]{1,20})\)\Z")
MOST_LOOKED_AT = 12
SQUAD = deferred(r"SQuAD(?![A-Za-z]).*", re.I)
STS = deferred(r"STS-?B(?:enchmark)?", re.I)


class RowMetrics(NamedTuple):
    """The metrics of a row's joined cells in order; `rest` is what else its setting says."""

    metrics: list[str]
    rest: str | None


def are_metrics(label: str) -> bool:
    """Whether a header is a row of metrics' names: "F1/EM"."""
    parts = label.split("/")
    return len(parts) > 1 and all(metric_of(part.strip()) for part in parts)


def metric_behind(text: str) -> str | None:
    """The metric that a cell names in brackets behind its number: "71.99 (accuracy)"."""
    found = BEHIND.search(text) if text.endswith(")") else None
    key = metric_of(found[1]) if found else None
    return key if key and is_named(key) else None


def results_of_cell(grid: Grid, cell: Cell, at: int, role: Role, told: Sequence[str] = ()) -> Iterator[Result]:
    """The numbers of a cell, each with the metric or the part of MNLI that the header, or else the words above, give in order.

    Under SQuAD two numbers without a name are F1 and exact match, of which F1 is never the smaller.
    """
    label = grid.columns[at].label
    numbers = list(_numbers(cell, grid.comma))
    if len(numbers) < 2:
        return
    if found := next(filter(None, map(MATCHED.search, grid.columns[at].labels)), None):
        names = [f"{found['name']}-{part}" for part in found["parts"].split("/")]
        setting = None if role.setting == found["parts"] else role.setting
        roles = [role._replace(dataset=name, setting=setting) for name in names]
    elif in_row := _metrics_of_row(role.setting):
        roles = [role._replace(metric=key, setting=in_row.rest) for key in in_row.metrics]
    else:
        keys = _metrics(label, told) or _pearson_first(grid, at) or _squad_metrics(grid, at) or _glue_metrics(grid, at)
        roles = [role._replace(metric=key, setting=None if role.setting == "P/S" else role.setting) for key in keys]
    if len(roles) != len(numbers):
        return
    for each, number in zip(roles, numbers, strict=True):
        if number and (each.metric or found):
            metric = each.metric or "score"
            yield Result(metric, number.printed, number.stderr, each.dataset, each.split, each.model, each.setting)


def _numbers(cell: Cell, comma: bool) -> Iterator[Number | None]:
    """The number of each part; None for a part without one."""
    start, whole = cell.start, cell.text
    if "<" in whole:
        whole = TAG.sub(lambda found: " " * len(found[0]), whole)
    for text in whole.split("/"):
        yield number_in(Cell(start, text), "", comma) if text else None
        start += len(text) + 1


def _metrics(label: str, told: Sequence[str]) -> Sequence[str | None]:
    """The metrics that a header names ("SQuAD 2.0 (F1/EM)"), else those told above the table."""
    named = next((found[0][1:-1] for found in REMARK.finditer(label) if "/" in found[0]), label)
    if all(map(metric_of, last := named.rpartition(" ")[2].split("/"))) and len(last) > 1:
        return list(map(metric_of, last))
    keys = [metric_of(part.strip()) for part in named.split("/")]
    return keys if len(keys) > 1 and any(keys) else told


def _metrics_of_row(setting: str | None) -> RowMetrics | None:
    """The metrics that a cell of the row names in order ("UAS/LAS", "R1/R2/RL"), and what else the setting says."""
    parts = setting.split(", ") if setting and "/" in setting else []
    for part in parts:
        keys = [metric_of(word.strip()) for word in part.split("/")]
        if len(keys) > 1 and all(keys):
            return RowMetrics([key for key in keys if key], ", ".join(each for each in parts if each != part) or None)
    return None


def _pearson_first(grid: Grid, at: int) -> Sequence[str]:
    """The correlations of STS-B, which GLUE prints in this order."""
    return ["pearson", "spearman"] if any(STS.fullmatch(label) for label in grid.columns[at].labels) else []


def _glue_metrics(grid: Grid, at: int) -> Sequence[str]:
    """F1 and accuracy: on MRPC the first is the greater, on QQP the second, in the order that the first rows agree on."""
    name = grid.columns[at].label
    if name not in ("MRPC", "QQP"):
        return []
    greater, smaller = ("f1", "accuracy") if name == "MRPC" else ("accuracy", "f1")
    pairs = _pairs(grid, at)
    if pairs and all(first > second for first, second in pairs):
        return [greater, smaller]
    return [smaller, greater] if pairs and all(first < second for first, second in pairs) else []


def _squad_metrics(grid: Grid, at: int) -> Sequence[str]:
    """F1 and exact match in the order that the column's first rows agree on."""
    if not SQUAD.fullmatch(grid.columns[at].label):
        return []
    pairs = _pairs(grid, at)
    if pairs and all(first > second for first, second in pairs):
        return ["f1", "exact_match"]
    return ["exact_match", "f1"] if pairs and all(first < second for first, second in pairs) else []


def _pairs(grid: Grid, at: int) -> list[tuple[Decimal, Decimal]]:
    """The pairs of numbers of a column's first rows."""
    rows = grid.rows[:MOST_LOOKED_AT]  # asked for each cell
    cells = [list(_numbers(row.cells[at], grid.comma)) for row in rows if at < len(row.cells) and "/" in row.cells[at].text]
    return [
        (first.printed.value, second.printed.value)
        for first, second in (each for each in cells if len(each) == 2)
        if first and second and first.printed.value is not None and second.printed.value is not None
    ]
