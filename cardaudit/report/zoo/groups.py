"""Cards that belong together: by task, base model, data set, year and author, and those that print the same numbers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cardaudit.records import ZooRow
from cardaudit.report.words import count, listed

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


TRAITS: tuple[tuple[str, str, Callable[[ZooRow], str | int | None]], ...] = (
    ("task", "task", lambda row: row.task),
    ("base model", "base", lambda row: row.base_model),
    ("data set", "data", lambda row: row.dataset),
    ("year", "year", lambda row: row.year),
    ("author", "author", lambda row: row.author),
)


def traits_of(rows: Sequence[ZooRow]) -> list[Trait]:
    """The traits by which these cards fall into at least two groups."""
    found = (_trait(name, key, value, rows) for name, key, value in TRAITS)
    return [trait for trait in found if len(trait.groups) > 1]


def _trait(name: str, key: str, value: Callable[[ZooRow], str | int | None], rows: Sequence[ZooRow]) -> Trait:
    cards = Counter(str(value(row)) for row in rows if value(row))
    faulty = Counter(str(value(row)) for row in rows if value(row) and row.errors)
    most = cards.most_common(MOST_GROUPS)
    if key == "year":
        most.sort(reverse=True)
    groups = tuple(Group(word, f'{key}:"{word}"', n, faulty[word], round(100 * faulty[word] / n, 1)) for word, n in most)
    left = len(cards) - len(groups)
    unsaid = len(rows) - cards.total()
    others = [count(left, "smaller group")] if left else []
    others += [f"{count(unsaid, 'card')} without one"] if unsaid else []
    return Trait(name, groups, listed(others))


def twins_of(rows: Sequence[ZooRow]) -> tuple[list[Twins], int]:
    """The largest sets of cards that print the same numbers, and how many sets there are in all."""
    sets: defaultdict[str, list[ZooRow]] = defaultdict(list)
    for row in rows:
        if row.twins:
            sets[row.twins].append(row)
    alike = sorted(((key, cards) for key, cards in sets.items() if len(cards) > 1), key=lambda item: (-len(item[1]), item[0]))
    return [_twins(key, cards) for key, cards in alike[:MOST_TWINS]], len(alike)


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
