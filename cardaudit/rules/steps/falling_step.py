"""The table's step or epoch does not rise from one row to the next.

## What it does
Looks for a row that stands later in the table and earlier, or nowhere later, in training.

## Condition
A row whose step is not above that of the row before, or whose epoch's highest value is below the lowest of the row before. The
Trainer appends one entry to its log at each evaluation, and `global_step` and `epoch` only rise
(transformers/trainer.py; modelcard.py, `parse_log_history`).

## When it stays silent
Rows that the reader had to move into place (shifted-row); tables of several runs, models or folds, whose rows have a column of
their own to tell them apart; equal epochs; the epochs of runs counted in training_steps, whose streamed data have no length (3
of 5 hits of the naive rule); tables that the Trainer did not write.

## Usual causes
A run resumed from an earlier checkpoint, or with another batch size; rows edited, sorted or pasted from another run.

## Example
Epoch 2.35 at step 1000, epoch 1.77 at step 1500.
"""

import itertools
from collections.abc import Iterator

from cardaudit.records import EpochRow
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, is_number, need_rows, whole_rows


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 2)
    if not subject.card.dialect.startswith("trainer"):
        raise NotCheckable("the Trainer did not write the table, whose rows may be of several runs")
    streamed = subject.card.hyperparameters.training_steps is not None
    falls = [pair for pair in itertools.pairwise(whole_rows(subject.card)) if _falls(*pair, streamed)]
    if not falls:
        return
    before, after = falls[0]
    message = f"{_stamp(after)} stands after {_stamp(before)}"
    message += f", and {len(falls) - 1} more rows fall" if len(falls) > 1 else ""
    yield Hit(message, (after.span, before.span), {"falls": len(falls)})


def _falls(before: EpochRow, after: EpochRow, streamed: bool) -> bool:
    earlier, later = integer(before.step), integer(after.step)
    if earlier and later and later <= earlier:
        return True
    if streamed:
        return False
    was, now = before.epoch, after.epoch
    if was is None or now is None or not is_number(was) or not is_number(now) or was.value is None or now.value is None:
        return False
    return now.value < was.value and now.value + now.slack < was.value - was.slack


def _stamp(row: EpochRow) -> str:
    parts = [f"epoch {row.epoch.text}" if row.epoch else "", f"step {row.step.text}" if row.step else ""]
    return " at ".join(part for part in parts if part)
