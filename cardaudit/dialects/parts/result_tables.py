"""Evaluation tables: metrics as columns, metrics as rows, and the long form of evaluation harnesses."""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.names import is_metric, metric_key
from cardaudit.dialects.parts.numbers import read_value, stderr_after
from cardaudit.document import Cell, Row, Table
from cardaudit.records import Printed, Result

MODEL = re.compile(r"models?|checkpoints?|systems?|methods?|architectures?|model[ _-]?(?:name|id)", re.I)
DATASET = re.compile(r"data ?-?sets?|tasks?|benchmarks?|corpus|corpora|test ?-?sets?|testsets?", re.I)
SPLIT = re.compile(r"splits?|subsets?|sets?|partitions?", re.I)
METRIC = re.compile(r"metrics?|measures?|scores?|eval(?:uation)? metrics?", re.I)
VALUE = re.compile(r"values?|scores?|results?|%|performance", re.I)
STDERR = re.compile(r"std ?-?_?err(?:or)?", re.I)
SPLIT_NAME = re.compile(r"(?:test|dev|eval|valid(?:ation)?|train(?:ing)?)(?:[ _-]set)?", re.I)
MARKS = "*_` ↑↓⬆⬇"


def read_results(table: Table) -> tuple[Result, ...]:
    """Every number of an evaluation table with its metric; nothing where no column and no row is a metric."""
    labels = [_bare(cell) for cell in table.header.cells]
    metric_at, value_at = _first(labels, METRIC), _first(labels, VALUE)
    if metric_at is not None and value_at is not None and value_at > metric_at:
        return tuple(_long(table, labels, metric_at, value_at))
    keys = [metric_key(label) if label else "" for label in labels]
    columns = [at for at, key in enumerate(keys) if at > 0 and is_metric(key)]
    if columns:
        return tuple(_metrics_as_columns(table, labels, keys, columns))
    if sum(is_metric(metric_key(_bare(row.cells[0]))) for row in table.rows) * 2 > len(table.rows) > 0:
        return tuple(_metrics_as_rows(table, labels))
    return ()


def is_long(table: Table) -> bool:
    """Whether a table gives standard errors in a column of their own, so that no number of a row is left over."""
    return _first([_bare(cell) for cell in table.header.cells], STDERR) is not None


def _long(table: Table, labels: Sequence[str], metric_at: int, value_at: int) -> Iterator[Result]:
    """A metric's name in one column and its value in another (lm-evaluation-harness, lighteval)."""
    dataset_at, stderr_at = _first(labels, DATASET), _first(labels, STDERR)
    task = None
    for row in table.rows:
        task = _text(row, dataset_at) or task
        name = _text(row, metric_at)
        number = _number(row, value_at, name or "")
        if name and number and not row.cells[metric_at].text[:1].isdigit():
            yield Result(metric_key(name), number, _text(row, stderr_at) or stderr_after(row.cells[value_at].text), task)


def _metrics_as_columns(table: Table, labels: Sequence[str], keys: Sequence[str], columns: Sequence[int]) -> Iterator[Result]:
    model_at, dataset_at, split_at = (_first(labels, kind) for kind in (MODEL, DATASET, SPLIT))
    for row in table.rows:
        model, dataset, split = _text(row, model_at), _text(row, dataset_at), _text(row, split_at)
        if model_at is None and dataset_at is None and row.cells and not read_value(row.cells[0].text, 0, whole=True):
            first = _bare(row.cells[0]) or None
            model, split = (None, first) if first and SPLIT_NAME.fullmatch(first) else (model, split)
            dataset = first if split is None else dataset
        for at in columns:
            number = _number(row, at, labels[at])
            if number:
                yield Result(keys[at], number, stderr_after(row.cells[at].text), dataset, split, model)


def _metrics_as_rows(table: Table, labels: Sequence[str]) -> Iterator[Result]:
    for row in table.rows:
        name = _bare(row.cells[0])
        key = metric_key(name)
        if not is_metric(key):
            continue
        for at in range(1, min(len(row.cells), len(labels))):
            number = _number(row, at, name)
            if number:
                heading = labels[at]
                split = heading if SPLIT_NAME.fullmatch(heading) else None
                model = None if split or VALUE.fullmatch(heading) or not heading else heading
                yield Result(key, number, stderr_after(row.cells[at].text), None, split, model)


def _first(labels: Sequence[str], kind: re.Pattern[str]) -> int | None:
    return next((at for at, label in enumerate(labels) if kind.fullmatch(label)), None)


def _text(row: Row, at: int | None) -> str | None:
    return (_bare(row.cells[at]) or None) if at is not None and at < len(row.cells) else None


def _number(row: Row, at: int, label: str) -> Printed | None:
    if at >= len(row.cells):
        return None
    return read_value(row.cells[at].text, row.cells[at].start, label, whole=True)


def _bare(cell: Cell) -> str:
    return cell.text.replace("<br>", " ").replace("<br/>", " ").strip(MARKS)
