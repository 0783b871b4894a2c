"""Benchmark scores are those of guessing.

## What it does
Compares the accuracies of evaluation harness tasks with that of guessing evenly among their answers.

## Condition
A result whose task is in facts/benchmarks.json with c answers an example is within two standard errors, sqrt(1 / c (1 - 1 / c) /
n), of 1 / c for its n examples. One finding for all of them.

## When it stays silent
Tasks without a fixed number of answers; numbers that are not called accuracy, acc or acc_norm: under a benchmark's bare name
stands its own metric, for CoLA a correlation.

## Usual causes
None is needed: this is a fact, ordinary for small base models. Such scores say nothing of differences between models.

## Example
`winogrande acc 0.5051`: 1,267 examples of two answers, standard error 0.0140.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import sqrt

from cardaudit.facts import benchmark
from cardaudit.plurals import listed
from cardaudit.records import Result
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number

STANDARD_ERRORS = 2
ACCURACIES = ("acc", "acc_norm", "accuracy")


@rule(kind="note", severity="info", confidence="proven", needs=("results",))
def check(subject: Subject) -> Iterator[Hit]:
    judged = [(result, chance) for result in subject.card.results if (chance := _chance(result))]
    if not judged:
        raise NotCheckable("no accuracy of a benchmark with a fixed number of answers is stated")
    at_chance = [(result, share, error) for result, (share, error) in judged if _near(result, share, error)]
    if not at_chance:
        return
    result, share, error = at_chance[0]
    names = list(dict.fromkeys(each.dataset or "" for each, _, _ in at_chance))
    shown = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more"]
    message = (
        f"{listed(shown)} {'is' if len(names) == 1 else 'are'} within two standard errors of guessing: {result.number.text} "
        f"beside {share:.4f}, standard error {error:.4f}"
    )
    yield Hit(message, tuple(each.number.span for each, _, _ in at_chance[:20]), {"tasks": names})


def _chance(result: Result) -> tuple[float, float] | None:
    """The share of guessing evenly and its standard error over the task's examples."""
    if result.metric not in ACCURACIES or result.dataset is None or not is_number(result.number):
        return None
    facts = benchmark(result.dataset.strip().lower().lstrip("- ").replace("-", "_").replace(" ", "_"))
    if facts is None or facts.chance is None:
        return None
    share = float(Fraction(facts.chance))
    return share, sqrt(share * (1 - share) / facts.examples)


def _near(result: Result, share: float, error: float) -> bool:
    value = float(result.number.value or 0)
    return abs((value if value <= 1 else value / 100) - share) <= STANDARD_ERRORS * error
