"""Cards that were only linted: the findings of each, with the lines they point to, below the index of all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cardaudit.plurals import count
from cardaudit.records import Audit, ZooRow
from cardaudit.report.findings import Group, group_findings
from cardaudit.report.marked import Line, framed_lines
from cardaudit.report.words import counts
from cardaudit.report.zoo.rows import impact

MOST_CARDS = 200


class LintedCard(NamedTuple):
    """One card: `prefix` begins all of its addresses on the page, `found` counts its findings in words."""

    prefix: str
    name: str
    source: str
    found: str
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]


class Linted(NamedTuple):
    """The cards with findings, gravest first; `more` says what is left out, "" where nothing is."""

    cards: tuple[LintedCard, ...]
    more: str


def linked(audits: Sequence[tuple[ZooRow, Audit]]) -> tuple[list[ZooRow], Linted]:
    """The rows in the order of gravity, each with the address of its findings, and these of the first 200 that have some."""
    rows: list[ZooRow] = []
    cards: list[LintedCard] = []
    left_out = 0
    for row, audit in sorted(audits, key=lambda each: impact(each[0])):
        shown = bool(audit.checkup.findings) and len(cards) < MOST_CARDS
        left_out += bool(audit.checkup.findings) and not shown
        if shown:
            cards.append(_card(row, audit, f"card-{len(cards) + 1}-"))
        rows.append(replace(row, href=f"#card-{len(cards)}") if shown else row)
    return rows, Linted(tuple(cards), _more(left_out))


def _card(row: ZooRow, audit: Audit, prefix: str) -> LintedCard:
    groups = group_findings(audit.card, audit.checkup.findings, prefix)
    found = counts(finding.severity for finding in audit.checkup.findings)
    source = audit.card.source.name
    lines = framed_lines(audit, groups)
    return LintedCard(prefix, row.name, source, found, tuple(replace(group, page=()) for group in groups), lines)


def _more(left_out: int) -> str:
    if not left_out:
        return ""
    told = f"{count(left_out, 'more card')} with findings {'is' if left_out == 1 else 'are'} not shown here"
    return f"The first {MOST_CARDS}, gravest first; {told}. cardaudit zoo with the same cards writes a page for each."
