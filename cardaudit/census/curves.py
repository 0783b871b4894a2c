"""A card's training table beside those of its peers, epoch by epoch."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from cardaudit.census.spread import center_of
from cardaudit.records import Card, Printed
from cardaudit.records.census import Peers

LEAST_PEERS = 2


class CurvePoint(NamedTuple):
    """One row: what the card prints there, and the medians of the `authors` who evaluated at the same epoch."""

    epoch: str
    authors: int
    loss: str | None
    median_loss: float | None
    metric: str | None
    median_metric: float | None


def curve_of(found: Peers, card: Card) -> tuple[CurvePoint, ...]:
    """The rows of the card at whose epoch at least two peers print a number; the metric is the headline's leading one."""
    lead = found.spreads[0].metric if found.spreads else None
    held: dict[Decimal, list[tuple[str, str]]] = {}
    for run in found.runs:
        for epoch, loss, value in run.curve:
            if (at := _number(epoch)) is not None:
                held.setdefault(at.normalize(), []).append((loss, value if run.curve_metric == lead else ""))
    points = []
    for row in card.epochs:
        peers = held.get(row.epoch.value.normalize(), []) if row.epoch and row.epoch.value is not None else []
        if len(peers) >= LEAST_PEERS and row.epoch:
            metric = row.metrics.get(lead) if lead else None
            medians = (_median(loss for loss, _ in peers), _median(value for _, value in peers))
            points.append(
                CurvePoint(row.epoch.text, len(peers), _text(row.validation_loss), medians[0], _text(metric), medians[1])
            )
    return tuple(points)


def _median(texts: Iterable[str]) -> float | None:
    values = [float(value) for text in texts if (value := _number(text)) is not None]
    return center_of(values) if len(values) >= LEAST_PEERS else None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _text(number: Printed | None) -> str | None:
    return number.text if number is not None and number.value is not None else None
