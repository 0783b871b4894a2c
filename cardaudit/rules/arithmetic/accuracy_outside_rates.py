"""Accuracy does not lie between sensitivity and specificity.

## What it does
Holds the accuracy of a binary classifier against the sensitivity and the specificity that are printed with it, and the
balanced accuracy against their mean.

## Condition
With a share q of positives accuracy = q * sensitivity + (1 - q) * specificity: a weighted mean of both, so it lies between
them whatever q is. Balanced accuracy = (sensitivity + specificity) / 2 (scikit-learn, `balanced_accuracy_score`). Reported
where the intervals exclude that: `inconsistent` where the card speaks of two classes, else `suspicious` and only from above, as
macro averages over several classes bear the same names and often exceed the accuracy.

## When it stays silent
Where only one of the two rates stands with the accuracy; numbers on different scales; averages over several classes, whose
names or whose row say so; a balanced accuracy that is the sensitivity, as over several classes; cards that speak of
cross-validation, folds or several runs.

## Usual causes
Rates at another threshold than the accuracy; columns interchanged; an edited digit.

## Example
`Accuracy 0.952` beside `sensitivity 0.871` and `specificity 0.913`.
"""

import re
from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.patterns import deferred
from cardaudit.records import Kind
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._classes import spans_of_averages
from cardaudit.rules._groups import Fault, Tied, between, same_scale, told
from cardaudit.rules._groups import tied as numbers_together
from cardaudit.rules._text import speaks_of_means

SENSITIVITY, SPECIFICITY = ("sensitivity", "recall"), ("specificity",)
BALANCED, ACCURACY = ("balanced_accuracy",), ("accuracy",)
TWO_CLASSES = deferred(r"\bbinary\b|\b(?:two|2)[- ]class", re.IGNORECASE)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", SPECIFICITY, SENSITIVITY, ACCURACY))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if speaks_of_means(card.text):
        raise NotCheckable("the rates may be means over folds or runs")
    kind: Kind = "inconsistent" if TWO_CLASSES.search(card.text) else "suspicious"
    averaged = spans_of_averages(card)
    balanced = [fault for each in numbers_together(card, BALANCED, SENSITIVITY, SPECIFICITY) if (fault := _balanced(each, kind))]
    plain = [each for each in numbers_together(card, ACCURACY, SENSITIVITY, SPECIFICITY) if "balanced" not in each.keys[0]]
    faults = [*balanced, *(fault for each in plain if (fault := _plain(each, kind)))]
    of_one_class = [fault for fault in faults if averaged.isdisjoint(number.span for number in fault.tied.numbers)]
    yield from told(of_one_class, ["two classes", "all three at one threshold, over the same examples"])


def _plain(each: Tied, kind: Kind) -> Fault | None:
    accuracy, sensitivity, specificity = each.intervals
    hull = Interval(min(sensitivity.low, specificity.low), max(sensitivity.high, specificity.high))
    if not same_scale(*each.intervals) or accuracy.meets(hull) or (kind == "suspicious" and accuracy.high < hull.low):
        return None
    return _fault(each, "accuracy", hull, kind)


def _balanced(each: Tied, kind: Kind) -> Fault | None:
    accuracy, sensitivity, specificity = each.intervals
    mean = Interval((sensitivity.low + specificity.low) / 2, (sensitivity.high + specificity.high) / 2)
    if not same_scale(*each.intervals) or accuracy.meets(mean) or accuracy.meets(sensitivity):
        return None
    return _fault(each, "balanced accuracy", mean, kind)


def _fault(each: Tied, name: str, left: Interval, kind: Kind) -> Fault:
    words = between(left, each.numbers[0])
    texts = [number.text for number in each.numbers]
    says = f"{name} {texts[0]}, but sensitivity {texts[1]} and specificity {texts[2]} give {words}"
    return Fault(each, says, {each.keys[0]: words}, kind)
