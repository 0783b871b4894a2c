"""What accuracy, precision and recall of two classes leave for the share of positives and Matthews' correlation. Not a rule."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from cardaudit.intervals import Interval


def prevalence(accuracy: Interval, precision: Interval, recall: Interval) -> Interval | None:
    """The shares q of positives that these three leave; None where there is none in [0, 1].

    With true positives R q, false negatives (1 - R) q and false positives R q (1 - P) / P, 1 - accuracy is their sum of errors:
    q = (1 - accuracy) / (1 - 2 R + R / P). False positives are negatives: q <= 1 / (1 + R (1 - P) / P), at which no negative is
    recognised and accuracy is TP / (TP + FP + FN) = 1 / (1 / P + 1 / R - 1). Both are linear in R and in 1 / P, so that their
    extremes lie at the corners.
    """
    if precision.low <= 0 or recall.low <= 0 or accuracy.high > 1:
        return None
    corners = [(r.numerator, r.denominator, p.numerator, p.denominator) for r in recall for p in precision]
    errors = [
        Fraction(b * c - 2 * a * c + a * d, b * c) for a, b, c, d in corners
    ]  # 1 - 2 R + R / P, with R = a / b and P = c / d
    room = max(Fraction(b * c, b * c + a * (d - c)) for a, b, c, d in corners)
    if max(errors) <= 0:
        return Interval(0 * room, room) if accuracy.high >= 1 else None
    low = (1 - accuracy.high) / max(errors)
    high = min((1 - accuracy.low) / min(errors), room) if min(errors) > 0 else room
    return Interval(low, high) if low <= high else None


def common(shares: Sequence[Interval]) -> Interval | None:
    """The numbers that lie in all intervals; None where there is none."""
    low, high = max(share.low for share in shares), min(share.high for share in shares)
    return Interval(low, high) if low <= high else None


def correlation(share: Interval, precision: Interval, recall: Interval) -> tuple[float, float] | None:
    """Bounds on Matthews' correlation for this share of positives; None where they say nothing.

    MCC = sqrt(P R TNR NPV) - sqrt((1 - P)(1 - R)(1 - TNR)(1 - NPV)), with 1 - TNR = R q (1 - P) / (P (1 - q)) and
    1 - NPV = (1 - R) q / ((1 - R) q + (1 - q) TNR) (Chicco and Jurman 2020). The rates are bounded one by one, so the bounds hold
    and are a little wide.
    """
    q, p, r = (tuple(map(float, each)) for each in (share, precision, recall))
    if q[0] <= 0 or q[1] >= 1 or p[0] <= 0:
        return None
    fall_out = _clipped(r[0] * q[0] * (1 - p[1]) / (p[1] * (1 - q[0])), r[1] * q[1] * (1 - p[0]) / (p[0] * (1 - q[1])))
    missed = ((1 - r[1]) * q[0], (1 - r[0]) * q[1])
    left = ((1 - q[1]) * (1 - fall_out[1]), (1 - q[0]) * (1 - fall_out[0]))
    omitted = _clipped(missed[0] / (missed[0] + left[1] or 1), missed[1] / (missed[1] + left[0] or 1))
    low = _product(p[0], r[0], 1 - fall_out[1], 1 - omitted[1]) - _product(1 - p[0], 1 - r[0], fall_out[1], omitted[1])
    high = _product(p[1], r[1], 1 - fall_out[0], 1 - omitted[0]) - _product(1 - p[1], 1 - r[1], fall_out[0], omitted[0])
    return low - 1e-9, high + 1e-9


def _clipped(low: float, high: float) -> tuple[float, float]:
    return max(low, 0.0), min(high, 1.0)


def _product(*rates: float) -> float:
    product = 1.0
    for rate in rates:
        product *= max(rate, 0.0)
    return sqrt(product)
