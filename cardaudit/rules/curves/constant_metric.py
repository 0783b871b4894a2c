"""A metric prints the same value in every row while the loss moves.

## What it does
Names metrics that never change over at least three rows.

## Condition
All rows print one text, the validation loss differs between rows, and the value is neither 0 nor the metric's best. A model
that predicts one class throughout has one accuracy.

## When it stays silent
Fewer than three rows; constant losses too; values of 0 or at the end of the metric's range; metrics of unknown range (sizes,
lengths); columns with fewer than three decimals. Shares of 0.9 or more beside a validation loss below 0.1
in every row: the model had converged.

## Usual causes
One class predicted for everything; a very small evaluation set; a metric computed on something that training does not touch.

## Example
Accuracy 0.5634 in all of 5 rows.
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.facts import metric_facts
from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import Column, column, metric_keys, need_rows, spoken

LOW_LOSS, HIGH_SHARE = Decimal("0.1"), (Decimal("0.9"), Decimal(90))


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("zero-f1", "chance-level-loss"),
    needs=("training table",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = need_rows(card, 3)
    known = [column(card, key) for key in metric_keys(card) if metric_facts(key)]
    if not known:
        raise NotCheckable("the table has no metric of known range")
    if len(set(column(card, "validation_loss").values)) < 2:
        raise NotCheckable("the validation loss does not move or is not stated")
    converged = max(column(card, "validation_loss").values) < LOW_LOSS
    still = [each for each in known if len(each.cells) == len(rows) and _constant(each) and not (converged and _is_high(each))]
    if still:
        printed = listed([f"{spoken(each.key)} {each.cells[0].text}" for each in still])
        yield Hit(f"{printed} in all of {len(rows)} rows", tuple(each.cells[-1].span for each in still), {"rows": len(rows)})


def _constant(each: Column) -> bool:
    facts = metric_facts(each.key)
    value = each.values[0]
    bounds = (facts.low, facts.high, 100.0) if facts else ()
    long_enough = len(each.cells[0].text.partition(".")[2]) > 2
    return long_enough and len({cell.text for cell in each.cells}) == 1 and float(value) not in bounds


def _is_high(each: Column) -> bool:
    value, (least, percent) = each.values[0], HIGH_SHARE
    return least <= value <= 1 or percent <= value <= 100
