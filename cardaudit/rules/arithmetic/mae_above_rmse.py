"""The mean absolute error exceeds the root of the mean squared error.

## What it does
Holds MAE against RMSE, or against the square root of MSE, wherever they are printed together.

## Condition
By Jensen's inequality (mean |e|)^2 <= mean e^2, so MAE <= RMSE and MAE^2 <= MSE for every set of errors; it also holds for
means over several outputs. Reported where min I(MAE) > max I(RMSE), or min I(MAE)^2 > max I(MSE).

## When it stays silent
Errors whose further words differ ("train_mae" beside "rmse"); where no two of them stand together.

## Usual causes
Columns interchanged; one error on the scale of the labels and the other on a normalised one; an MSE printed as RMSE.

## Example
`MAE 0.5208` beside `RMSE 0.4916`.
"""

from collections.abc import Iterator

from cardaudit.records import Card
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, digits, exceeding, told
from cardaudit.rules._groups import tied as numbers_together

MAE, RMSE, MSE = ("mae",), ("rmse",), ("mse",)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", MAE, RMSE + MSE))
def check(subject: Subject) -> Iterator[Hit]:
    above_root = exceeding(numbers_together(subject.card, MAE, RMSE), ", which no errors give")
    yield from told([*above_root, *_above_square(subject.card)], ["both are taken over the same errors on one scale"])


def _above_square(card: Card) -> Iterator[Fault]:
    for each in numbers_together(card, MAE, MSE):
        mae, mse = each.intervals
        if mae.low > 0 and mae.low**2 > mse.high:
            least = digits(mae.low**2, each.numbers[1])
            says = f"MAE {each.numbers[0].text} gives an MSE of at least {least}, but {each.numbers[1].text} is printed"
            yield Fault(each, says, {each.keys[1]: f"at least {least}"})
