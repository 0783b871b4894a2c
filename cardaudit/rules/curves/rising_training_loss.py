"""The training loss rises over the run.

## What it does
Compares the last logged training loss with the first.

## Condition
At least three different logged training losses, the last more than 1.2 times the first and above every loss of the first half of
the rows. Training minimises this very number.

## When it stays silent
Fewer than three different losses; rises that come back; tables whose step or epoch falls; losses below 0.01.

## Usual causes
A learning rate at which the run diverged; a loss that changes meaning (curriculum, several objectives, reinforcement); rows in
the wrong order.

## Example
0.61 at epoch 1, 2.94 at epoch 3.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, need_rows

RISE, SMALL = 1.2, 0.01


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("falling-step",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 3)
    losses = column(subject.card, "training_loss")
    values = [float(value) for value in losses.values]
    if len(set(values)) < 3:
        raise NotCheckable("fewer than three different training losses are stated")
    if values[-1] > RISE * values[0] and values[-1] > max(values[: len(values) // 2 + 1]) and values[-1] > SMALL:
        first, last = losses.cells[0], losses.cells[-1]
        yield Hit(f"training loss {last.text} in the last row after {first.text} in the first", (last.span, first.span), {})
