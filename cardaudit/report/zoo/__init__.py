"""The index page of a zoo: what changed, what matters first, filters kept in the address, a row a card."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from cardaudit.plurals import count, listed
from cardaudit.records import Zoo
from cardaudit.report.pages import render_page, write_whole
from cardaudit.report.words import OUTCOMES, RANK, SEVERITIES, Mark
from cardaudit.report.zoo.groups import traits_of, twins_of
from cardaudit.report.zoo.linted import Linted
from cardaudit.report.zoo.news import changed_cards, doubts_of, news_of
from cardaudit.report.zoo.rows import ShownRow, impact, record, shown
from cardaudit.report.zoo.scatter import scatter_of
from cardaudit.report.zoo.totals import Totals, totals_of

__all__ = ["render_zoo", "save_zoo"]

FIRST_ROWS = 200
MOST_RULES = 12  # the others are folded away
PART = 50_000  # rows that a page carries itself; a browser opens so many at once


class ShownRule(NamedTuple):
    """One rule; `share` of the cards that it could check have a finding, in percent; `some`: in how many it is so grave."""

    rule: str
    mark: Mark
    fired: int
    checked: int
    share: float
    some: str = ""


class Tally(NamedTuple):
    """How many cards have this as their gravest finding; `start` and `width` place it in a bar of 100."""

    mark: Mark
    query: str
    cards: int
    start: float
    width: float


def render_zoo(zoo: Zoo, linted: Linted | None = None) -> str:
    """index.html of a zoo, whole in one file. Without a script it shows all totals and the first 200 cards.

    `linted`: what was found in each of cards that have no pages of their own.
    """
    totals = totals_of(zoo.rows)
    return _index(zoo, _part(_shown(zoo), totals.cards, parts=1, total=totals.cards), totals, parts=1, linted=linted)


def save_zoo(zoo: Zoo, folder: Path) -> Path:
    """Writes the index page, and what goes beyond 50,000 cards into files beside it that the page asks for when wanted.

    Returns the page's path. Each file is whole or absent; where `zoo.ordered`, the data of at most 50,000 rows stand in memory.
    """
    totals, rows = totals_of(zoo.rows), _shown(zoo)
    parts = max(1, -(-totals.cards // PART))
    first = _part(rows, PART, parts=parts, total=totals.cards)
    for number in range(2, parts + 1):
        write_whole(folder / f"cards-{number}.js", f"cardauditRows({number},{_part(rows, PART).data});\n")
    for left in folder.glob("cards-*.js"):
        if not left.stem[6:].isdigit() or int(left.stem[6:]) > parts:
            left.unlink()
    write_whole(folder / "index.html", _index(zoo, first, totals, parts))
    return folder / "index.html"


class _Part(NamedTuple):
    """Rows for the page's script, as JSON; the first of them also for who has none."""

    data: str
    first: list[ShownRow]


def _part(rows: Iterator[ShownRow], most: int, **more: int) -> _Part:
    """The next rows, at most so many."""
    first = list(islice(rows, min(most, FIRST_ROWS)))
    return _Part(record(chain(first, islice(rows, most - len(first))), **more), first)


def _shown(zoo: Zoo) -> Iterator[ShownRow]:
    kinds = changed_cards(zoo)
    rows = zoo.rows if zoo.ordered else sorted(zoo.rows, key=impact)
    return (shown(row, kinds.get(row.name, ())) for row in rows)


def _index(zoo: Zoo, rows: _Part, totals: Totals, parts: int, linted: Linted | None = None) -> str:
    twins, sets = twins_of(zoo.rows, totals)
    news, doubts = news_of(zoo) if zoo.since else [], doubts_of(totals.doubts, zoo.rate)
    traits, scatter = traits_of(totals), scatter_of(totals.retrained)
    parts_of_page = {
        "news": ("Since the last time", news),
        "doubts": ("Cheapest to settle", doubts),
        "gravity": ("Gravest finding", True),
        "rules": ("By rule", True),
        "groups": ("By kind", traits),
        "twins": ("The same numbers", twins),
        "scatter": ("Claim against measured", scatter),
        "cards": ("The cards", True),
        "findings": ("Findings", linted is not None and linted.cards),
    }
    return render_page(
        "zoo.html.j2",
        script="zoo.js",
        beside=parts > 1,
        zoo=zoo,
        sentence=_sentence(totals),
        read=f"{totals.read:,} of {totals.seen:,}",
        sections=[(name, title) for name, (title, there) in parts_of_page.items() if there],
        news=news,
        doubts=doubts,
        tallies=_tallies(totals),
        rules=_rules(zoo),
        most_rules=MOST_RULES,
        traits=traits,
        twins=twins,
        twin_sets=sets,
        scatter=scatter,
        rows=rows.first,
        total=totals.cards,
        retrained=bool(totals.outcomes),
        record=rows.data,
        linted=linted,
        severities=SEVERITIES,
    )


def _sentence(totals: Totals) -> str:
    parts = [f"{totals.errors:,} with an error" if totals.errors else "none with an error"]
    if outcomes := totals.outcomes:
        told = [f"{outcomes[outcome]:,} {mark.word}" for outcome, mark in OUTCOMES.items() if outcomes[outcome]]
        parts.append(f"{outcomes.total():,} retrained ({listed(told)})")
    if unread := totals.gravest["unread"]:
        parts.append(f"{unread:,} that could not be read")
    return f"{count(totals.cards, 'card')}: {listed(parts)}."


def _tallies(totals: Totals) -> list[Tally]:
    kinds = (
        ("error", SEVERITIES["error"], "severity:error"),
        ("warning", SEVERITIES["warning"], "severity:warning -severity:error"),
        ("note", SEVERITIES["info"], "severity:note -severity:warning -severity:error"),
        ("none", Mark("✓", "nothing found", "agrees"), "severity:none"),
        ("unread", Mark("∅", "not readable", "open"), "severity:unread"),
    )
    tallies, start = [], 0.0
    for name, mark, query in kinds:
        width = 100 * totals.gravest[name] / max(1, totals.cards)
        if totals.gravest[name] or name != "unread":
            tallies.append(Tally(mark, query, totals.gravest[name], round(start, 2), round(width, 2)))
        start += width
    return tallies


def _rules(zoo: Zoo) -> list[ShownRule]:
    fired = [rule for rule in zoo.rules if rule.fired]
    ordered = sorted(fired, key=lambda rule: (RANK[rule.severity], -rule.fired, rule.rule))
    return [
        ShownRule(
            r.rule,
            SEVERITIES[r.severity],
            r.fired,
            r.checked,
            round(100 * r.fired / max(1, r.checked), 1),
            f"in {r.graver:,}" if r.graver and r.graver < r.fired else "",
        )
        for r in ordered
    ]
