"""Cards that belong together: by task, base model, data set, year and author, and those that print the same numbers."""

from collections.abc import Iterable
from typing import NamedTuple

from cardaudit.plurals import count, listed
from cardaudit.records import ZooRow
from cardaudit.report.zoo.totals import Totals
from cardaudit.report.zoo.word_counts import WordCounts

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
    words = totals.traits[key]
    most = sorted(words.most, key=lambda each: each.word, reverse=True) if key == "year" else words.most
    groups = tuple(Group(word, f'{key}:"{word}"', cards, faulty, round(100 * faulty / cards, 1)) for word, cards, faulty in most)
    left = words.different - len(groups)
    unsaid = totals.cards - words.cards
    others = [count(left, "smaller group")] if left else []
    others += [f"{count(unsaid, 'card')} without one"] if unsaid else []
    return Trait(name, groups, listed(others))


def twins_of(rows: Iterable[ZooRow], totals: Totals) -> tuple[list[Twins], int]:
    """The largest sets of cards that print the same numbers, and how many sets there are in all."""
    names: dict[str, list[str]] = {each.word: [] for each in totals.twins.most}
    words = WordCounts()
    for row in rows if names else ():
        if row.twins in names:
            if len(names[row.twins]) < MOST_NAMES:
                names[row.twins].append(row.name)
            for kind, value in (("authors", row.author), ("base models", row.base_model), ("data sets", row.dataset)):
                if value:
                    words.add(f"{kind} {row.twins}", value)
    return [_twins(key, cards, names[key], words) for key, cards, _ in totals.twins.most], totals.twins.different


def _twins(key: str, cards: int, names: list[str], words: WordCounts) -> Twins:
    rest = cards - len(names)
    different = [(words.commonest(f"{kind} {key}", 1).different, kind) for kind in ("authors", "base models", "data sets")]
    apart = [f"{number} {kind}" for number, kind in different if number > 1]
    return Twins(f"same:{key}", count(cards, "card"), listed([*names, *([f"{rest:,} more"] if rest else [])]), listed(apart))
