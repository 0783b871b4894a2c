"""Accuracy, precision, recall and F1 leave one confusion matrix.

## What it does
Finds the number of examples, of positive ones, of found and of predicted ones behind the four metrics of a two-class test.

## Condition
With n examples, TP found, FN missed and FP false alarms: accuracy = 1 - (FN + FP) / n, recall = TP / (TP + FN), precision = TP /
(TP + FP), F1 = 2 TP / (2 TP + FN + FP), each inside its print, with one n and one number of positives for headline and table rows
alike. All whole numbers are tried: for the sizes of the named data set's splits, else for every n up to 2,000. The rule reports
the smallest solution where there is no other below twice its n (its multiples fit too), as far as random prints would leave at
most 0.05: the sum over n of n times the product over rows of min(1, n^2 J w w' w''), with w the widths of the three prints and J
= t^2 / (S P^2 R^2), S = 1 / P + 1 / R - 2, t = (1 - accuracy) / S, the Jacobian of (TP, FN, FP) / n by (accuracy, precision,
recall); F1 follows from them.

## When it stays silent
No solution or more than one. Recall that equals accuracy, which is what the weighted average gives; F1 below the harmonic mean,
which an average over classes gives. Data sets of more than two classes. Metrics of tokens and spans.

## Usual causes
None is needed: this is a fact. It says on how many examples the figures rest.

## Example
Accuracy 0.9106, precision 0.8978, recall 0.9302, F1 0.9137 on 872 examples: 413 of 444 positives found, 460 predicted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import isqrt
from typing import NamedTuple

from cardaudit.facts import label_counts
from cardaudit.intervals import Interval, confusion_matrices, geometric_mean, harmonic, interval, possible_sizes, proportion
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import sets
from cardaudit.rules._evaluations import Named, named_dataset

LARGEST, LARGEST_COARSE = 2_000, 400
CHANCE = 0.05
MANY, MOST_ROWS = 50.0, 8
NEEDED = ("accuracy", "precision", "recall", "f1")
SINGLE_PRECISION = Fraction(1, 10**6)
WIDTH = 1e-4
TAGGER = deferred(r"(?:^|[-_ ])(?:token|ner|pos|tagger)(?:$|[-_ ])", re.IGNORECASE)
TOKENS = ("token-classification", "question-answering", "fill-mask")


class Solution(NamedTuple):
    """A number of examples and of positive ones that explains all rows, and the first row's matrix."""

    n: int
    positives: int
    hits: int
    false_alarms: int


@rule(kind="note", severity="info", confidence="likely", needs=tuple(f"metric {key}" for key in NEEDED))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = four_metrics(card)
    intervals = [each for _, each in rows[:MOST_ROWS]]
    sizes = two_class_sizes(card)
    reach = _tractable(intervals)
    candidates = _telling_sizes(intervals) if sizes is None else tuple(n for n in sorted(sizes) if n <= reach)
    found: list[Solution] = []
    for n in candidates:
        if found and n >= 2 * found[0].n:
            break
        found += _solutions(intervals, n)
    if len(found) != 1:
        return
    n, positives, hits, false_alarms = found[0]
    wrong = positives - hits + false_alarms
    estimate = proportion(n - wrong, n)
    message = (
        f"accuracy, precision, recall and F1 are those of {hits:,} of {positives:,} positives found and {hits + false_alarms:,} "
        f"predicted among {n:,} examples; standard error of the accuracy {estimate.standard_error:.3f}"
    )
    worked = {
        "n": n,
        "positives": positives,
        "true_positives": hits,
        "predicted": hits + false_alarms,
        "prevalence": round(positives / n, 4),
        "wilson_95": [round(estimate.low, 4), round(estimate.high, 4)],
        "rows": len(rows),
        "expected_accidental_solutions": float(f"{expected_accidents(intervals, n) if sizes is None else 0:.2g}"),
    }
    yield Hit(message, tuple(rows[0][0][key].span for key in NEEDED), worked)


