"""What a reader of every morning looks at first: what changed since the last time, and what would be cheapest to settle."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cardaudit.durations import roughly
from cardaudit.plurals import count
from cardaudit.records import Change, Rate, Zoo, ZooRow
from cardaudit.report.words import OUTCOMES, RANK, SEVERITIES, Mark, metric_words
from cardaudit.report.zoo.rows import doubt

MOST_CHANGES = 10
DOUBTS = 3
SEEDS = 5  # what an honest claim needs on average before it is settled: benchmarks/results/verdict-simulation.md
MARKS = {"new": Mark("+", "new", "error"), "fixed": Mark("✓", "fixed", "agrees"), "contested": OUTCOMES["deviates"]}


class ShownChange(NamedTuple):
    """A finding that came or went, or a claim that became contested, over all cards that share it."""

    what: str
    severity: Mark | None
    cards: str
    query: str
    first: tuple[tuple[str, str], ...]


class News(NamedTuple):
    """One kind of change; `more` further lines are left out."""

    kind: str
    mark: Mark
    cards: str
    changes: tuple[ShownChange, ...]
    more: int


class Doubt(NamedTuple):
    """A claim that retraining would settle, with its price: minutes of one GPU for the seeds it takes."""

    name: str
    href: str
    claimed: str
    why: str
    price: str


def news_of(zoo: Zoo) -> list[News]:
    """The three kinds, each with its changes grouped by rule, gravest and most frequent first."""
    return [_news(kind, [change for change in zoo.changes if change.kind == kind]) for kind in MARKS]


def changed_cards(zoo: Zoo) -> dict[str, tuple[str, ...]]:
    """The kinds of change by the name of the card, for the filter."""
    kinds: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for change in zoo.changes:
        kinds[change.name][change.kind] = None
    return {name: tuple(found) for name, found in kinds.items()}


def _news(kind: str, changes: Sequence[Change]) -> News:
    by_rule: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_rule[change.rule or change.words].append(change)
    ordered = sorted(by_rule.items(), key=lambda item: (RANK[item[1][0].severity], -len(item[1]), item[0]))
    lines = tuple(_shown(kind, what, found) for what, found in ordered[:MOST_CHANGES])
    cards = count(len({change.name for change in changes}), "card")
    return News(kind, MARKS[kind], cards, lines, max(0, len(ordered) - MOST_CHANGES))


def _shown(kind: str, what: str, changes: Sequence[Change]) -> ShownChange:
    rule = changes[0].rule
    query = f"change:{kind}" + (f" rule:{rule}" if rule and kind == "new" else "")
    first = tuple((change.name, change.href) for change in changes[:3])
    severity = SEVERITIES[changes[0].severity] if rule else None
    return ShownChange(what, severity, count(len(changes), "card"), query, first)


def is_open(row: ZooRow) -> bool:
    """A claim with an error or a warning, not settled yet, that retraining at a known price would settle."""
    doubtful = row.errors or row.warnings
    return bool(doubtful and row.claimed and row.seconds and row.outcome in (None, "undecided"))


def price_order(row: ZooRow) -> tuple[float, int, str]:
    """The cheapest doubt first; among equals, the gravest."""
    return row.seconds or 0.0, -doubt(row), row.name


def doubts_of(rows: Sequence[ZooRow], rate: Rate | None = None) -> list[Doubt]:
    """The words for the claims that are cheapest to settle."""
    return [_doubt(row, rate) for row in sorted(filter(is_open, rows), key=price_order)[:DOUBTS]]


def _doubt(row: ZooRow, rate: Rate | None) -> Doubt:
    found = count(row.errors, "error") if row.errors else count(row.warnings, "warning")
    seconds = SEEDS * (row.seconds or 0.0)
    time = f"about {roughly(seconds)}" if seconds >= 60 else "less than a minute"
    price = f"about {rate.words(seconds)}, {time.removeprefix('about ')}" if rate else time
    claimed = f"{metric_words(row.metric)} {row.claimed}"
    return Doubt(row.name, row.href, claimed, found, f"{price} of one GPU for {SEEDS} seeds")
