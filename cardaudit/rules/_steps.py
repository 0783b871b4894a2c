"""A card's training table as input of the step law. Not a rule."""

import itertools
from decimal import Decimal
from fractions import Fraction

from cardaudit.intervals import EpochLength, Interval, RowTime, epoch_length
from cardaudit.records import Card, Printed
from cardaudit.rule import NotCheckable
from cardaudit.rules._columns import integer, is_number, need_rows, whole_rows


def row_times(card: Card) -> tuple[RowTime, ...]:
    """Step and epoch of every whole row that prints both and lies after the start.

    The epoch's interval does not follow the dialect: transformers rounds it to 2 decimals up to 4.39 and prints 4 since 4.40, and
    drops trailing zeros in both, so the column's longest print tells the rounding.
    """
    rows = [(row.epoch, integer(row.step)) for row in whole_rows(card)]
    stamped = [(epoch, step) for epoch, step in rows if epoch and step and is_number(epoch)]
    slack = Fraction(1, 2 * 10 ** max((max(_decimals(epoch), 2) for epoch, _ in stamped), default=2))
    times = [
        RowTime(step, Interval(Fraction(e.value) - slack, Fraction(e.value) + slack))
        for e, step in stamped
        if e.value is not None
    ]
    return tuple(time for time in times if time.epoch.high > 0)


def accumulation(card: Card) -> int:
    """Micro-batches to an update: as stated, or from the stated total, else 1 (the Trainer prints it only above 1)."""
    parameters = card.hyperparameters
    stated = integer(parameters.gradient_accumulation_steps)
    if stated:
        return stated
    total, batch = integer(parameters.total_train_batch_size), integer(parameters.train_batch_size)
    devices = integer(parameters.num_devices) or 1
    if total and batch and not parameters.num_devices and parameters.distributed_type:
        raise NotCheckable("the number of devices is not stated")
    return total // (batch * devices) if total and batch and total % (batch * devices) == 0 else 1


def refuse_foreign_loops(card: Card) -> None:
    """Raises NotCheckable for runs that the step law does not describe: streamed data, IPUs, resumed or joined tables."""
    parameters = card.hyperparameters
    if parameters.training_steps:
        raise NotCheckable("the run is counted in training_steps, so its data may have been streamed")
    if is_ipu(card):
        raise NotCheckable("the run was on IPUs, whose replication the card does not state")
    times = row_times(card)
    if any(b.step <= a.step or b.epoch.high < a.epoch.low for a, b in itertools.pairwise(times)):
        raise NotCheckable("step or epoch does not rise from row to row, so the table joins several runs")


def is_ipu(card: Card) -> bool:
    """Whether the run was on Graphcore IPUs."""
    distributed = card.hyperparameters.distributed_type
    return (
        bool(distributed and "IPU" in distributed.text.upper())
        or "optimum-graphcore" in card.text
        or "optimum.graphcore" in card.text
    )


def solve(card: Card) -> EpochLength | None:
    """The dataloader lengths that explain the table; raises NotCheckable where the card says too little."""
    need_rows(card)
    refuse_foreign_loops(card)
    times = row_times(card)
    if not times:
        raise NotCheckable("no row prints both step and epoch")
    try:
        return epoch_length(times, accumulation(card))
    except OverflowError as error:
        raise NotCheckable(str(error)) from None


def evaluated_each_epoch(times: tuple[RowTime, ...]) -> int | None:
    """Updates an epoch where every row is a whole epoch and steps are proportional to it, else None."""
    first = times[0]
    epochs = [(time.epoch.low + time.epoch.high) / 2 for time in times]
    if any(epoch.denominator != 1 for epoch in epochs) or first.step % epochs[0]:
        return None
    updates = first.step / epochs[0]
    return int(updates) if all(time.step == updates * epoch for time, epoch in zip(times, epochs, strict=True)) else None


def all_devices_batch(card: Card) -> int | None:
    """Examples to a micro-batch over all devices, None where the card does not say."""
    parameters = card.hyperparameters
    batch = integer(parameters.train_batch_size)
    if batch is None:
        return None
    devices = integer(parameters.num_devices)
    if devices is None and parameters.distributed_type:
        total, each = integer(parameters.total_train_batch_size), batch * accumulation(card)
        return total // accumulation(card) if total and total % each == 0 else None
    return batch * (devices or 1)


def _decimals(number: Printed) -> int:
    exponent = (number.value or Decimal(0)).as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
