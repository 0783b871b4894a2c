"""Accuracy does not lie between sensitivity and specificity.

## What it does
Holds the accuracy of a binary classifier against the sensitivity and the specificity that are printed with it, and the
balanced accuracy against their mean.

## Condition
With a share q of positives accuracy = q * sensitivity + (1 - q) * specificity: a weighted mean of both, so it lies between
them whatever q is. Balanced accuracy = (sensitivity + specificity) / 2 (scikit-learn, `balanced_accuracy_score`). Reported
where the intervals exclude that. The share q that the three numbers leave goes into the arithmetic.

## When it stays silent
Where only one of the two rates stands with the accuracy; numbers on different scales; averages over several classes, whose
names say so.

## Usual causes
Rates at another threshold than the accuracy; columns interchanged; an edited digit.

## Example
`Accuracy 0.952` beside `sensitivity 0.871` and `specificity 0.913`.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, between, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

SENSITIVITY, SPECIFICITY = ("sensitivity", "recall"), ("specificity",)
BALANCED, ACCURACY = ("balanced_accuracy",), ("accuracy",)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", SPECIFICITY, SENSITIVITY, ACCURACY))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    balanced = [fault for each in numbers_together(card, BALANCED, SENSITIVITY, SPECIFICITY) if (fault := _balanced(each))]
    plain = numbers_together(card, ACCURACY, SENSITIVITY, SPECIFICITY)
    faults = [fault for each in plain if "balanced" not in each.keys[0] and (fault := _plain(each))]
    yield from told([*balanced, *faults], ["two classes", "all three at one threshold, over the same examples"])


def _plain(each: Tied) -> Fault | None:
    accuracy, sensitivity, specificity = each.intervals
    hull = Interval(min(sensitivity.low, specificity.low), max(sensitivity.high, specificity.high))
    if not same_scale(*each.intervals) or accuracy.meets(hull):
        return None
    return _fault(each, "accuracy", hull)


def _balanced(each: Tied) -> Fault | None:
    accuracy, sensitivity, specificity = each.intervals
    mean = Interval((sensitivity.low + specificity.low) / 2, (sensitivity.high + specificity.high) / 2)
    if not same_scale(*each.intervals) or accuracy.meets(mean):
        return None
    return _fault(each, "balanced accuracy", mean)


def _fault(each: Tied, name: str, left: Interval) -> Fault:
    words = between(left, each.numbers[0])
    texts = [number.text for number in each.numbers]
    says = f"{name} {texts[0]}, but sensitivity {texts[1]} and specificity {texts[2]} give {words}"
    return Fault(each, says, {each.keys[0]: words})
