"""A card's training table as input of the step law. Not a rule."""

import itertools
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, wraps
from typing import NamedTuple, TypeVar, cast

from cardaudit.intervals import Interval, interval
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import NotCheckable
from cardaudit.rules._columns import integer, is_number, need_rows, stepped_rows
from cardaudit.step_law import TAILS, EpochLength, RowTime, Tail, epoch_length

Answer = TypeVar("Answer")
VERSION = deferred(r"v?(\d+)\.(\d+)")
FIRST_CARRIED_FIRST_KEPT = ((4, 27), (4, 47))
FIRST_CEILING = (4, 52)


class Speed(NamedTuple):
    """What `trainer.evaluate()` says of its speed: seconds, examples a second, batches a second."""

    runtime: Printed
    samples_per_second: Printed
    steps_per_second: Printed | None


def _for_last_card(ask: Callable[[Card], Answer]) -> Callable[[Card], Answer]:
    """A question that several rules ask of one card in turn, its last answer kept, for the last card only."""
    kept: tuple[Card | None, Answer | None, str | None] = (None, None, None)

    @wraps(ask)
    def answer(card: Card) -> Answer:
        nonlocal kept
        known = kept
        if known[0] is not card:
            try:
                kept = known = (card, ask(card), None)
            except NotCheckable as because:
                kept = known = (card, None, str(because))
        _, value, because_of = known
        if because_of is not None:
            raise NotCheckable(because_of)
        return cast(Answer, value)

    return answer


@_for_last_card
def row_times(card: Card) -> tuple[RowTime, ...]:
    """Step and epoch of every whole row that prints both and lies after the start.

    The epoch's interval does not follow the dialect: transformers rounds it to 2 decimals up to 4.39 and prints 4 since 4.40, and
    drops trailing zeros in both, so the column's longest print tells the rounding.
    """
    rows = [(row.epoch, step) for step, row in stepped_rows(card)]
    stamped = [(epoch.value, step) for epoch, step in rows if epoch and epoch.value is not None and is_number(epoch)]
    decimals = max((max(_decimals(value), 2) for value, _ in stamped), default=2)
    times = [(step, _rounded(value, decimals)) for value, step in stamped]
    return tuple([RowTime(step, epoch) for step, epoch in times if epoch.high.numerator > 0])


@lru_cache(maxsize=1024)
def _rounded(epoch: Decimal, decimals: int) -> Interval:
    """What prints as this epoch with so many decimals; the same whole epochs stand in most tables."""
    middle, halves = int(epoch.scaleb(decimals)) * 2, 2 * 10**decimals
    return Interval(Fraction(middle - 1, halves), Fraction(middle + 1, halves))


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


def refuse_foreign_loops(card: Card, in_steps: bool = True) -> None:
    """Raises NotCheckable for runs that the step law does not describe: streamed data, IPUs, resumed or joined tables.

    `in_steps`: runs counted in training_steps are refused too, for their data may have been streamed.
    """
    if in_steps and card.hyperparameters.training_steps:
        raise NotCheckable("the run is counted in training_steps, so its data may have been streamed")
    if is_ipu(card):
        raise NotCheckable("the run was on IPUs, whose replication the card does not state")
    if "sample_packing: true" in card.text:
        raise NotCheckable("examples were packed, so that epochs differ in length")
    times = row_times(card)
    if any(b.step <= a.step or _ends_before(b.epoch, a.epoch) for a, b in itertools.pairwise(times)):
        raise NotCheckable("step or epoch does not rise from row to row, so the table joins several runs")


def refuse_pairs(card: Card) -> None:
    """Raises NotCheckable for SetFit, whose batches hold generated pairs of examples: their number is no data set's size."""
    words = (*card.metadata.tags, *filter(None, (card.metadata.library_name,)))
    if card.dialect == "setfit" or any(word.text.lower() == "setfit" for word in words):
        raise NotCheckable("SetFit's batches hold pairs of examples, whose number is not that of the data")


def is_ipu(card: Card) -> bool:
    """Whether the run was on Graphcore IPUs."""
    distributed = card.hyperparameters.distributed_type
    return (
        bool(distributed and "IPU" in distributed.text.upper())
        or "optimum-graphcore" in card.text
        or "optimum.graphcore" in card.text
    )


