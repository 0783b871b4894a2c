"""No number of batches in an epoch explains the table's steps and epochs.

## What it does
Looks for a dataloader length under which the Trainer logs each row's step at each row's epoch.

## Condition
With L batches an epoch, G gradient accumulation steps and U updates an epoch, where U = max(L // G, 1) (transformers up to
4.51) or ceil(L / G) (since 4.53), a row at step s has epoch q + r G / L with q, r = divmod(s, U); on an epoch's last update q,
or q - 1 + U G / L. Printed epochs are intervals: 2 decimals up to transformers 4.39, 4 since 4.40. The rule fires where no
integer L satisfies every row. Devices multiply the batch and not the step, so they do not matter here. Source:
transformers/trainer.py, `_inner_training_loop`.

## When it stays silent
Runs counted in training_steps (streamed data has no length); runs on IPUs; tables whose step or epoch falls, which join several
runs; rows that the reader had to move into place; tables where more than 50,000 lengths are possible.

## Usual causes
A run resumed with another batch size; hyperparameters edited after the run; a row edited, or taken from another run.

## Example
Epoch 1.0 at step 1956, epoch 2.0 at step 3800.
"""

from collections.abc import Iterator

from cardaudit.records import EpochRow
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import is_number, whole_rows
from cardaudit.rules._steps import accumulation, solve


@rule(kind="suspicious", severity="warning", confidence="likely")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if solve(card):
        return
    rows = [row for row in whole_rows(card) if row.step and row.epoch and is_number(row.step) and is_number(row.epoch)]
    first, last = rows[0], rows[-1]
    grouped = accumulation(card)
    message = f"no number of batches an epoch gives {_stamp(first)}"
    message += f" and {_stamp(last)} with all rows between" if len(rows) > 2 else f" and {_stamp(last)}" if len(rows) > 1 else ""
    if grouped > 1:
        message += f" at {grouped} accumulation steps"
    at = tuple(row.step.span for row in rows if row.step)
    yield Hit(message, at, {"gradient_accumulation_steps": grouped, "rows": [_stamp(row) for row in rows]})


def _stamp(row: EpochRow) -> str:
    return f"epoch {row.epoch.text if row.epoch else ''} at step {row.step.text if row.step else ''}"
