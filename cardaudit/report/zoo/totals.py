"""What an index page says of all its cards, counted in one walk over them: a million rows need not stand in memory."""

from collections import Counter
from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import NamedTuple

from cardaudit.records import ZooRow
from cardaudit.report.zoo.news import DOUBTS, is_open, price_order
from cardaudit.report.zoo.rows import severities
from cardaudit.report.zoo.word_counts import WordCounts, Words

MOST_DOTS = 2000
MOST_GROUPS = 12
MOST_TWINS = 8
PENDING = 1000


class Totals(NamedTuple):
    """Counts over all cards.

    `gravest` is by the gravest severity, "none" and "unread" beside; `traits` are the commonest values by trait; `twins` are the
    largest sets of cards with the same numbers; `retrained` the first of the cards with an outcome, `doubts` the cheapest claims
    that are open.
    """

    cards: int
    errors: int
    read: int
    seen: int
    gravest: Counter[str]
    outcomes: Counter[str]
    traits: dict[str, Words]
    twins: Words
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
    words = WordCounts()
    retrained: list[ZooRow] = []
    doubts: list[ZooRow] = []
    for row in rows:
        cards, read, seen = cards + 1, read + row.numbers_read, seen + row.numbers_seen
        errors += row.errors > 0
        gravest[(severities(row) or ("none",))[0]] += 1
        for name, value in TRAITS.items():
            if word := value(row):
                words.add(name, str(word), row.errors > 0)
        if row.twins:
            words.add("twins", row.twins)
        if row.outcome:
            outcomes[row.outcome] += 1
            if len(retrained) < MOST_DOTS:
                retrained.append(row)
        if is_open(row):
            doubts.append(row)
            if len(doubts) > PENDING:
                doubts = nsmallest(DOUBTS, doubts, key=price_order)
    doubts = nsmallest(DOUBTS, doubts, key=price_order)
    traits = {name: words.commonest(name, MOST_GROUPS) for name in TRAITS}
    return Totals(cards, errors, read, seen, gravest, outcomes, traits, words.shared("twins", MOST_TWINS), retrained, doubts)
