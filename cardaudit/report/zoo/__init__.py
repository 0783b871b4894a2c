"""The index page of a zoo: what changed, what matters first, filters kept in the address, a row a card."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cardaudit.records import Zoo, ZooRow
from cardaudit.report.pages import render_page
from cardaudit.report.words import OUTCOMES, RANK, SEVERITIES, Mark, count, listed
from cardaudit.report.zoo.groups import traits_of, twins_of
from cardaudit.report.zoo.news import changed_cards, doubts_of, news_of
from cardaudit.report.zoo.rows import impact, record, severities, shown
from cardaudit.report.zoo.scatter import scatter_of

__all__ = ["render_zoo"]

FIRST_ROWS = 200


class ShownRule(NamedTuple):
    """One rule; `share` of the cards that it could check have a finding, in percent."""

    rule: str
    mark: Mark
    fired: int
    checked: int
    share: float


class Tally(NamedTuple):
    """How many cards have this as their gravest finding; `start` and `width` place it in a bar of 100."""

    mark: Mark
    query: str
    cards: int
    start: float
    width: float


def render_zoo(zoo: Zoo) -> str:
    """index.html of a zoo, one file. Without a script it shows all totals and the first 200 cards."""
    kinds = changed_cards(zoo)
    rows = [shown(row, kinds.get(row.name, ())) for row in sorted(zoo.rows, key=impact)]
    twins, sets = twins_of(zoo.rows)
    return render_page(
        "zoo.html.j2",
        script="zoo.js",
        zoo=zoo,
        sentence=_sentence(zoo.rows),
        read=f"{sum(r.numbers_read for r in zoo.rows):,} of {sum(r.numbers_seen for r in zoo.rows):,}",
        news=news_of(zoo) if zoo.since else [],
        doubts=doubts_of(zoo.rows),
        tallies=_tallies(zoo.rows),
        rules=_rules(zoo),
        traits=traits_of(zoo.rows),
        twins=twins,
        twin_sets=sets,
        scatter=scatter_of(zoo.rows),
        rows=rows[:FIRST_ROWS],
        total=len(rows),
        retrained=any(row.outcome for row in zoo.rows),
        record=record(rows),
    )


def _sentence(rows: Sequence[ZooRow]) -> str:
    readable = [row for row in rows if not row.error]
    errors = sum(row.errors > 0 for row in readable)
    parts = [f"{errors:,} with an error" if errors else "none with an error"]
    outcomes = Counter(row.outcome for row in readable if row.outcome)
    if outcomes:
        told = [f"{outcomes[outcome]:,} {mark.word}" for outcome, mark in OUTCOMES.items() if outcomes[outcome]]
        parts.append(f"{outcomes.total():,} retrained ({listed(told)})")
    if len(readable) < len(rows):
        parts.append(f"{len(rows) - len(readable):,} that could not be read")
    return f"{count(len(rows), 'card')}: {listed(parts)}."


def _tallies(rows: Sequence[ZooRow]) -> list[Tally]:
    gravest = Counter((severities(row) or ("none",))[0] for row in rows)
    kinds = (
        ("error", SEVERITIES["error"], "severity:error"),
        ("warning", SEVERITIES["warning"], "severity:warning -severity:error"),
        ("note", SEVERITIES["info"], "severity:note -severity:warning -severity:error"),
        ("none", Mark("✓", "nothing found", "agrees"), "severity:none"),
        ("unread", Mark("∅", "not readable", "open"), "severity:unread"),
    )
    tallies, start = [], 0.0
    for name, mark, query in kinds:
        width = 100 * gravest[name] / max(1, len(rows))
        if gravest[name] or name != "unread":
            tallies.append(Tally(mark, query, gravest[name], round(start, 2), round(width, 2)))
        start += width
    return tallies


def _rules(zoo: Zoo) -> list[ShownRule]:
    fired = [rule for rule in zoo.rules if rule.fired]
    ordered = sorted(fired, key=lambda rule: (RANK[rule.severity], -rule.fired, rule.rule))
    return [
        ShownRule(r.rule, SEVERITIES[r.severity], r.fired, r.checked, round(100 * r.fired / max(1, r.checked), 1))
        for r in ordered
    ]
