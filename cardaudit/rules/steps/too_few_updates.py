"""The whole run has fewer than 100 optimizer updates.

## What it does
Counts the updates that the model got, and with the batch size the training examples that they imply.

## Condition
The last step, or training_steps, or num_epochs times the updates an epoch (step law, see impossible-steps), is below 100: a
`note`, and `suspicious` below 20. The number of training examples lies in [(L - 1) B W + 1, L B W] for L batches an epoch of B
examples on W devices. At a learning rate of 2e-05 a new classification head has hardly moved by then (Mosbach et al. 2021, "On
the stability of fine-tuning BERT", train for thousands).

## When it stays silent
Cards that state no step; sentence pairs trained by SetFit, whose first examples count many times.

## Usual causes
A smoke test published with the default card; a data set of a handful of documents; a batch larger than the data.

## Example
`| No log | 3.0 | 6 | 1.9498 |`
"""

from collections.abc import Iterator
from typing import Any

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, integer, is_number
from cardaudit.rules._steps import all_devices_batch, evaluated_each_epoch, refuse_pairs, row_times, solve, spread
from cardaudit.step_law import EpochLength, training_sizes

FEW, HARDLY_ANY = 100, 20


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("step",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    stated = _last_step(card)
    if stated is None:
        raise NotCheckable("no step is stated")
    refuse_pairs(card)
    updates = int(stated.value or 0)
    length = _length(card)
    epochs = card.hyperparameters.num_epochs
    if length and epochs and is_number(epochs) and stated is not card.hyperparameters.training_steps:
        updates = max(updates, int((epochs.value or 0) * length.updates_high))
    if updates >= FEW:
        return
    message = f"{counted(updates, 'update')} in all"
    worked: dict[str, Any] = {"updates": updates}
    batch = all_devices_batch(card)
    if length and batch:
        fewest, most = training_sizes(length, batch)
        message += f", on {spread(fewest, most)} training examples"
        worked |= {"batches_per_epoch": [length.low, length.high], "training_examples": [fewest, most]}
    grave = updates < HARDLY_ANY
    yield Hit(message, (stated.span,), worked) if grave else Hit(message, (stated.span,), worked, "note", "info", "proven")


def _last_step(card: Card) -> Printed | None:
    total = card.hyperparameters.training_steps
    if total and integer(total):
        return total
    return next((row.step for row in reversed(card.epochs) if integer(row.step)), None)


def _length(card: Card) -> EpochLength | None:
    try:
        length = solve(card)
    except NotCheckable:
        return None
    each = evaluated_each_epoch(row_times(card))
    if length and each and length.low != length.high and length.low <= each <= length.high and length.low == length.updates_low:
        return EpochLength(each, each, each, each)
    return length
