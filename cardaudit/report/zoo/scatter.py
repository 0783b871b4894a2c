"""Claim against measured: one dot for each card that was retrained. On the diagonal, what was claimed is what came out."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from cardaudit.records import ZooRow
from cardaudit.report.words import OUTCOMES, Mark, beside, metric_words

SIZE, LEFT, BOTTOM, MARGIN = 360.0, 46.0, 34.0, 12.0
LOSSES = ("loss", "perplexity", "wer", "cer", "rmse", "mae", "mse")


class Dot(NamedTuple):
    """One card; `shape` is the path of its outcome's sign, drawn around its place."""

    x: float
    y: float
    shape: str
    mark: Mark
    name: str
    href: str
    claimed: str
    measured: str


class Tick(NamedTuple):
    at: float
    label: str


class Scatter(NamedTuple):
    """What the template draws, in view box units; `hidden` cards have a metric that is no share of 1."""

    size: float
    left: float
    bottom: float
    top: float
    right: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    hidden: int


SHAPES = {
    "agrees": "M-4,0A4,4 0 1 0 4,0A4,4 0 1 0 -4,0Z",
    "deviates": "M-4.5,-4.5L4.5,4.5M-4.5,4.5L4.5,-4.5",
    "open": "M-4,-4L4,-4L4,4L-4,4Z",
}


def scatter_of(rows: Sequence[ZooRow]) -> Scatter | None:
    """The picture of the retrained cards whose metric is a share; None where there are none."""
    retrained = [(row, _share(row)) for row in rows if row.measured is not None and row.outcome]
    placed = [(row, share) for row, share in retrained if share]
    if not placed:
        return None
    low, high = _range([value for _, share in placed for value in share])
    left, right, top, bottom = LEFT, SIZE - MARGIN, MARGIN, SIZE - BOTTOM

    def across(value: float) -> float:
        return round(left + (value - low) / (high - low) * (right - left), 1)

    def up(value: float) -> float:
        return round(bottom - (value - low) / (high - low) * (bottom - top), 1)

    ticks = [low + (high - low) * i / 4 for i in range(5)]
    dots = tuple(_dot(row, across(claimed), up(measured)) for row, (claimed, measured) in placed)
    x_ticks, y_ticks = (tuple(Tick(scale(tick), f"{tick:.3g}") for tick in ticks) for scale in (across, up))
    return Scatter(SIZE, left, bottom, top, right, x_ticks, y_ticks, dots, len(retrained) - len(placed))


def _share(row: ZooRow) -> tuple[float, float] | None:
    """Claimed and measured as shares of 1; None for losses and what is no share."""
    percent = row.claimed.strip().endswith("%")
    try:
        claimed = float(row.claimed.strip().rstrip("%")) / (100 if percent else 1)
    except ValueError:
        return None
    measured = row.measured
    if row.metric in LOSSES or row.metric.endswith("_loss") or measured is None or not math.isfinite(measured):
        return None
    return (claimed, measured) if -1 <= claimed <= 1 and -1 <= measured <= 1 else None


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Both axes alike, in tenths, and at least a tenth wide."""
    low, high = math.floor(min(values) * 10) / 10, math.ceil(max(values) * 10) / 10
    return (low, high) if high > low else (low - 0.1, high) if high >= 1 else (low, high + 0.1)


def _dot(row: ZooRow, x: float, y: float) -> Dot:
    mark = OUTCOMES[row.outcome or "not measured"]
    claimed = f"{metric_words(row.metric)} {row.claimed}"
    return Dot(x, y, SHAPES[mark.tone], mark, row.name, row.href, claimed, beside(row.measured or 0.0, row.claimed))
