"""What a rule is: one file, whose docstring is its page and whose `check` says what a card gives cause for.

A rule's file `rules/zero_f1.py` makes the rule `zero-f1`:

    @rule(kind="suspicious", severity="error", confidence="proven")
    def check(subject: Subject) -> Iterator[Hit]: ...

The decorator replaces the function by a `Rule`, so that the list in `rules/__init__.py` is a tuple of rules and not of modules.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cardaudit.records import Card, Confidence, Finding, Kind, Place, Run, Severity, Span

SECTIONS = ("What it does", "Condition", "When it stays silent", "Usual causes", "Example")


class NotCheckable(Exception):
    """The card gives a rule nothing to work on; the message completes "unchecked because ..."."""


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a rule may look at: the card, what earlier rules found, the rules that ran, and runs made from the card."""

    card: Card
    findings: tuple[Finding, ...] = ()
    ran: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding before the rule puts its name on it. `at[0]` is the place; None takes the rule's own grade."""

    message: str
    at: tuple[Span, ...]
    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None


Check = Callable[[Subject], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its page. `yields_to`: rules whose finding explains the same ground, so that this one keeps quiet."""

    name: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    page: str
    hits: Check
    yields_to: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]

    def check(self, subject: Subject) -> tuple[Finding, ...]:
        """The findings; none means clear. Raises NotCheckable where the card gives nothing to check."""
        for finding in subject.findings:
            if finding.rule in self.yields_to:
                raise NotCheckable(f"{finding.rule} already explains it")
        return tuple(self._finding(hit) for hit in self.hits(subject))

    def _finding(self, hit: Hit) -> Finding:
        return Finding(
            self.name,
            hit.kind or self.kind,
            hit.severity or self.severity,
            hit.confidence or self.confidence,
            hit.message,
            tuple(Place(span) for span in hit.at),
            hit.arithmetic,
        )


def rule(kind: Kind, severity: Severity, confidence: Confidence, yields_to: tuple[str, ...] = ()) -> Callable[[Check], Rule]:
    """Makes a rule of a check function; name and page come from the module that it stands in."""

    def name_it(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        name = check.__module__.rpartition(".")[2].replace("_", "-")
        return Rule(name, kind, severity, confidence, (module.__doc__ or "").strip(), check, yields_to)

    return name_it
