"""Numbers of a card that changed between its versions while the numbers beside them stayed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from cardaudit.intervals import interval
from cardaudit.records import Card, Changed, Printed

LEAST_KEPT = 2


class Version(NamedTuple):
    """A card as of a commit; `day` is ISO."""

    commit: str
    day: str
    card: Card


def changes(versions: Sequence[Version]) -> tuple[Changed, ...]:
    """The numbers that a later version replaced, of versions from the oldest on.

    A version with other steps in its table, or one in which most shared numbers differ, is of another run and says nothing; so is
    a number that was only printed with more or fewer digits.
    """
    found: list[Changed] = []
    for before, after in pairwise(versions):
        found.extend(_between(before, after))
    return tuple(found)


def _between(before: Version, after: Version) -> Iterator[Changed]:
    old, new = dict(_numbers(before.card)), dict(_numbers(after.card))
    if _steps(before.card) != _steps(after.card):
        return
    shared = [name for name in old if name in new]
    differing = [name for name in shared if not _same(old[name], new[name])]
    kept = len(shared) - len(differing)
    if not differing or kept < max(LEAST_KEPT, len(differing)):
        return
    commits = (before.commit, after.commit)
    for name in differing:
        yield Changed(name, old[name].text, new[name].text, before.day, after.day, commits, kept)


def _steps(card: Card) -> tuple[str, ...]:
    return tuple(row.step.text for row in card.epochs if row.step is not None)


def _numbers(card: Card) -> Iterator[tuple[str, Printed]]:
    yield from ((f"{metric} of the headline", number) for metric, number in card.headline.items())
    for result in card.model_index:
        yield f"{result.metric} of the front matter ({result.dataset_type}, {result.config}, {result.split})", result.number
    for row in card.epochs:
        where = f"at step {row.step.text}" if row.step else f"at epoch {row.epoch.text}" if row.epoch else ""
        cells = {"training loss": row.training_loss, "validation loss": row.validation_loss, **row.metrics}
        yield from ((f"{name} {where}", cell) for name, cell in cells.items() if cell is not None)


def _same(old: Printed, new: Printed) -> bool:
    first, second = interval(old, _half_place(old)), interval(new, _half_place(new))
    if first is None or second is None:
        return old.text == new.text
    return first.meets(second)


def _half_place(number: Printed) -> Fraction:
    """Half a unit of the last printed place: a short number may be a longer one rounded by hand."""
    exponent = number.value.as_tuple().exponent if number.value is not None else 0
    return Fraction(10) ** exponent / 2 if isinstance(exponent, int) and -20 < exponent < 0 else Fraction(0)
