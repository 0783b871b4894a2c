"""Cards that belong together: by task, base model, data set, year and author, and those that print the same numbers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cardaudit.records import ZooRow
from cardaudit.report.words import count, listed
from cardaudit.report.zoo.totals import Totals

MOST_GROUPS = 12
MOST_TWINS = 8
MOST_NAMES = 3


class Group(NamedTuple):
    """Cards with one value of a trait; `faulty` of them have an error, `share` in percent."""

    name: str
    query: str
    cards: int
    faulty: int
    share: float


class Trait(NamedTuple):
    """One way to group the cards: the largest groups and how many cards are in none of them."""

    name: str
    groups: tuple[Group, ...]
    others: str


class Twins(NamedTuple):
    """Cards that print the same table: how many, under how many names of base model and data set, and the first of them."""

    query: str
    cards: str
    names: str
    apart: str


NAMES = {"task": "task", "base": "base model", "data": "data set", "year": "year", "author": "author"}


def traits_of(totals: Totals) -> list[Trait]:
    """The traits by which these cards fall into at least two groups."""
    found = (_trait(name, key, totals) for key, name in NAMES.items())
    return [trait for trait in found if len(trait.groups) > 1]


def _trait(name: str, key: str, totals: Totals) -> Trait:
    cards, faulty = totals.traits[key], totals.faulty[key]
    most = cards.most_common(MOST_GROUPS)
    if key == "year":
        most.sort(reverse=True)
    groups = tuple(Group(word, f'{key}:"{word}"', n, faulty[word], round(100 * faulty[word] / n, 1)) for word, n in most)
    left = len(cards) - len(groups)
    unsaid = totals.cards - cards.total()
    others = [count(left, "smaller group")] if left else []
    others += [f"{count(unsaid, 'card')} without one"] if unsaid else []
    return Trait(name, groups, listed(others))


def twins_of(rows: Iterable[ZooRow], totals: Totals) -> tuple[list[Twins], int]:
    """The largest sets of cards that print the same numbers, and how many sets there are in all."""
    alike = sorted(((key, cards) for key, cards in totals.twins.items() if cards > 1), key=lambda item: (-item[1], item[0]))
    most: dict[str, list[ZooRow]] = {key: [] for key, _ in alike[:MOST_TWINS]}
    for row in rows if most else ():
        if row.twins in most:
            most[row.twins].append(row)
    return [_twins(key, cards) for key, cards in most.items()], len(alike)


def _twins(key: str, cards: Sequence[ZooRow]) -> Twins:
    names = [card.name for card in cards[:MOST_NAMES]]
    rest = len(cards) - len(names)
    apart = [
        f"{len(values)} {words}"
        for words, values in (
            ("authors", {card.author for card in cards if card.author}),
            ("base models", {card.base_model for card in cards if card.base_model}),
            ("data sets", {card.dataset for card in cards if card.dataset}),
        )
        if len(values) > 1
    ]
    return Twins(f"same:{key}", count(len(cards), "card"), listed([*names, *([f"{rest:,} more"] if rest else [])]), listed(apart))
