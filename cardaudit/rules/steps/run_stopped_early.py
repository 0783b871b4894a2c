"""The table ends well before the planned number of epochs.

## What it does
Compares the last row's epoch with num_epochs, or its step with training_steps.

## Condition
The last row lies more than one epoch and a tenth of the run before the planned end, and more than two gaps between rows before
it. The Trainer evaluates up to the end unless it is stopped; early stopping ends a run where the metric no longer improves, and
then the headline may be of that last row or of the best one.

## When it stays silent
Rows left out by dots; a last row that the reader had to move into place; a single row; a last row within one evaluation of the
end.

## Usual causes
Early stopping; a run that was interrupted; a table cut short.

## Example
The last row is epoch 7.0 of 20.
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, need_rows, whole_rows


@rule(kind="note", severity="info", confidence="proven", yields_to=("falling-step",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = need_rows(card, 2)
    if card.elided or rows[-1].repair:
        raise NotCheckable("rows are left out, or the last one does not fit its header")
    unit, planned, stamps = _clock(card)
    if planned is None or planned.value is None or not is_number(planned) or len(stamps) < 2:
        raise NotCheckable("the planned length and two rows are not stated")
    last, before = stamps[-1], stamps[-2]
    left = planned.value - (last.value or 0)
    gap = (last.value or 0) - (before.value or 0)
    least = max(planned.value / 10, 2 * gap, Decimal(1))
    if left > least:
        message = f"the table ends at {unit} {last.text} of {planned.text}"
        yield Hit(message, (last.span, planned.span), {"last": float(last.value or 0), "planned": float(planned.value)})


def _clock(card: Card) -> tuple[str, Printed | None, tuple[Printed, ...]]:
    """The unit in which the run's length is stated, that length, and the rows' stamps in it."""
    parameters = card.hyperparameters
    unit, planned = ("step", parameters.training_steps) if parameters.training_steps else ("epoch", parameters.num_epochs)
    stamps = (row.step if unit == "step" else row.epoch for row in whole_rows(card))
    return unit, planned, tuple(stamp for stamp in stamps if stamp is not None and is_number(stamp))
