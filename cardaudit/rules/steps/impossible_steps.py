"""No number of batches in an epoch explains the table's steps and epochs.

## What it does
Looks for a dataloader length under which the Trainer logs each row's step at each row's epoch.

## Condition
With L batches an epoch, G gradient accumulation steps and U updates an epoch, a row at step s has epoch q + r G / L with q, r =
divmod(s, U); on an epoch's last update q, or q - 1 + U G / L. U = max(L // G, 1) up to transformers 4.26, whose loop makes no
update of a cut group, and ceil(L / G) since 4.47, whose loop does. From 4.27 to 4.46 the loop counts micro-batches through the
epochs, and the epoch is s G / L. Where the card states the version its own law must hold, else
(and where axolotl trained, whose loop drops a cut group under 4.51 too) one of the three. Printed epochs
are intervals: 2 decimals up to transformers 4.39, 4 since 4.40. The rule fires where no integer L satisfies every row. Devices
multiply the batch and not the step, so they do not matter here. Source: transformers/trainer.py, `_inner_training_loop`, wheels
4.24.0 to 5.23.0. Where one row alone stands against all the others, the finding names it and the step that the others put there.

## When it stays silent
Runs counted in training_steps, unless four rows or more print epochs that are no share of the run, as those of streamed data are,
and all but one of them fit one length; runs on IPUs; packed examples, whose epochs differ in length; tables whose step or epoch
falls, which join several runs; rows that the reader had to move into place; tables where more than 50,000 lengths are possible.

## Usual causes
A run resumed with another batch size; hyperparameters edited after the run; a row edited, or taken from another run.

## Example
Epoch 1.0 at step 1956, epoch 2.0 at step 3800.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cardaudit.records import Card, EpochRow
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, is_number, is_whole, whole_rows
from cardaudit.rules._steps import accumulation, evaluated_each_epoch, refuse_foreign_loops, row_times, solve, spread, tails
from cardaudit.step_law import EpochLength, RowTime, epoch_length

MOST_ROWS = 60
LEAST_IN_STEPS = 4


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("falling-step",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    in_steps = card.hyperparameters.training_steps is not None
    if _is_explained_by_others(card) if in_steps else solve(card):
        return
    rows = [row for row in whole_rows(card) if integer(row.step) and row.epoch and is_number(row.epoch)]
    grouped = accumulation(card)
    worked = {"gradient_accumulation_steps": grouped, "rows": [_stamp(row) for row in rows]}
    at = tuple(row.step.span for row in rows if row.step)
    odd = _odd_one(card, row_times(card)) if len(rows) == len(row_times(card)) else None
    if odd is None and in_steps:
        return
    if odd is None:
        yield Hit(_in_all(rows, grouped), at, worked)
        return
    index, time, length = odd
    message = f"{_stamp(rows[index])} does not fit the {spread(length.low, length.high)} batches an epoch of the other rows"
    message += _nearest(rows[index], time, length)
    worked |= {"batches_per_epoch": [length.low, length.high], "odd_row": index + 1}
    yield Hit(message, (at[index], *at[:index], *at[index + 1 :]), worked)


def _is_explained_by_others(card: Card) -> bool:
    """Whether all rows of a run counted in training_steps fit one length; raises NotCheckable where its data may be streamed.

    Streamed data has no length, and the epoch of its first pass is the share of the run, step / training_steps
    (transformers/trainer.py, `steps_in_epoch = args.max_steps * args.gradient_accumulation_steps`).
    """
    refuse_foreign_loops(card, in_steps=False)
    times, planned = row_times(card), integer(card.hyperparameters.training_steps)
    if len(times) < LEAST_IN_STEPS:
        raise NotCheckable(f"the run is counted in training_steps, and fewer than {LEAST_IN_STEPS} rows print step and epoch")
    if planned is None or any(each.epoch.low <= Fraction(each.step, planned) <= each.epoch.high for each in times):
        raise NotCheckable("the run is counted in training_steps, and its epochs are shares of the run: the data may be streamed")
    try:
        return epoch_length(times, accumulation(card), tails=tails(card)) is not None
    except OverflowError as error:
        raise NotCheckable(str(error)) from None


def _in_all(rows: Sequence[EpochRow], grouped: int) -> str:
    first, last = rows[0], rows[-1]
    message = f"no number of batches an epoch gives {_stamp(first)}"
    message += f" and {_stamp(last)} with all rows between" if len(rows) > 2 else f" and {_stamp(last)}" if len(rows) > 1 else ""
    return message + (f" at {grouped} accumulation steps" if grouped > 1 else "")


def _odd_one(card: Card, times: Sequence[RowTime]) -> tuple[int, RowTime, EpochLength] | None:
    """The one row without which the others have a length, None where there is no such row or more than one."""
    if not 3 <= len(times) <= MOST_ROWS:
        return None
    found = []
    for index, time in enumerate(times):
        others = (*times[:index], *times[index + 1 :])
        try:
            length = epoch_length(others, accumulation(card), tails=tails(card))
        except OverflowError:
            return None
        if length:
            each = evaluated_each_epoch(others) if accumulation(card) == 1 else None
            found.append((index, time, EpochLength(each, each, each, each) if each else length))
    return found[0] if len(found) == 1 else None


def _nearest(row: EpochRow, time: RowTime, length: EpochLength) -> str:
    """The steps that the other rows' length gives at this row's epoch."""
    fewest, most = math.ceil(time.epoch.low * length.updates_low), math.floor(time.epoch.high * length.updates_high)
    if row.epoch is None or fewest > most:
        return ""
    whole = row.epoch.value is not None and is_whole(row.epoch.value) and length.updates_low == length.updates_high
    exact = int(row.epoch.value * length.updates_low) if whole and row.epoch.value is not None else None
    return f", which put epoch {row.epoch.text} at step {exact:,}" if exact else f", which put it at step {spread(fewest, most)}"


def _stamp(row: EpochRow) -> str:
    return f"epoch {row.epoch.text if row.epoch else ''} at step {row.step.text if row.step else ''}"
