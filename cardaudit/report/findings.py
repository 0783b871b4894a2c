"""The findings of a card as its page shows them: by rule, gravest first, each with its place and its worked numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cardaudit.records import Card, Checkup, Confidence, Finding, Place, Severity, Suppressed
from cardaudit.report.rule_page import Block, page_blocks
from cardaudit.report.words import plain

MOST_A_RULE = 20


class Site(NamedTuple):
    """Where a finding points: its words and the line's address on the page, "" where that is another file."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding: `anchor` is its address on the page, `arithmetic` its worked numbers as name and text."""

    anchor: str
    severity: Severity
    confidence: Confidence
    message: str
    sites: tuple[Site, ...]
    lines: tuple[int, ...]
    arithmetic: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of one rule; `left_out` counts those past the first MOST_A_RULE, which only the record has.

    What is not said (`is_unsaid`) stands folded in one article below what is odd, facts (`is_fact`) below that.
    """

    rule: str
    page: tuple[Block, ...]
    severity: Severity
    entries: tuple[Entry, ...]
    left_out: int
    is_unsaid: bool = False
    is_fact: bool = False


def group_findings(card: Card, findings: Sequence[Finding], prefix: str = "") -> tuple[Group, ...]:
    """The findings by rule: the gravest rule first, then the one that comes first in the card.

    `prefix`: of all addresses, where a page holds several cards.
    """
    ordered = sorted(findings, key=lambda f: (f.gravity, f.at[0].span if f.at else (0, 0), f.rule))
    by_rule: dict[str, list[Finding]] = {}
    for finding in ordered:
        by_rule.setdefault(finding.rule, []).append(finding)
    return tuple(_group(card, rule, members, prefix) for rule, members in by_rule.items())


def checkable(checkup: Checkup) -> tuple[int, int]:
    """How many rules had something to check, and how many there are."""
    allowed = {suppressed.finding.rule for suppressed in checkup.suppressed}
    able = {finding.rule for finding in checkup.findings} | allowed | set(checkup.clear)
    return len(able), len(able | {unchecked.rule for unchecked in checkup.unchecked})


def unchecked_by_reason(checkup: Checkup) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why rules had nothing to check, the commonest reason first, each with its rules."""
    reasons: dict[str, list[str]] = {}
    for unchecked in checkup.unchecked:
        reasons.setdefault(unchecked.because, []).append(unchecked.rule)
    ordered = sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple((reason, tuple(sorted(rules))) for reason, rules in ordered)


def allowed_by_card(suppressed: Sequence[Suppressed]) -> tuple[tuple[str, str, str], ...]:
    """What the card's author allowed: rule, message, the reason given."""
    return tuple((each.finding.rule, each.finding.message, each.reason) for each in suppressed)


def _group(card: Card, rule: str, findings: Sequence[Finding], prefix: str) -> Group:
    shown = findings[:MOST_A_RULE]
    entries = tuple(_entry(card, finding, prefix, f"f-{rule}-{number}") for number, finding in enumerate(shown, 1))
    left_out, first = len(findings) - len(shown), findings[0]
    unsaid, fact = first.kind == "missing" and first.severity != "error", first.kind == "note" and first.severity == "info"
    return Group(rule, _rule_page(rule), first.severity, entries, left_out, unsaid, fact)


def _entry(card: Card, finding: Finding, prefix: str, anchor: str) -> Entry:
    own = [place for place in finding.at if not place.file]
    return Entry(
        anchor=prefix + anchor,
        severity=finding.severity,
        confidence=finding.confidence,
        message=finding.message,
        sites=tuple(dict.fromkeys(_site(card, place, prefix) for place in finding.at)),
        lines=tuple(dict.fromkeys(card.line(place.span) for place in own)),
        arithmetic=tuple((name.replace("_", " "), plain(value)) for name, value in finding.arithmetic.items()),
    )


def _site(card: Card, place: Place, prefix: str) -> Site:
    if place.file:
        return Site(place.file, "")
    line = card.line(place.span)
    return Site(f"line {line:,}", f"#{prefix}L{line}")


def _rule_page(name: str) -> tuple[Block, ...]:
    from cardaudit.rules import RULES

    return next((page_blocks(rule.page) for rule in RULES if rule.name == name), ())
