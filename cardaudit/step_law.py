"""The step law: which numbers of batches in an epoch explain the steps and epochs that a Trainer logged.

Exact (Fraction, int), and without any knowledge of cards. The loop is that of transformers/trainer.py, wheels 4.24.0 to 5.23.0.
"""

from collections.abc import Iterable, Sequence
from math import lcm
from typing import Literal, NamedTuple

from cardaudit.intervals import Interval

Tail = Literal["dropped", "carried", "kept"]
TAILS: tuple[Tail, ...] = ("dropped", "carried", "kept")
_UNBOUNDED = 10**12


class RowTime(NamedTuple):
    """When a table row was evaluated: optimizer updates so far, and the interval that the printed epoch stands for."""

    step: int
    epoch: Interval


class EpochLength(NamedTuple):
    """Dataloader lengths (batches in an epoch, `low` to `high`) that explain a table, and the updates of an epoch at each end."""

    low: int
    high: int
    updates_low: int
    updates_high: int


def updates_per_epoch(batches: int, accumulation: int, ceiling: bool) -> int:
    """Optimizer updates in an epoch of `batches` micro-batches.

    transformers/trainer.py: a run's length counts max(batches // accumulation, 1) up to 4.51 and the ceiling since 4.52; the loop
    itself makes an update of a partial group since 4.47 (wheels 4.26.1 to 5.23.0 read).
    """
    if ceiling:
        return -(-batches // accumulation)
    return max(batches // accumulation, 1)


def row_fits(row: RowTime, batches: int, accumulation: int, ceiling: bool) -> bool:
    """Whether the Trainer can log this step at this epoch with that many batches an epoch.

    With U updates an epoch and q, r = divmod(step, U) the logged epoch is q + r * accumulation / batches; on an epoch's last
    update it is q, or q - 1 + U * accumulation / batches where the last group was cut (transformers/trainer.py,
    `self.state.epoch = epoch + (step + 1) / steps_in_epoch`).
    """
    return _fits(_stamp(row), batches, _batches_at(row.step, batches, accumulation, "kept" if ceiling else "dropped"))


def row_fits_carried(row: RowTime, batches: int, accumulation: int) -> bool:
    """Whether a row fits a loop that counts micro-batches through the epochs, so that a group may span two of them.

    transformers/trainer.py 4.27 to 4.46 (`total_batched_samples % gradient_accumulation_steps == 0`): update s is made at
    micro-batch s * accumulation, which is epoch s * accumulation / batches. An epoch no longer than a group ends with an update
    of its own (`is_last_step_and_steps_less_than_grad_acc`).
    """
    return _fits(_stamp(row), batches, _batches_at(row.step, batches, accumulation, "carried"))


def law_holds(row: RowTime, batches: int, accumulation: int, tail: Tail) -> bool:
    """The step law for one row, by what becomes of the micro-batches that fill no group at an epoch's end.

    "dropped": no update is made of them (transformers up to 4.26); "carried": 4.27 to 4.46; "kept": they make an update of their
    own (since 4.47, `do_sync_step`).
    """
    return _fits(_stamp(row), batches, _batches_at(row.step, batches, accumulation, tail))


def epoch_length(
    rows: Sequence[RowTime], accumulation: int = 1, widest: int = 50_000, tails: Sequence[Tail] = TAILS
) -> EpochLength | None:
    """The dataloader lengths under which the step law holds for every row, by any of `tails`; None where there is none.

    Without accumulation the law is epoch = step / batches, solved in closed form; else every length in the bracket is tried.
    Raises OverflowError where the bracket is wider than `widest`: the rows say too little. Rows want positive epochs.
    """
    if accumulation == 1:
        low = max(-(-row.step * row.epoch.high.denominator // row.epoch.high.numerator) for row in rows)
        high = min(_batches_at_most(row) for row in rows)
        if high == _UNBOUNDED:
            raise OverflowError("the epochs are too early to tell the dataloader's length")
        return EpochLength(low, high, low, high) if 1 <= low <= high else None
    bracket = _bracket(rows, accumulation, widest)
    stamps = [_stamp(row) for row in reversed(rows)]  # the latest row leaves the fewest lengths
    lengths = [
        (batches, updates_per_epoch(batches, accumulation, ceiling=tail == "kept"))
        for tail in tails
        for batches in _holding(stamps, bracket, accumulation, tail)
    ]
    if not lengths:
        return None
    batches, updates = [b for b, _ in lengths], [u for _, u in lengths]
    return EpochLength(min(batches), max(batches), min(updates), max(updates))


def training_sizes(length: EpochLength, batch_of_all_devices: int) -> tuple[int, int]:
    """Fewest and most training examples with that many batches an epoch, the last one possibly partial.

    batches = ceil(N / batch); with `dataloader_drop_last` the range moves up by batch - 1.
    """
    return (length.low - 1) * batch_of_all_devices + 1, length.high * batch_of_all_devices


def _batches_at_most(row: RowTime) -> int:
    """The largest whole number that the step is at least so many epochs of."""
    low = row.epoch.low
    return row.step * low.denominator // low.numerator if low.numerator > 0 else _UNBOUNDED


class _Stamp(NamedTuple):
    """A row's step, and its epoch's ends as whole numbers: Fractions are too slow for the inner loop."""

    step: int
    low: int
    below: int
    high: int
    above: int


def _stamp(row: RowTime) -> _Stamp:
    low, high = row.epoch
    return _Stamp(row.step, low.numerator, low.denominator, high.numerator, high.denominator)


def _fits(stamp: _Stamp, batches: int, micro: Iterable[int]) -> bool:
    """Whether one of the counts of micro-batches is the stamp's epoch at that many batches an epoch."""
    _, low, below, high, above = stamp
    return any(low * batches <= done * below and done * above <= high * batches for done in micro)


def _batches_at(step: int, batches: int, accumulation: int, tail: Tail) -> tuple[int, ...]:
    """Micro-batches since the start when update `step` is logged; on an epoch's last update the cut group may count or not."""
    if tail == "carried":
        return (step * accumulation if batches > accumulation else _short_epoch_batches(step, batches, accumulation),)
    updates = updates_per_epoch(batches, accumulation, ceiling=tail == "kept")
    whole, rest = divmod(step, updates)
    if rest:
        return (whole * batches + rest * accumulation,)
    return whole * batches, (whole - 1) * batches + updates * accumulation


def _holding(stamps: Sequence[_Stamp], bracket: Iterable[int], accumulation: int, tail: Tail) -> Iterable[int]:
    """The lengths of the bracket under which the law holds for every row."""
    for stamp in stamps:
        bracket = [each for each in bracket if _fits(stamp, each, _batches_at(stamp.step, each, accumulation, tail))]
    return bracket


def _short_epoch_batches(step: int, batches: int, accumulation: int) -> int:
    """Micro-batches at update `step` where a group's end and an epoch's end both update; at most step * batches."""
    both = lcm(batches, accumulation)
    low, high = 1, step * batches
    while low < high:
        middle = (low + high) // 2
        if middle // accumulation + middle // batches - middle // both < step:
            low = middle + 1
        else:
            high = middle
    return low


def _bracket(rows: Sequence[RowTime], accumulation: int, widest: int) -> range:
    """Lengths worth trying: U differs from step / epoch by less than one update, batches from U * accumulation by one group."""
    fewest = max(row.step * row.epoch.high.denominator // row.epoch.high.numerator - 1 for row in rows)
    most = min(_batches_at_most(row) for row in rows) + 2
    lengths = range(max((fewest - 1) * accumulation, 1), (most + 1) * accumulation + 1)
    if len(lengths) > widest:
        raise OverflowError(f"{len(lengths)} dataloader lengths are possible")
    return lengths
