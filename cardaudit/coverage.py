"""How much of a card was read: silence is only worth something beside this figure."""

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Hyperparameters, Printed

NUMBER = deferred(r"(?<![\w.])[-+]?\d[\d,]*(?<!,)(?:\.\d+)?(?:[eE][-+]?\d+)?%?(?!\w)")
SETTINGS = attrgetter(*(field.name for field in fields(Hyperparameters) if field.name != "other"))


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
    return (printed for printed in prints(card) if printed.value is not None)


def prints(card: Card) -> list[Printed]:
    """Every print that a field of the card took, numbers and words; `metadata` and `generator` only repeat them."""
    taken = [card.model_name, card.base_model, card.task, *SETTINGS(card.hyperparameters)]
    for settings in (card.hyperparameters.other, card.headline):
        taken += settings.values()
    for row in card.epochs:
        taken += (row.epoch, row.step, row.training_loss, row.validation_loss, *row.metrics.values())
    taken += [result.number for result in card.model_index]
    taken += [result.number for result in card.results]
    taken += card.framework_versions.values()
    return [printed for printed in taken if printed is not None]
