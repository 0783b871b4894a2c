"""Geometry of one small chart: a claimed curve and the measured ones over the rows of a training table.

Templates print; everything that needs arithmetic is done here. Coordinates are those of the SVG's view box, rounded to a tenth.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 440.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 70.0, 14.0, 30.0
LABEL_GAP = 15.0
TICK_GAP = 36.0
MOST_POINTS = 200


class Sample(NamedTuple):
    """One row: the claim with its rounding interval, the interval of honest runs, each seed's value, and their mean."""

    x: float
    claimed: float | None
    low: float | None
    high: float | None
    interval: tuple[float, float] | None
    measured: tuple[float, ...]
    typical: float | None


class Dot(NamedTuple):
    x: float
    y: float


class Bar(NamedTuple):
    """A claim's point with its rounding interval; `top` is the smaller coordinate."""

    x: float
    y: float
    top: float
    bottom: float


class Tick(NamedTuple):
    at: float
    label: str


class EndLabel(NamedTuple):
    x: float
    y: float
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws, in view box units."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    band: str
    claim_line: str
    claims: tuple[Bar, ...]
    seed_lines: tuple[str, ...]
    seed_dots: tuple[Dot, ...]
    labels: tuple[EndLabel, ...]


def draw(samples: Sequence[Sample], claim_label: str, measured_label: str) -> Chart | None:
    """The chart of at least two finite points, else None. `claim_label` and `measured_label` stand at the curves' ends."""
    samples = _thinned([s for s in samples if math.isfinite(s.x)])
    values = [v for s in samples for v in (s.claimed, s.low, s.high, *(s.interval or ()), *s.measured) if v is not None]
    values = [v for v in values if math.isfinite(v)]
    points = sum(s.claimed is not None or bool(s.measured) for s in samples)
    if points < 2 or not values:
        return None
    low, high = _range(values)
    xs = [s.x for s in samples]
    across = Scale(min(xs), max(xs), LEFT + 10, WIDTH - RIGHT - 10)
    up = Scale(low, high, HEIGHT - BOTTOM, TOP)
    claims = [s for s in samples if s.claimed is not None]
    seeds = max((len(s.measured) for s in samples), default=0)
    curves = [_curve(samples, seed) for seed in range(seeds)]
    return Chart(
        width=WIDTH, height=HEIGHT, left=LEFT, right=WIDTH - RIGHT, top=TOP, bottom=HEIGHT - BOTTOM,
        x_ticks=tuple(Tick(across(x), f"{x:,.0f}" if x.is_integer() else f"{x:g}") for x in _thin_ticks(xs, across)),
        y_ticks=tuple(Tick(up(y), label) for y, label in ticks(low, high)),
        band=_band(samples, across, up),
        claim_line=_line([(across(s.x), up(s.claimed or 0.0)) for s in claims]),
        claims=tuple(_bar(s, across, up) for s in claims),
        seed_lines=tuple(_line([(across(x), up(y)) for x, y in curve]) for curve in curves),
        seed_dots=tuple(Dot(across(x), up(y)) for curve in curves for x, y in curve),
        labels=_labels(claims, [s for s in samples if s.measured], (across, up), claim_label, measured_label),
    )  # fmt: skip


class Scale(NamedTuple):
    """Values from `low` to `high` as coordinates from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = 0.5 if self.high == self.low else (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def _thinned(samples: Sequence[Sample]) -> list[Sample]:
    if len(samples) <= MOST_POINTS:
        return list(samples)
    last = len(samples) - 1
    return [samples[round(i * last / (MOST_POINTS - 1))] for i in range(MOST_POINTS)]


def _curve(samples: Sequence[Sample], seed: int) -> list[tuple[float, float]]:
    return [(s.x, s.measured[seed]) for s in samples if seed < len(s.measured) and math.isfinite(s.measured[seed])]


def _range(values: Sequence[float]) -> tuple[float, float]:
    """The values with a margin; an axis of shares or losses does not go below 0 for the margin's sake."""
    low, high = min(values), max(values)
    margin = 0.08 * (high - low) or max(abs(high) * 0.02, 0.01)
    return (max(0.0, low - margin) if low >= 0 else low - margin), high + margin


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round values of an axis with their labels, about four steps."""
    step = _nice((high - low) / 4)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [(i * step, f"{i * step:.{places}f}") for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _nice(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _thin_ticks(xs: Sequence[float], across: Scale) -> list[float]:
    """The rows that get a label, from the last backwards, each far enough from the next."""
    kept: list[float] = []
    for x in sorted(set(xs), reverse=True):
        if not kept or across(kept[-1]) - across(x) >= TICK_GAP:
            kept.append(x)
    return kept[::-1]


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) if points else ""


def _bar(sample: Sample, across: Scale, up: Scale) -> Bar:
    claimed = sample.claimed or 0.0
    low = claimed if sample.low is None else sample.low
    high = claimed if sample.high is None else sample.high
    return Bar(across(sample.x), up(claimed), up(high), up(low))


def _band(samples: Sequence[Sample], across: Scale, up: Scale) -> str:
    with_interval = [(s.x, s.interval) for s in samples if s.interval and all(map(math.isfinite, s.interval))]
    if len(with_interval) < 2:
        return ""
    upper = [(across(x), up(interval[1])) for x, interval in with_interval]
    lower = [(across(x), up(interval[0])) for x, interval in reversed(with_interval)]
    return _line([*upper, *lower]) + "Z"


def _labels(
    claims: Sequence[Sample], measured: Sequence[Sample], scales: tuple[Scale, Scale], claim_label: str, measured_label: str
) -> tuple[EndLabel, ...]:
    """Labels at the ends of the curves, moved apart where they would lie on each other."""
    across, up = scales
    ends = [(s, s.claimed, claim_label, "claimed") for s in claims[-1:]]
    ends += [(s, s.typical, measured_label, "measured") for s in measured[-1:]]
    labels = [EndLabel(across(s.x), up(y), text, tone) for s, y, text, tone in ends if y is not None and math.isfinite(y)]
    if len(labels) < 2 or labels[0].x != labels[1].x or abs(labels[0].y - labels[1].y) >= LABEL_GAP:
        return tuple(labels)
    middle = min(max((labels[0].y + labels[1].y) / 2, TOP + LABEL_GAP / 2), HEIGHT - BOTTOM - LABEL_GAP / 2)
    shift = LABEL_GAP / 2 if labels[0].y <= labels[1].y else -LABEL_GAP / 2
    return labels[0]._replace(y=round(middle - shift, 1)), labels[1]._replace(y=round(middle + shift, 1))
