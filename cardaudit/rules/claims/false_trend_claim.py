"""A sentence about the way of a loss or metric does not fit the table.

## What it does
Holds sentences such as "validation loss decreased over epochs while other metrics remained stagnant" against the table's
columns, each claim of a sentence graded apart.

## Condition
"Each epoch" or "steadily" is false where one row goes the other way by more than its rounding. "Over epochs" is false where the
last row is not beyond the first, and half true where it is and a row between goes the other way: a `note`. "Stagnant" or
"constant" is false where two rows differ by more than their rounding. "Other metrics" are all columns that the sentence has not
named.

## When it stays silent
Sentences without a span of time ("over epochs", "with each epoch"); advice and conditions ("should", "if", "can"); "loss"
without saying which where the table has two; cards without a table.

## Usual causes
A text written without looking at the table.

## Example
"with each epoch, the model improves its accuracy" above accuracies 0.66, 0.8667, 0.84.
"""

import itertools
from collections.abc import Iterator

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import Column, columns, higher_is_better, need_rows, spoken
from cardaudit.rules._prose import Trend, TrendClaim, quantity_key, trend_claims

KEYS = {"evaluation loss": "validation_loss", "eval loss": "validation_loss", "validation loss": "validation_loss"}
KEYS |= {"training loss": "training_loss", "train loss": "training_loss"}


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 2)
    claims = [(claim, column) for claim in trend_claims(card) for column in _meant(card, claim) if len(column.cells) > 1]
    if not claims:
        raise NotCheckable("no sentence says how a column of the table moves")
    for claim, column in claims:
        hit = _grade(claim, column)
        if hit:
            yield hit


def _meant(card: Card, claim: TrendClaim) -> tuple[Column, ...]:
    table = columns(card)
    if claim.quantity.endswith("metrics"):
        named = {_key(quantity) for quantity in claim.others}
        return tuple(column for column in table if column.key not in named and not column.key.endswith("_loss"))
    if claim.quantity == "loss":
        losses = tuple(column for column in table if column.key.endswith("_loss"))
        return losses if len(losses) == 1 else ()
    return tuple(column for column in table if column.key == _key(claim.quantity))


def _key(quantity: str) -> str:
    return KEYS.get(quantity) or quantity_key(quantity)


def _grade(claim: TrendClaim, column: Column) -> Hit | None:
    cells = column.cells
    name = spoken(column.key)
    quote = f'"{claim.text.strip()}"'
    worked = {"claim": claim.text.strip(), "column": column.key, "values": [cell.text for cell in cells]}
    if claim.trend == "flat":
        low, high = min(cells, key=_value), max(cells, key=_value)
        if _beyond(low, high, 1):
            message = f"{quote}: {name} goes from {cells[0].text} to {cells[-1].text}"
            return Hit(message, (claim.span, low.span, high.span), worked | {"grade": "false"})
        return None
    sign = _sign(claim.trend, column.key)
    against = next(((a, b) for a, b in itertools.pairwise(cells) if sign and _beyond(b, a, sign)), None)
    if not sign or (against is None and not _beyond(cells[-1], cells[0], sign)):
        return None
    if not claim.every and _beyond(cells[-1], cells[0], sign):
        message = f"{quote}: {name} {cells[0].text} in the first row, {cells[-1].text} in the last"
        return Hit(message, (claim.span, cells[0].span, cells[-1].span), worked | {"grade": "false"})
    if against is None:
        return None
    reversal = f"{name} {against[0].text} is followed by {against[1].text}"
    at = (claim.span, against[0].span, against[1].span)
    if claim.every:
        return Hit(f"{quote}: {reversal}", at, worked | {"grade": "false"})
    message = f"{quote}: from {cells[0].text} to {cells[-1].text} over all rows, but {reversal}"
    return Hit(message, at, worked | {"grade": "half true"}, "note", "info")


def _sign(trend: Trend, key: str) -> int:
    """1 where the claim says that values rise, -1 where they fall, 0 where that is not known."""
    if trend != "better":
        return 1 if trend == "up" else -1
    upward = higher_is_better(key)
    return 0 if upward is None else 1 if upward else -1


def _value(cell: Printed) -> float:
    return float(cell.value or 0)


def _beyond(low: Printed, high: Printed, sign: int) -> bool:
    """Whether `high` is above `low` by more than the rounding (below it for sign -1)."""
    first, second = (low, high) if sign > 0 else (high, low)
    return first.high is not None and second.low is not None and first.high < second.low
