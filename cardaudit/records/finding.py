"""What the linter says about a card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from cardaudit.records.card import Span

Kind = Literal["inconsistent", "suspicious", "missing", "note"]
Severity = Literal["error", "warning", "info"]
Confidence = Literal["proven", "likely", "smell"]
_KINDS: tuple[Kind, ...] = get_args(Kind)
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Place(NamedTuple):
    """A range of characters in a file; `file` is "" for the card itself."""

    span: Span
    file: str = ""


class Edit(NamedTuple):
    """A replacement of a range of characters of the card's text; an empty range inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding, `title` in words. `safe` ones change how a thing is written, never what it says."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or one fact worth knowing.

    `kind`: "inconsistent" (no numbers can round to these), "suspicious" (possible, worth a look), "missing" (not said), "note"
    (a fact, no fault). `at[0]` is the place, the rest is related. `arithmetic` holds the worked numbers, JSON values only.
    """

    rule: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    message: str
    at: tuple[Place, ...]
    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = None

    @property
    def gravity(self) -> tuple[int, int]:
        """Sorts what contradicts before what is odd, before what is missing, before a fact, and among equals by severity."""
        return _KINDS.index(self.kind), _SEVERITIES.index(self.severity)


class Unchecked(NamedTuple):
    """A rule that had nothing to work on, and why."""

    rule: str
    because: str


class Suppressed(NamedTuple):
    """A finding that the card's author allowed, or `external`ly the keeper of a zoo, with the reason given."""

    finding: Finding
    reason: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Checkup:
    """What linting one card gave: every rule is in exactly one of findings, clear and unchecked (or suppressed, or known).

    `known` are findings that a baseline lists; they count for nothing.
    """

    findings: tuple[Finding, ...]
    clear: tuple[str, ...]
    unchecked: tuple[Unchecked, ...]
    suppressed: tuple[Suppressed, ...] = ()
    known: tuple[Finding, ...] = ()
