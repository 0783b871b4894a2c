"""Arithmetic on printed numbers: a print is the closed interval of the numbers that print like it.

Everything is exact (Fraction, int): no comparison here depends on binary rounding. Intervals are closed at both ends, because a
tie may have been rounded either way. Nothing in here knows what a card is.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm, sqrt
from typing import Literal, NamedTuple

from cardaudit.records import Printed


Tail = Literal["dropped", "carried", "kept"]
TAILS: tuple[Tail, ...] = ("dropped", "carried", "kept")


class Interval(NamedTuple):
    """A closed interval of real numbers, `low <= high`."""

    low: Fraction
    high: Fraction

    def meets(self, other: "Interval") -> bool:
        """Whether one number lies in both."""
        return self.low <= other.high and other.low <= self.high


class Proportion(NamedTuple):
    """`k` of `n`, with its sampling error: standard error and 95 % Wilson interval, all in [0, 1]."""

    k: int
    n: int
    standard_error: float
    low: float
    high: float


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


def interval(number: Printed, least_slack: Fraction = Fraction(0)) -> Interval | None:
    """What a printed number may have been before rounding; None where it prints no number.

    `least_slack` widens prints that the dialect calls exact.
    """
    if number.value is None or not number.value.is_finite():
        return None
    value, slack = Fraction(number.value), max(Fraction(number.slack), least_slack)
    return Interval(value - slack, value + slack)


def harmonic_mean(first: Fraction, second: Fraction) -> Fraction:
    """2ab / (a + b) for a, b >= 0, and 0 where both are 0 (scikit-learn's and seqeval's F1 with zero_division=0)."""
    return 2 * first * second / (first + second) if first + second else Fraction(0)


def harmonic(precision: Interval, recall: Interval) -> Interval:
    """Every F1 = 2PR / (P + R) that these precisions and recalls can give; below 0 counts as 0.

    The mean is increasing in both arguments, so the ends of the intervals give its ends. It is also concave, so by Jensen the
    mean of several classes' F1 never exceeds the harmonic mean of their mean precision and mean recall: `high` bounds F1 in
    every averaging mode (binary, micro, macro, weighted, samples), `low` only where F1 is made from this very P and R.
    """
    zero = Fraction(0)
    return Interval(
        harmonic_mean(max(precision.low, zero), max(recall.low, zero)),
        harmonic_mean(max(precision.high, zero), max(recall.high, zero)),
    )


def possible_counts(share: Interval, n: int) -> range:
    """Every k with k / n in the interval: Brown and Heathers' GRIM test (2017), solved for k instead of tested."""
    lowest = -(-share.low.numerator * n // share.low.denominator)
    highest = share.high.numerator * n // share.high.denominator
    return range(max(lowest, 0), min(highest, n) + 1)


def possible_sizes(shares: Iterable[Interval], largest: int, smallest: int = 1, multiple_of: int = 1) -> tuple[int, ...]:
    """Every n in [smallest, largest] at which each share is a count k / n: GRIM, solved for n over all values at once.

    Beyond n = 1 / width every n fits, so `largest` wants to stay well below 10 ** decimals.
    """
    start = -(-smallest // multiple_of) * multiple_of
    sizes: Iterable[int] = range(max(start, multiple_of), largest + 1, multiple_of)
    for low, high in sorted(set(shares), key=lambda share: share.high - share.low):
        a, b, c, d = low.numerator, low.denominator, high.numerator, high.denominator
        sizes = [n for n in sizes if -(-a * n // b) <= c * n // d]
    return tuple(sizes)


def accidental_sizes(widths: Sequence[Fraction], largest: int) -> float:
    """How many sizes up to `largest` would fit that many random prints by chance: the sum over n of the product of min(1, n w).

    `widths` are the full widths of the distinct printed values; a print taken as exact counts with the width of its neighbours.
    """
    total = 0.0
    floats = [float(width) for width in widths]
    for n in range(1, largest + 1):
        chance = 1.0
        for width in floats:
            chance *= min(1.0, n * width)
        total += chance
    return total


def telling_size(widths: Sequence[Fraction], chance: float, largest: int) -> int:
    """The largest size, at most `largest`, up to which random prints would fit at most `chance` sizes (accidental_sizes)."""
    total = 0.0
    floats = [float(width) for width in widths]
    for n in range(1, largest + 1):
        fits = 1.0
        for width in floats:
            fits *= min(1.0, n * width)
        total += fits
        if total > chance:
            return n - 1
    return largest


def fraction_of_float(value: Fraction, largest_denominator: int = 2_000_000) -> Fraction | None:
    """The small fraction k / n that a full-precision float stands for, or None where none is within two units of its last place.

    A double holds 53 bits, so two different fractions with denominators below 2 million are at least 2.5e-13 apart and cannot
    both lie within 3e-16 of a value in [0, 1]. A large power of two as denominator is a single-precision number, no count.
    """
    nearest = value.limit_denominator(largest_denominator)
    single_precision = nearest.denominator > 4096 and nearest.denominator & (nearest.denominator - 1) == 0
    return nearest if abs(nearest - value) <= Fraction(3, 10**16) and not single_precision else None


def proportion(k: int, n: int, z: float = 1.959964) -> Proportion:
    """k of n as an estimate: standard error sqrt(p (1 - p) / n) and the score interval of Wilson (1927) at 95 %."""
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Proportion(k, n, sqrt(p * (1 - p) / n), max(centre - half, 0.0), min(centre + half, 1.0))


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
    updates = updates_per_epoch(batches, accumulation, ceiling)
    whole, rest = divmod(row.step, updates)
    low, high = row.epoch
    if rest:
        return low <= whole + Fraction(rest * accumulation, batches) <= high
    return low <= whole <= high or low <= whole - 1 + Fraction(updates * accumulation, batches) <= high


def row_fits_carried(row: RowTime, batches: int, accumulation: int) -> bool:
    """Whether a row fits a loop that counts micro-batches through the epochs, so that a group may span two of them.

    transformers/trainer.py 4.27 to 4.46 (`total_batched_samples % gradient_accumulation_steps == 0`): update s is made at
    micro-batch s * accumulation, which is epoch s * accumulation / batches. An epoch no longer than a group ends with an update
    of its own (`is_last_step_and_steps_less_than_grad_acc`).
    """
    micro = row.step * accumulation if batches > accumulation else _short_epoch_batches(row.step, batches, accumulation)
    return row.epoch.low <= Fraction(micro, batches) <= row.epoch.high


def law_holds(row: RowTime, batches: int, accumulation: int, tail: Tail) -> bool:
    """The step law for one row, by what becomes of the micro-batches that fill no group at an epoch's end.

    "dropped": no update is made of them (transformers up to 4.26); "carried": 4.27 to 4.46; "kept": they make an update of their
    own (since 4.47, `do_sync_step`).
    """
    if tail == "carried":
        return row_fits_carried(row, batches, accumulation)
    return row_fits(row, batches, accumulation, ceiling=tail == "kept")


def epoch_length(
    rows: Sequence[RowTime], accumulation: int = 1, widest: int = 50_000, tails: Sequence[Tail] = TAILS
) -> EpochLength | None:
    """The dataloader lengths under which the step law holds for every row, by any of `tails`; None where there is none.

    Without accumulation the law is epoch = step / batches, solved in closed form; else every length in the bracket is tried.
    Raises OverflowError where the bracket is wider than `widest`: the rows say too little. Rows want positive epochs.
    """
    if accumulation == 1:
        low = max(-(-row.step * row.epoch.high.denominator // row.epoch.high.numerator) for row in rows)
        high = min(_floor(row.step / row.epoch.low) if row.epoch.low > 0 else _UNBOUNDED for row in rows)
        if high == _UNBOUNDED:
            raise OverflowError("the epochs are too early to tell the dataloader's length")
        return EpochLength(low, high, low, high) if 1 <= low <= high else None
    lengths = [
        (batches, updates_per_epoch(batches, accumulation, ceiling=tail == "kept"))
        for tail in tails
        for batches in _bracket(rows, accumulation, widest)
        if all(law_holds(row, batches, accumulation, tail) for row in rows)
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


def entity_counts(precision: Interval, recall: Interval, f1: Interval, gold: int) -> Iterator[tuple[int, int]]:
    """Every (true positives, predicted spans) that prints like these values when the data hold `gold` spans.

    recall = TP / gold, precision = TP / predicted, F1 = 2 TP / (gold + predicted): seqeval's micro average. GRIM for three
    numbers with one known total.
    """
    for hits in possible_counts(recall, gold):
        if hits == 0 or precision.low <= 0:
            continue
        fewest, most = -(-hits // precision.high), _floor(hits / precision.low)
        for predicted in range(max(int(fewest), hits), most + 1):
            if f1.low <= Fraction(2 * hits, gold + predicted) <= f1.high:
                yield hits, predicted


def confusion_matrices(
    accuracy: Interval, precision: Interval, recall: Interval, f1: Interval, n: int
) -> Iterator[tuple[int, int, int]]:
    """Every (true positives, missed, false alarms) of a two-class test on `n` examples that prints like these four values.

    With e = missed + false alarms: accuracy = 1 - e / n, F1 = 2 TP / (2 TP + e), recall = TP / (TP + missed), precision = TP /
    (TP + false alarms). F1 in (0, 1) bounds TP by e F1 / (2 (1 - F1)), so few TP are left to try for each e.
    """
    if f1.low <= 0 or f1.high >= 1 or recall.low <= 0 or precision.low <= 0:
        return
    least_odds, most_odds = (float(share / (2 * (1 - share))) for share in f1)
    least_missed, most_missed = (float(1 / share - 1) for share in (recall.high, recall.low))
    for right in possible_counts(accuracy, n):
        wrong = n - right
        for hits in range(max(int(wrong * least_odds) - 1, 1), min(int(wrong * most_odds) + 2, right) + 1):
            for missed in range(max(int(hits * least_missed) - 1, 0), min(int(hits * most_missed) + 2, wrong) + 1):
                shares = ((recall, hits + missed), (precision, hits + wrong - missed))
                if all(_is_share(hits, of, share) for share, of in shares) and _is_share(2 * hits, 2 * hits + wrong, f1):
                    yield hits, missed, wrong - missed


def _is_share(k: int, n: int, share: Interval) -> bool:
    """Whether k / n lies in an interval, without making a fraction of it."""
    low, high = share
    return low.numerator * n <= k * low.denominator and k * high.denominator <= high.numerator * n


_UNBOUNDED = 10**12


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


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
    fewest = max(_floor(row.step / row.epoch.high) - 1 for row in rows)
    most = min(_floor(row.step / row.epoch.low) + 2 if row.epoch.low > 0 else _UNBOUNDED for row in rows)
    lengths = range(max((fewest - 1) * accumulation, 1), (most + 1) * accumulation + 1)
    if len(lengths) > widest:
        raise OverflowError(f"{len(lengths)} dataloader lengths are possible")
    return lengths


__all__ = [
    "EpochLength",
    "Interval",
    "Proportion",
    "RowTime",
    "TAILS",
    "Tail",
    "accidental_sizes",
    "confusion_matrices",
    "entity_counts",
    "epoch_length",
    "fraction_of_float",
    "harmonic",
    "harmonic_mean",
    "interval",
    "law_holds",
    "possible_counts",
    "possible_sizes",
    "proportion",
    "row_fits",
    "row_fits_carried",
    "telling_size",
    "training_sizes",
    "updates_per_epoch",
]
