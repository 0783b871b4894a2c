"""The mean squared error is not the square of its root.

## What it does
Holds MSE against the square of the RMSE that is printed with it.

## Condition
RMSE = sqrt(MSE) over one output. Over several outputs both may be averaged, and then Jensen's inequality leaves RMSE^2 <= MSE.
So max I(MSE) < min I(RMSE)^2 is impossible either way (`inconsistent`); min I(MSE) > max I(RMSE)^2 is impossible for one
output (`suspicious`).

## When it stays silent
Errors whose further words differ; prints so short that the squares overlap; an MSE above the square in cards that speak of
cross-validation, folds or several runs, whose roots were averaged.

## Usual causes
One of the two on normalised labels; the two columns interchanged; a mean of per-batch roots.

## Example
`MSE 0.2417` beside `RMSE 0.5191`, whose square is 0.2694 to 0.2695.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._groups import Fault, Tied, between, told
from cardaudit.rules._groups import together as numbers_together
from cardaudit.rules._text import speaks_of_means

MSE, RMSE = ("mse",), ("rmse",)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", MSE, RMSE))
def check(subject: Subject) -> Iterator[Hit]:
    faults = [fault for each in numbers_together(subject.card, MSE, RMSE) if (fault := _fault(each))]
    if all(fault.kind == "suspicious" for fault in faults) and faults and speaks_of_means(subject.card.text):
        raise NotCheckable("the errors may be means over folds or runs")
    yield from told(faults, ["both are taken over the same errors on one scale"])


def _fault(each: Tied) -> Fault | None:
    mse, rmse = each.intervals
    if rmse.low < 0 or mse.meets(square := Interval(rmse.low**2, rmse.high**2)):
        return None
    words = between(square, each.numbers[0])
    says = f"MSE {each.numbers[0].text}, but the square of RMSE {each.numbers[1].text} is {words}"
    return Fault(each, says, {each.keys[0]: words}, "inconsistent" if mse.high < square.low else "suspicious")
