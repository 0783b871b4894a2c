"""The index page of a zoo: what matters first, filters kept in the address, a row a card."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from cardaudit.escaping import visible
from cardaudit.records import Zoo, ZooRow
from cardaudit.report.pages import render_page
from cardaudit.report.words import OUTCOMES, RANK, SEVERITIES, Mark, beside, count, listed, metric_words

FIRST_ROWS = 200
MOST_TASKS = 12
DEVIATES = 1000
WEIGHTS = {"errors": 100, "warnings": 10, "notes": 1}
GRAVITY = {"error": "error", "warning": "warning", "note": "info", "none": "agrees", "unread": "open"}
OUTCOME_ORDER = ("deviates", "undecided", "not comparable", "not measured", "reproduced", "replayed")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One card as the page prints it, by the template and by zoo.js alike. `rank` orders by outcome; `gravity` is a class."""

    name: str
    href: str
    about: str
    task: str
    claimed: str
    measured: str
    outcome: str
    tone: str
    rank: int
    findings: str
    gravity: str
    severities: tuple[str, ...]
    rules: tuple[str, ...]
    read: str


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


class Task(NamedTuple):
    name: str
    query: str


def render_zoo(zoo: Zoo) -> str:
    """index.html of a zoo, one file. Without a script it shows all totals and the first 200 cards."""
    rows = [_shown(row) for row in sorted(zoo.rows, key=_impact)]
    return render_page(
        "zoo.html.j2",
        script="zoo.js",
        zoo=zoo,
        sentence=_sentence(zoo.rows),
        read=f"{sum(r.numbers_read for r in zoo.rows):,} of {sum(r.numbers_seen for r in zoo.rows):,}",
        tallies=_tallies(zoo.rows),
        rules=_rules(zoo),
        tasks=_tasks(zoo.rows),
        rows=rows[:FIRST_ROWS],
        total=len(rows),
        record=_record(rows),
    )


def _impact(row: ZooRow) -> tuple[int, int, str]:
    """Downloads times the weight of what was found, heaviest first; a card that cannot be read weighs like an error."""
    weight = sum(WEIGHTS[name] * getattr(row, name) for name in WEIGHTS)
    weight += DEVIATES * (row.outcome == "deviates") + WEIGHTS["errors"] * bool(row.error)
    downloads = row.downloads or 0
    return -weight * (downloads + 1), -downloads, row.name


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
    gravest = Counter((_severities(row) or ("none",))[0] for row in rows)
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


def _tasks(rows: Sequence[ZooRow]) -> list[tuple[Task, int]]:
    counted = Counter(row.task for row in rows if row.task).most_common(MOST_TASKS)
    return [(Task(name, f'task:"{name}"'), cards) for name, cards in counted]


def _shown(row: ZooRow) -> ShownRow:
    mark = OUTCOMES[row.outcome] if row.outcome else Mark("", "", "")
    about = [row.title if row.title != row.name else "", row.task or "", row.base_model or "", row.dataset or ""]
    severities = _severities(row)
    return ShownRow(
        name=visible(row.name),
        href=row.href,
        about=visible(" · ".join(filter(None, about))),
        task=visible(row.task or ""),
        claimed=visible(f"{metric_words(row.metric)} {row.claimed}".strip()),
        measured="" if row.measured is None else beside(row.measured, row.claimed),
        outcome=f"{mark.sign} {mark.word}".strip(),
        tone=mark.tone,
        rank=OUTCOME_ORDER.index(row.outcome) if row.outcome else len(OUTCOME_ORDER),
        findings=visible(f"∅ {row.error}") if row.error else _found(row),
        gravity=GRAVITY[severities[0] if severities else "none"],
        severities=severities or ("none",),
        rules=tuple(visible(rule) for rule in row.rules),
        read=f"{row.numbers_read:,} of {row.numbers_seen:,}" if row.numbers_seen else "",
    )


def _severities(row: ZooRow) -> tuple[str, ...]:
    """The severities that a card has findings of, gravest first; `unread` where it could not be read."""
    if row.error:
        return ("unread",)
    return tuple(name for name, number in (("error", row.errors), ("warning", row.warnings), ("note", row.notes)) if number)


def _found(row: ZooRow) -> str:
    numbers = (("error", row.errors), ("warning", row.warnings), ("info", row.notes))
    marks = [(SEVERITIES[severity], number) for severity, number in numbers if number]  # type: ignore[index]
    return ", ".join(f"{mark.sign} {count(number, mark.word)}" for mark, number in marks) or "✓ nothing"


def _record(rows: Sequence[ShownRow]) -> str:
    """The rows as lists, in the order of ShownRow's fields: what the page's script filters and shows."""
    names = [field.name for field in fields(ShownRow)]
    values = [[getattr(row, name) for name in names] for row in rows]
    return json.dumps({"fields": names, "rows": values}, ensure_ascii=False, separators=(",", ":"))
