"""Tables whose corner tells what was measured, over columns of languages: "XNLI (Accuracy) | en | hi | Average"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from cardaudit.dialects.parts.joined_cells import results_of_cell
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.table_grid import Grid
from cardaudit.dialects.parts.table_headers import MODEL
from cardaudit.dialects.parts.table_labels import Role, bare, is_benchmark, is_task, metric_of, read_label
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import Result

CORNER = deferred(r"(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2}) \((?P<metrics>[A-Za-z][\w@ -]*(?:/[A-Za-z][\w@ -]*)?)\)")
AVERAGED = deferred(r"(?:avg|average|mean)\.? (?=\w)", re.I)
ROWS = deferred(r" (?:sub-?sets?|languages?|models?|systems?|results?|classes|labels?)\Z", re.I)
SET_LIKE = deferred(r"[A-Z]{4}|[A-Z][a-z]+[A-Z]|[A-Za-z]{2}\d")
PROGRAMMING = frozenset(("python", "java", "go", "php", "ruby", "javascript", "c", "c++", "c#", "rust", "typescript", "kotlin"))
MEANS = frozenset(("average", "avg", "avg.", "mean", "all"))
FEWEST = 2


def read_corner(grid: Grid) -> Iterator[Result] | None:
    """The results of such a table; None where the corner is no data set with its metric, or a column is no language."""
    if (averaged := _averaged_over_languages(grid)) is not None:
        return _under_average(grid, *averaged)
    label = grid.columns[0].label
    found = CORNER.fullmatch(label) if label.endswith(")") else None
    columns = grid.numbers()
    if found is None or grid.words() != [0] or len(columns) < FEWEST:
        return None
    if not (is_benchmark(found["name"]) or SET_LIKE.search(found["name"])) or is_model(found["name"]):
        return None
    keys = [metric_of(each.strip()) for each in found["metrics"].split("/")]
    names = [grid.columns[at].label.lower() for at in columns]
    if None in keys or not all(is_language(name) or name in MEANS for name in names) or names[0] in MEANS:
        return None
    return _results(grid, found["name"], [str(key) for key in keys])


def _averaged_over_languages(grid: Grid) -> tuple[int, str] | None:
    """The column "Avg MRR@10" and its metric, where models are rows and every other column of numbers is a language."""
    columns, names = grid.numbers(), grid.words()
    averaged = [at for at in columns if AVERAGED.match(grid.columns[at].label)]
    if len(averaged) != 1 or len(columns) < FEWEST + 1 or not names or names[0] != 0:
        return None
    if MODEL.fullmatch(grid.columns[0].label) is None or any(grid.columns[at].label for at in names[1:]):
        return None
    if not all(is_language(grid.columns[at].label) for at in columns if at != averaged[0]):
        return None
    key = metric_of(AVERAGED.sub("", grid.columns[averaged[0]].label))
    return (averaged[0], key) if key else None


def _under_average(grid: Grid, averaged: int, key: str) -> Iterator[Result]:
    """Each language's number is in the metric that is averaged; the average itself keeps its name."""
    for row in grid.rows:
        model = bare(row.cells[0].text) if row.cells else ""
        for at in grid.numbers() if model else ():
            if number := grid.number(row, at):
                label = grid.columns[at].label
                metric, setting = (metric_of(label) or key, None) if at == averaged else (key, label)
                yield Result(metric, number.printed, number.stderr, model=model, setting=setting)


def placed_by_corner(grid: Grid, found: list[Result]) -> list[Result]:
    """Results that no label places, with the benchmark that the header of their rows' names is: "NQ (Test)", "XNLI subsets"."""
    label = grid.columns[0].label if found and 0 in grid.words() else ""
    if not label or any(each.dataset for each in found) or not is_benchmark(label) or is_model(label):
        return found
    said = read_label(ROWS.sub("", label))
    if not said.dataset or is_task(said.dataset) or AVERAGES.fullmatch(said.dataset):
        return found
    return [replace(each, dataset=said.dataset, split=each.split or said.split) for each in found]


def _results(grid: Grid, dataset: str, keys: list[str]) -> Iterator[Result]:
    for row in grid.rows:
        model = row.cells[0].text.strip("*_` ") if row.cells else ""
        for at in grid.numbers() if model else ():
            role = Role(dataset=dataset, model=model, setting=grid.columns[at].label)
            number = grid.number(row, at)
            if number and len(keys) == 1:
                yield Result(keys[0], number.printed, number.stderr, dataset, None, model, role.setting)
            elif at < len(row.cells) and len(keys) > 1:
                yield from results_of_cell(grid, row.cells[at], at, role, keys)


def is_language(name: str) -> bool:
    """Whether a name is a language or its code, in whatever script ("Hindi", "hi_tr"), or a programming language."""
    name = name.lower()
    return name in _languages() or name in PROGRAMMING or (name.endswith("_tr") and name[:-3] in _languages())


@cache
def _languages() -> frozenset[str]:
    facts = load("languages")
    return frozenset((*facts["codes"], *facts["names"]))
