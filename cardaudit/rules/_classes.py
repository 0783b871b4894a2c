"""Scores by class with their supports, and the averages printed beside them. Not a rule."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cardaudit.records import Card, Printed
from cardaudit.rules._columns import integer, is_number
from cardaudit.rules._groups import groups
from cardaudit.rules._remembered import remembered

SCORES = ("precision", "recall", "f1")
STATED = frozenset((*SCORES, "support", "number"))
LABEL = "label "
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
            yield from _report(f"the table down to line {line}", named, next(iter(accuracy.values()), None))


def _report(where: str, named: Mapping[str, Mapping[str, Printed]], accuracy: Printed | None) -> Iterator[Report]:
    classes = tuple(
        Class(name, {score: scores[score] for score in SCORES if score in scores}, _support(scores))
        for name, scores in named.items()
        if name not in AVERAGES
    )
    averages = {name: scores for name, scores in named.items() if name in AVERAGES}
    if len(classes) > 1:
        yield Report(where, classes, averages, accuracy)


def _support(scores: Mapping[str, Printed]) -> int | None:
    number = scores.get("support") or scores.get("number")
    if number is not None and number.value == 0:
        return 0
    return integer(number)


def _row_name(setting: str) -> str:
    """An average's or the accuracy's name as a key, a class's name as it stands (some are a mere comma); "" for any other row."""
    if setting.startswith(LABEL):
        return setting.removeprefix(LABEL)
    words = "_".join(re.findall(r"[^\W_]+", setting.lower()))
    return words if words in AVERAGES or words == "accuracy" else ""
