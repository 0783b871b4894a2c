"""Checked cards as text: one file a format, each a function from checked cards to the whole answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cardaudit.records import Card, Checkup, Finding, Severity

RANK: "dict[Severity, int]" = {"error": 0, "warning": 1, "info": 2}


class Checked(NamedTuple):
    """A card and what linting it gave."""

    name: str
    card: "Card"
    checkup: "Checkup"


def by_gravity(checkup: "Checkup") -> "list[Finding]":
    """The findings: what contradicts, what is odd, what is missing, facts; of each the gravest first, then by place."""
    return sorted(checkup.findings, key=lambda f: (f.gravity, f.at[0].span if f.at else (0, 0), f.rule))


def folded(checkup: "Checkup") -> "tuple[list[Finding], list[Finding], list[Finding]]":
    """As `by_gravity`, in three parts: what is odd, what is not said, and facts. People get what is not said as one line, so that
    it never drowns what contradicts; an error among it stands with the first.
    """
    found = by_gravity(checkup)
    unsaid = [each for each in found if each.kind == "missing" and each.severity != "error"]
    facts = [each for each in found if each.kind == "note" and each.severity == "info"]
    return [each for each in found if each not in unsaid and each not in facts], unsaid, facts


def not_said(card: "Card", findings: "Sequence[Finding]") -> str:
    """What a card does not say in one line, each with its rule and its line."""
    return "; ".join(
        f"{finding.message.removeprefix('not said: ')} ({finding.rule}, line {position(card, finding)[0]})"
        for finding in findings
    )


def position(card: "Card", finding: "Finding") -> tuple[int, int]:
    """1-based line and column of a finding; line 1 where it has no place of its own."""
    if not finding.at:
        return 1, 1
    span = finding.at[0].span
    return card.line(span), card.column(span)