def four_metrics(card: Card) -> list[tuple[Mapping[str, Printed], list[Interval]]]:
    """Distinct sets of the four metrics as those of one class, the headline's first; raises NotCheckable where they are not."""
    if (card.task and card.task.text in TOKENS) or (card.model_name and TAGGER.search(card.model_name.text)):
        raise NotCheckable("the metrics count tokens or spans")
    found: dict[tuple[str, ...], tuple[Mapping[str, Printed], list[Interval]]] = {}
    for where, metrics in sets(card):
        if where == "the front matter" or any(key not in metrics for key in NEEDED):
            continue
        numbers = {key: metrics[key] for key in NEEDED}
        intervals = [possible for number in numbers.values() if (possible := interval(number, SINGLE_PRECISION))]
        if len(intervals) == len(NEEDED) and all(each.low > 0 and each.high < 1 for each in intervals):
            found.setdefault(tuple(number.text for number in numbers.values()), (numbers, intervals))
    if not found:
        raise NotCheckable("headline and training table do not state accuracy, precision, recall and F1 in (0, 1) together")
    rows = list(found.values())
    if all(recall.meets(accuracy) for _, (accuracy, _, recall, _) in rows):
        raise NotCheckable("recall equals accuracy, as in a weighted average")
    if not all(harmonic(precision, recall).meets(f1) for _, (_, precision, recall, f1) in rows):
        raise NotCheckable("F1 is an average over classes")
    return rows


def two_class_sizes(card: Card) -> set[int] | None:
    """The sizes of the named data set's splits, None where they are not known; raises NotCheckable for other than two classes."""
    try:
        named = named_dataset(card)
    except NotCheckable:
        return None
    if not two_classes(named):
        raise NotCheckable("the named data set is not known to have two classes")
    return {size for sizes in named.evaluation_sizes().values() for size in sizes}


def two_classes(named: Named) -> bool:
    """Whether the facts know one label column of two classes."""
    counts = label_counts(named.dataset, named.config)
    return set(counts.values()) == {2}


def expected_accidents(rows: Sequence[Sequence[Interval]], largest: int) -> float:
    """How many (n, positives) with n up to `largest` random prints of these widths would leave."""
    return sum(_accidents(rows, largest))


def _accidents(rows: Sequence[Sequence[Interval]], largest: int) -> Iterator[float]:
    """For n = 2, 3, ..., `largest` the chance that random prints fit: n times the product of min(1, n^2 x density) over rows."""
    factors, n = sorted((_density(row) for row in rows), reverse=True), 2
    while n <= largest:
        telling = [factor for factor in factors if n * n * factor < 1]
        until = max(isqrt(int(1 / telling[0])), n) if telling and telling[0] * largest * largest > 1 else largest
        mean, rows_left = geometric_mean(telling), len(telling)
        yield from [each * (mean * each * each) ** rows_left for each in range(n, until + 1)]
        n = until + 1


def _density(row: Sequence[Interval]) -> float:
    ends = [(float(low), float(high)) for low, high in row]
    accuracy, precision, recall, _ = ((low + high) / 2 for low, high in ends)
    spread = 1 / precision + 1 / recall - 2
    hits = (1 - accuracy) / spread
    widths = [max(high - low, WIDTH) for low, high in ends[:3]]
    return hits * hits / (spread * precision**2 * recall**2) * widths[0] * widths[1] * widths[2]


def _telling_sizes(rows: Sequence[Sequence[Interval]]) -> tuple[int, ...]:
    """Every n that fits the accuracies, as far as random prints would leave few solutions."""
    coarse = min(row[0].high - row[0].low for row in rows) > 2 * WIDTH
    largest = min(LARGEST_COARSE if coarse else LARGEST, _tractable(rows))
    totals = accumulate(_accidents(rows, largest))
    reach = next((n for n, total in enumerate(totals, 1) if total > CHANCE), largest)
    if reach < 10:
        raise NotCheckable("random digits would fit as well")
    return possible_sizes([row[0] for row in rows], reach)


def _tractable(rows: Sequence[Sequence[Interval]]) -> int:
    """The n up to which the most telling row leaves few matrices to try."""
    return int((MANY / min(_density(row) for row in rows)) ** (1 / 3))


def _solutions(rows: Sequence[Sequence[Interval]], n: int) -> Iterator[Solution]:
    """The numbers of positives that explain every row, with the first row's matrix; a number with two matrices counts twice."""
    common: set[int] | None = None
    for row in sorted(rows, key=_density):
        positives = {hits + missed for hits, missed, _ in _matrices(row, n)}
        common = positives if common is None else common & positives
        if not common:
            return
    for hits, missed, false in _matrices(rows[0], n):
        if hits + missed in (common or ()):
            yield Solution(n, hits + missed, hits, false)


def _matrices(row: Sequence[Interval], n: int) -> Iterator[tuple[int, int, int]]:
    accuracy, precision, recall, f1 = row
    return confusion_matrices(accuracy, precision, recall, f1, n)