@_for_last_card
def solve(card: Card) -> EpochLength | None:
    """The dataloader lengths that explain the table; raises NotCheckable where the card says too little."""
    need_rows(card)
    refuse_foreign_loops(card)
    times = row_times(card)
    if not times:
        raise NotCheckable("no row prints both step and epoch")
    try:
        return epoch_length(times, accumulation(card), tails=tails(card))
    except OverflowError as error:
        raise NotCheckable(str(error)) from None


def transformers_version(card: Card) -> tuple[int, int] | None:
    """Major and minor version of transformers as the card states it, None where it does not; "4.40.0.dev0" counts as 4.40."""
    stated = card.framework_versions.get("transformers")
    found = VERSION.match(stated.text) if stated else None
    return (int(found[1]), int(found[2])) if found else None


def tails(card: Card) -> tuple[Tail, ...]:
    """What the Trainer of the card's version makes of a cut group of accumulation; all three where the version is not known.

    A development version may stand on either side of the change in its own release; axolotl brings a loop of its own.
    """
    version = transformers_version(card)
    if version is None or "axolotl" in card.text:
        return TAILS
    at = sum(version >= first for first in FIRST_CARRIED_FIRST_KEPT)
    if version in FIRST_CARRIED_FIRST_KEPT and "dev" in card.framework_versions["transformers"].text:
        return TAILS[at - 1 : at + 1]
    return (TAILS[at],)


def planned_updates(card: Card, length: EpochLength) -> int:
    """Most updates that the planned epochs hold: ceil(num_epochs * U), with U the updates an epoch at the longest length.

    U is max(L // G, 1) up to transformers 4.51 and ceil(L / G) since 4.52 (trainer.py, `num_update_steps_per_epoch`); the larger
    one where the version is not known. 0 where the epochs are not stated.
    """
    epochs = card.hyperparameters.num_epochs
    if epochs is None or epochs.value is None or not is_number(epochs):
        return 0
    grouped, version = accumulation(card), transformers_version(card)
    floored = version is not None and version < FIRST_CEILING
    updates = max(length.high // grouped, 1) if floored else -(-length.high // grouped)
    return math.ceil(epochs.value * updates)


def evaluation_speed(card: Card) -> Speed:
    """The headline's run time and throughput; raises NotCheckable where it does not print both."""
    runtime, samples = card.headline.get("runtime"), card.headline.get("samples_per_second")
    if runtime is None or samples is None or not is_number(runtime) or not is_number(samples) or not runtime.value:
        raise NotCheckable("run time and samples a second are not stated")
    steps = card.headline.get("steps_per_second")
    return Speed(runtime, samples, steps if steps is not None and is_number(steps) else None)


def counted_in(seconds: Printed, rate: Printed) -> range:
    """The whole numbers in seconds x rate, empty where there is none.

    transformers/trainer_utils.py, `speed_metrics` rounds the run time to 4 decimals and the rates to 3, and drops trailing zeros;
    older cards print 4 decimals of both, never fewer than this widening allows.
    """
    time, per_second = interval(seconds, Fraction(1, 20_000)), interval(rate, Fraction(1, 2_000))
    if time is None or per_second is None:
        return range(0)
    low, high = time.low * per_second.low, time.high * per_second.high
    return range(max(math.ceil(low), 1), math.floor(high) + 1)


def evaluated_each_epoch(times: tuple[RowTime, ...]) -> int | None:
    """Updates an epoch where every row is a whole epoch and steps are proportional to it, else None."""
    step, (low, high) = times[0]
    below, above = low.denominator, high.denominator
    epochs, rest = divmod(low.numerator * above + high.numerator * below, 2 * below * above)  # the middle, without a fraction
    if epochs <= 0 or rest or step % epochs:
        return None
    updates = step // epochs
    return updates if all(time.step % updates == 0 and _is_middle(time, updates) for time in times) else None


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


def spread(fewest: int, most: int) -> str:
    """A range of whole numbers in words: "16", "9 to 16"."""
    return f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"


def _is_middle(time: RowTime, updates: int) -> bool:
    """Whether the step is the epoch's middle times the updates, without making a fraction of it."""
    low, high = time.epoch
    below, above = low.denominator, high.denominator
    return 2 * time.step * below * above == updates * (low.numerator * above + high.numerator * below)


def _ends_before(one: Interval, other: Interval) -> bool:
    return one.high.numerator * other.low.denominator < other.low.numerator * one.high.denominator


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
