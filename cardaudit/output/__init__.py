"""Checked cards as text: one file a format, each a function from checked cards to the whole answer."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cardaudit.records import Card, Checkup, Finding, Severity

RANK: "dict[Severity, int]" = {"error": 0, "warning": 1, "info": 2}


class Checked(NamedTuple):
    """A card and what linting it gave."""

    name: str
    card: "Card"
    checkup: "Checkup"


def by_severity(checkup: "Checkup") -> "list[Finding]":
    """The findings, gravest first, then by place."""
    return sorted(checkup.findings, key=lambda f: (f.gravity, f.at[0].span if f.at else (0, 0), f.rule))


def position(card: "Card", finding: "Finding") -> tuple[int, int]:
    """1-based line and column of a finding; line 1 where it has no place of its own."""
    if not finding.at:
        return 1, 1
    span = finding.at[0].span
    return card.line(span), card.column(span)
