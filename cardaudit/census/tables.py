"""The fingerprint of a card's training table: equal for two cards whose every cell is printed alike."""

from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from cardaudit.census import LEAST_ROWS
from cardaudit.records import Card, Printed

LEAST_NUMBERS = 4
LEAST_DIGITS = 3


def table_digest(card: Card) -> str | None:
    """16 hex digits of all cells: epoch and step by value, losses and metrics as printed; None where chance makes tables equal.

    Asked are 2 rows, and 4 different losses or metrics of at least 3 significant digits. What a column is called and where it
    stands does not count, for a text that retells a card renames it.
    """
    if len(card.epochs) < LEAST_ROWS:
        return None
    lines: list[str] = []
    told: set[str] = set()
    for row in card.epochs:
        cells = [_text(row.validation_loss), *map(_text, row.metrics.values())]
        training = _text(row.training_loss)
        if len(told) < LEAST_NUMBERS:
            told.update(text for text in (training, *cells) if len(text.replace(".", "").lstrip("0")) >= LEAST_DIGITS)
        lines.append(f"{_value(row.epoch)}|{_value(row.step)}|{training}|{'|'.join(sorted(filter(None, cells)))}")
    if len(told) < LEAST_NUMBERS:
        return None
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def _value(number: Printed | None) -> str:
    return _normal(number.value) if number and number.value is not None and number.value.is_finite() else ""


@lru_cache(maxsize=1024)
def _normal(value: Decimal) -> str:
    """Equal numbers print alike; the same epochs and steps stand in most tables."""
    return str(value.normalize())


def _text(number: Printed | None) -> str:
    return number.text if number is not None and number.value is not None else ""
