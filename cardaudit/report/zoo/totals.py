"""What an index page says of all its cards, counted in one walk over them: a million rows need not stand in memory."""

from collections import Counter
from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import NamedTuple

from cardaudit.records import ZooRow
from cardaudit.report.zoo.news import DOUBTS, is_open, price_order
from cardaudit.report.zoo.rows import severities

MOST_DOTS = 2000
PENDING = 1000


class Totals(NamedTuple):
    """Counts over all cards.

    `gravest` is by the gravest severity, "none" and "unread" beside; `traits` and `faulty` (cards with an error) by trait and
    value; `twins` by what cards with the same numbers share; `retrained` are the first of the cards with an outcome, `doubts`
    the cheapest open claims.
    """

    cards: int
    errors: int
    read: int
    seen: int
    gravest: Counter[str]
    outcomes: Counter[str]
    traits: dict[str, Counter[str]]
    faulty: dict[str, Counter[str]]
    twins: Counter[str]
    retrained: list[ZooRow]
    doubts: list[ZooRow]


TRAITS: dict[str, Callable[[ZooRow], str | int | None]] = {
    "task": lambda row: row.task,
    "base": lambda row: row.base_model,
    "data": lambda row: row.dataset,
    "year": lambda row: row.year,
    "author": lambda row: row.author,
}


def totals_of(rows: Iterable[ZooRow]) -> Totals:
    """The totals of these rows."""
    cards = errors = read = seen = 0
    gravest: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    twins: Counter[str] = Counter()
    traits: dict[str, Counter[str]] = {name: Counter() for name in TRAITS}
    faulty: dict[str, Counter[str]] = {name: Counter() for name in TRAITS}
    retrained: list[ZooRow] = []
    doubts: list[ZooRow] = []
    for row in rows:
        cards, read, seen = cards + 1, read + row.numbers_read, seen + row.numbers_seen
        errors += row.errors > 0
        gravest[(severities(row) or ("none",))[0]] += 1
        for name, value in TRAITS.items():
            if word := value(row):
                traits[name][str(word)] += 1
                faulty[name][str(word)] += row.errors > 0
        if row.twins:
            twins[row.twins] += 1
        if row.outcome:
            outcomes[row.outcome] += 1
            if len(retrained) < MOST_DOTS:
                retrained.append(row)
        if is_open(row):
            doubts.append(row)
            if len(doubts) > PENDING:
                doubts = nsmallest(DOUBTS, doubts, key=price_order)
    doubts = nsmallest(DOUBTS, doubts, key=price_order)
    return Totals(cards, errors, read, seen, gravest, outcomes, traits, faulty, twins, retrained, doubts)
