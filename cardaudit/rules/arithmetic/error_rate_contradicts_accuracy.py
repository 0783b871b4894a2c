"""Accuracy and error rate do not add up to 1.

## What it does
Holds the error rate against the accuracy that is printed with it.

## Condition
A prediction is right or wrong: error rate = 1 - accuracy (fastai `error_rate`; evaluate and fairseq alike). Reported where the
intervals of error rate and 1 - accuracy share no number, in fractions or in percent.

## When it stays silent
Rates of words, characters, tokens or equal errors ("word error rate", "EER"). Numbers on different scales.

## Usual causes
Values of two epochs in one line; an edited digit.

## Example
`Error rate 0.0812` beside `Accuracy 0.9288`.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, between, told
from cardaudit.rules._groups import together as numbers_together

ERROR, ACCURACY = ("error_rate", "classification_error"), ("accuracy",)


@rule(kind="suspicious", severity="error", confidence="likely", needs=("numbers", ERROR, ACCURACY))
def check(subject: Subject) -> Iterator[Hit]:
    ties = (each for each in numbers_together(subject.card, ERROR, ACCURACY) if each.keys[0] in ERROR)
    yield from told((fault for each in ties if (fault := _fault(each))), ["both are counted over the same predictions"])


def _fault(each: Tied) -> Fault | None:
    error, accuracy = each.intervals
    scale = 100 if accuracy.low > 1 else 1
    left = Interval(scale - accuracy.high, scale - accuracy.low)
    if error.meets(left) or error.meets(Interval(left.low * 100 / scale, left.high * 100 / scale)):
        return None
    words = between(left, each.numbers[0])
    says = f"error rate {each.numbers[0].text}, but accuracy {each.numbers[1].text} leaves {words}"
    return Fault(each, says, {each.keys[0]: words}, "suspicious")
