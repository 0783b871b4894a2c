"""Comments by which a card's author allows a finding: <!-- cardaudit: allow NAME because "reason" -->"""

import re
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rules._remembered import remembered

COMMENT = deferred(r"<!--\s*cardaudit\b:?\s*(.*?)\s*-->", re.DOTALL | re.IGNORECASE)
ALLOW = deferred(r'allow\s+([a-z0-9]+(?:-[a-z0-9]+)*)\s+because\s+"\s*([^"]*?\S)\s*"')

ADDRESSED = "cardaudit"
FIXED = frozenset(("invalid-suppression", "unused-suppression"))


class Suppression(NamedTuple):
    """One comment. `rule` and `reason` are None where it is not of the form above."""

    rule: str | None
    reason: str | None
    span: Span


@remembered
def suppressions(card: Card) -> tuple[Suppression, ...]:
    """Every comment addressed to cardaudit, well-formed or not, in the order of the text."""
    return tuple(map(_suppression, COMMENT.finditer(card.text))) if ADDRESSED in card.text else ()


def _suppression(comment: re.Match[str]) -> Suppression:
    allow = ALLOW.fullmatch(comment[1])
    return Suppression(allow[1] if allow else None, allow[2] if allow else None, Span(*comment.span()))
