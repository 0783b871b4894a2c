"""How much of a card was read: silence is only worth something beside this figure."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from cardaudit.records import Card, Printed

NUMBER = re.compile(r"(?<![\w.])[-+]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:[eE][-+]?\d+)?%?(?!\w)")


class Coverage(NamedTuple):
    """`read`: numbers that a field of the card took; `seen`: those and the numbers on lines that no field took."""

    read: int
    seen: int


def coverage(card: Card) -> Coverage:
    """Counts the numbers of a card that were read and those that were not."""
    read = len({printed.span for printed in numbers(card)})
    unread = sum(len(NUMBER.findall(line.text)) for line in card.unread)
    return Coverage(read, read + unread)


def numbers(card: Card) -> Iterator[Printed]:
    """Every printed number of a card, in the order of its fields; a number that two fields share comes twice."""
    for field in fields(card):
        if field.name not in ("unread", "front_matter", "front_matter_error"):
            yield from _printed(getattr(card, field.name))


def _printed(value: Any) -> Iterator[Printed]:
    if isinstance(value, Printed):
        if value.value is not None:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _printed(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _printed(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            if not isinstance(item, int | str):
                yield from _printed(item)
