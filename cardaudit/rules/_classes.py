"""Scores by class with their supports, and the averages printed beside them. Not a rule."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cardaudit.records import Card, Printed, Span
from cardaudit.rules._columns import integer, is_number
from cardaudit.rules._groups import groups
from cardaudit.rules._remembered import remembered

SCORES = ("precision", "recall", "f1")
STATED = frozenset((*SCORES, "support", "number"))
LABEL = "label "
TABLE = "the table down to"
OVERALL = ("overall", "micro", "micro_avg")
AVERAGES = frozenset(
    (
        *OVERALL,
        "macro",
        "macro_avg",
        "weighted",
        "weighted_avg",
        "samples",
        "samples_avg",
        "weighted_macro",
        "mean",
        "average",
        "avg",
    )
)
BY_AUTHORS = {
    "micro_average": "micro_avg",
    "macro_average": "macro_avg",
    "weighted_average": "weighted_avg",
    "samples_average": "samples_avg",
    "avg_total": "average",
    "average_total": "average",
}
AGGREGATING = frozenset(("micro", "macro", "weighted", "unweighted", "samples", "avg", "average", "averaged", "mean", "overall"))
PERHAPS_ALL = frozenset(("all", "total", "sum"))


class Class(NamedTuple):
    """One class: its scores, and how many gold examples or spans it has (None: not printed)."""

    name: str
    scores: Mapping[str, Printed]
    support: int | None


class Report(NamedTuple):
    """The classes of one evaluation; `averages` by name ("macro_avg"), each with its scores."""

    where: str
    classes: tuple[Class, ...]
    averages: Mapping[str, Mapping[str, Printed]]
    accuracy: Printed | None


@remembered
def reports(card: Card) -> tuple[Report, ...]:
    """Every evaluation that prints scores of two classes or more, under names such as `b_loc_f1` or as rows of one table."""
    return (*_in_names(card), *(_tables(card) if card.results else ()))


def spans_of_averages(card: Card) -> frozenset[Span]:
    """Where the numbers of rows stand that sum classes up ("macro avg", "Mean", "Total")."""
    return frozenset(result.number.span for result in card.results if result.setting and _is_average(result.setting))


def _is_average(setting: str) -> bool:
    words = set(re.findall(r"[^\W_]+", setting.removeprefix(LABEL).lower()))
    return bool(words) and (words <= PERHAPS_ALL or not words.isdisjoint(AGGREGATING))


def _in_names(card: Card) -> Iterator[Report]:
    """Names such as `b_loc_f1`."""
    for where, numbers in groups(card):
        named: dict[str, dict[str, Printed]] = {}
        for key, number in numbers.items():
            name, _, score = key.rpartition("_")
            if name and score in STATED and is_number(number):
                named.setdefault(name, {})[score] = number
        if len(named) > 1:
            yield from _report(where, named, numbers.get("accuracy") or numbers.get("overall_accuracy"))


def _tables(card: Card) -> Iterator[Report]:
    """Tables whose rows are classes and averages ("label B-PER", "macro avg"): neighbouring lines of one evaluation."""
    tables: dict[tuple[str | None, ...], list[tuple[int, dict[str, dict[str, Printed]]]]] = {}
    for result in card.results:
        name = _row_name(result.setting or "")
        if not name or result.metric not in (*SCORES, "support", "number", "accuracy") or not is_number(result.number):
            continue
        line = card.line(result.number.span)
        of_context = tables.setdefault((result.dataset, result.split, result.model), [])
        named = of_context.pop()[1] if of_context and line - of_context[-1][0] <= 1 else {}
        named.setdefault(name, {}).setdefault(result.metric, result.number)
        of_context.append((line, named))
    for line, named in (table for of_context in tables.values() for table in of_context):
        accuracy = named.pop("accuracy", {})
        if len(named) > 1:
            yield from _report(f"{TABLE} line {line}", named, next(iter(accuracy.values()), None))


def _report(where: str, named: Mapping[str, Mapping[str, Printed]], accuracy: Printed | None) -> Iterator[Report]:
    classes = tuple(
        Class(name, {score: scores[score] for score in SCORES if score in scores}, _support(scores))
        for name, scores in named.items()
        if name not in AVERAGES
    )
    averages = {name: scores for name, scores in named.items() if name in AVERAGES}
    total = sum(each.support or 0 for each in classes)
    alone = tuple(each for each in classes if not _may_sum_up(each, total))
    if len(alone) > 1:
        yield Report(where, alone, averages if alone == classes else {}, accuracy)


def _may_sum_up(each: Class, total: int) -> bool:
    """Whether a row may be one of all classes together: by its name, or because its support is that of all others."""
    if bool(each.support) and 2 * (each.support or 0) == total:
        return True
    return _is_average(each.name)


def _support(scores: Mapping[str, Printed]) -> int | None:
    number = scores.get("support") or scores.get("number")
    if number is not None and number.value == 0:
        return 0
    return integer(number)


def _row_name(setting: str) -> str:
    """An average's or the accuracy's name as a key, a class's name as it stands (some are a mere comma); "" for any other row."""
    name = setting.removeprefix(LABEL)
    words = "_".join(re.findall(r"[^\W_]+", name.lower()))
    words = BY_AUTHORS.get(words, words)
    if words in AVERAGES or words == "accuracy":
        return words
    return name if setting.startswith(LABEL) else ""
