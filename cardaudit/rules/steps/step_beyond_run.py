"""A row lies beyond the planned end of the run.

## What it does
Compares the largest epoch with num_epochs and the largest step with training_steps, or with the updates that num_epochs holds.

## Condition
An epoch whose lowest value is above num_epochs rounded up, a step above training_steps, or a step above
ceil(num_epochs * U), where U is the most updates an epoch that the table allows (step law, see impossible-steps; transformers/
trainer.py ends the loop at `max_steps`).

## When it stays silent
Runs on IPUs; tables whose step or epoch falls; cards that state no length, or say that the run was extended ("5.0 (extended to
7.0)"); rows that the reader had to move into place.

## Usual causes
num_epochs edited, or taken from the last of several resumed runs; the table of another run.

## Example
Epoch 9.86 of 5.
"""

import math
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, is_number, need_rows, stepped_rows, whole_rows
from cardaudit.rules._steps import is_ipu, planned_updates, solve

EXTENDED = deferred(r"[^\n]{0,20}\b(?:extended|continued|resumed)\b")


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("falling-step",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card)
    parameters = card.hyperparameters
    if is_ipu(card):
        raise NotCheckable("the run was on IPUs, whose replication the card does not state")
    steps = [row.step for _, row in stepped_rows(card)[-1:] if row.step]
    epochs = [row.epoch for row in whole_rows(card) if row.epoch and is_number(row.epoch)]
    total = parameters.training_steps
    if total and integer(total):
        yield from _beyond("step", steps, total, integer(total) or 0)
    elif parameters.num_epochs and is_number(parameters.num_epochs):
        planned = parameters.num_epochs
        if EXTENDED.match(card.text, planned.span.end):
            raise NotCheckable("the card says that the run was longer than num_epochs")
        hits = list(_beyond("epoch", epochs[-1:], planned, math.ceil(planned.value or 0)))
        yield from hits or _updates_beyond(card, steps, planned)
    else:
        raise NotCheckable("the card does not state the length of the run")


def _beyond(unit: str, last: list[Printed], planned: Printed, end: int) -> Iterator[Hit]:
    for stamp in last:
        if stamp.low is not None and stamp.low > end:
            yield Hit(f"the table ends at {unit} {stamp.text} of {planned.text}", (stamp.span, planned.span), {"planned": end})


def _updates_beyond(card: Card, last: list[Printed], planned: Printed) -> Iterator[Hit]:
    length = solve(card)
    updates = planned_updates(card, length) if length else 0
    for step in last:
        if updates and (integer(step) or 0) > updates:
            message = f"the table ends at step {step.text}, but {planned.text} epochs hold at most {updates:,} updates"
            yield Hit(message, (step.span, planned.span), {"updates": updates})
