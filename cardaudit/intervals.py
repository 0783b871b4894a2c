"""Arithmetic on printed numbers: a print is the closed interval of the numbers that print like it.

Everything is exact (Fraction, int): no comparison here depends on binary rounding. Intervals are closed at both ends, because a
tie may have been rounded either way. Nothing in here knows what a card is.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import exp, lcm, log, sqrt
from typing import NamedTuple

from cardaudit.records import Printed


class Interval(NamedTuple):
    """A closed interval of real numbers, `low <= high`."""

    low: Fraction
    high: Fraction

    def meets(self, other: "Interval") -> bool:
        """Whether one number lies in both."""
        return not _above(self.low, other.high) and not _above(other.low, self.high)


class Proportion(NamedTuple):
    """`k` of `n`, with its sampling error: standard error and 95 % Wilson interval, all in [0, 1]."""

    k: int
    n: int
    standard_error: float
    low: float
    high: float


def interval(number: Printed, least_slack: Fraction = Fraction(0)) -> Interval | None:
    """What a printed number may have been before rounding; None where it prints no number.

    `least_slack` widens prints that the dialect calls exact.
    """
    if number.value is None or not number.value.is_finite():
        return None
    return _around(number.value, number.slack, least_slack.numerator, least_slack.denominator)


@lru_cache(maxsize=2048)
def _around(value: Decimal, slack: Decimal, least: int, over: int) -> Interval:
    """[value - slack, value + slack] with a slack of least / over or more; many rules ask for the same numbers of one card."""
    numerator, denominator = value.as_integer_ratio()
    half, halves = slack.as_integer_ratio()
    if half * over < least * halves:
        half, halves = least, over
    whole, width, below = numerator * halves, half * denominator, denominator * halves
    return Interval(Fraction(whole - width, below), Fraction(whole + width, below))


def harmonic_mean(first: Fraction, second: Fraction) -> Fraction:
    """2ab / (a + b) for a, b >= 0, and 0 where both are 0 (scikit-learn's and seqeval's F1 with zero_division=0)."""
    a, b, c, d = first.numerator, first.denominator, second.numerator, second.denominator
    return Fraction(2 * a * c, a * d + c * b) if a or c else Fraction(0)  # one Fraction made where operators make four


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
    ends = {(*low.as_integer_ratio(), *high.as_integer_ratio()) for low, high in shares}
    for a, b, c, d in sorted(ends, key=lambda share: share[2] / share[3] - share[0] / share[1]):
        below = lcm(b, d)
        top, width = c * (below // d), c * (below // d) - a * (below // b)
        sizes = [n for n in sizes if top * n % below <= width * n]  # from n times the upper end down to a whole number
    return tuple(sizes)


def accidental_sizes(widths: Sequence[Fraction], largest: int) -> float:
    """How many sizes up to `largest` would fit that many random prints by chance: the sum over n of the product of min(1, n w).

    `widths` are the full widths of the distinct printed values; a print taken as exact counts with the width of its neighbours.
    """
    return sum(_chances(widths, largest))


def telling_size(widths: Sequence[Fraction], chance: float, largest: int) -> int:
    """The largest size, at most `largest`, up to which random prints would fit at most `chance` sizes (accidental_sizes)."""
    totals = accumulate(_chances(widths, largest))
    return next((at for at, total in enumerate(totals) if total > chance), largest)


def _chances(widths: Sequence[Fraction], largest: int) -> Iterator[float]:
    """For n = 1, 2, ..., `largest` the product of min(1, n w): a power of n times the mean of the widths below 1 / n."""
    floats, n = sorted((float(width) for width in widths), reverse=True), 1
    while n <= largest:
        narrow = [width for width in floats if n * width < 1]
        until = int(1 / narrow[0]) if narrow and narrow[0] * largest > 1 else largest
        mean, power = geometric_mean(narrow), len(narrow)
        yield from [(mean * each) ** power for each in range(n, max(until, n) + 1)]
        n = max(until, n) + 1


def geometric_mean(numbers: Sequence[float]) -> float:
    """The n-th root of the product of n numbers above 0, also where the product is too small for a float; 1 of none."""
    return exp(sum(map(log, numbers)) / len(numbers)) if numbers else 1.0


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


def entity_counts(precision: Interval, recall: Interval, f1: Interval, gold: int) -> Iterator[tuple[int, int]]:
    """Every (true positives, predicted spans) that prints like these values when the data hold `gold` spans.

    recall = TP / gold, precision = TP / predicted, F1 = 2 TP / (gold + predicted): seqeval's micro average. GRIM for three
    numbers with one known total. No TP = 0, and none where precision may be 0: any number of spans may then have been predicted.
    Lazy, with a few steps for each TP, so that asking for the first is cheap however wide the prints are.
    """
    if precision.low <= 0 or f1.high <= 0:
        return
    for hits in possible_counts(recall, gold):
        fewest = max(_ceiling(hits, precision.high), _ceiling(2 * hits, f1.high) - gold, hits)
        most = hits * precision.low.denominator // precision.low.numerator
        if f1.low > 0:
            most = min(most, 2 * hits * f1.low.denominator // f1.low.numerator - gold)
        if hits:
            yield from ((hits, predicted) for predicted in range(fewest, most + 1))


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


def _above(one: Fraction, other: Fraction) -> bool:
    """one > other, in half the time."""
    return one.numerator * other.denominator > other.numerator * one.denominator


def _is_share(k: int, n: int, share: Interval) -> bool:
    """Whether k / n lies in an interval, without making a fraction of it."""
    low, high = share
    return low.numerator * n <= k * low.denominator and k * high.denominator <= high.numerator * n


def _ceiling(count: int, share: Fraction) -> int:
    """ceil(count / share)."""
    return -(-count * share.denominator // share.numerator)


__all__ = [
    "Interval",
    "Proportion",
    "accidental_sizes",
    "confusion_matrices",
    "entity_counts",
    "fraction_of_float",
    "geometric_mean",
    "harmonic",
    "harmonic_mean",
    "interval",
    "possible_counts",
    "possible_sizes",
    "proportion",
    "telling_size",
]
