"""What a rule is: one file, whose docstring is its page and whose `check` says what a card gives cause for.

A rule's file `rules/arithmetic/zero_f1.py` makes the rule `zero-f1` of the group `arithmetic`:

    @rule(kind="suspicious", severity="error", confidence="proven", needs=("metric f1",))
    def check(subject: Subject) -> Iterator[Hit]: ...

The decorator replaces the function by a `Rule`, so that the list in `rules/__init__.py` is a tuple of rules and not of modules.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cardaudit.records import Card, Confidence, Evidence, Finding, Fix, Hyperparameters, Kind, Place, Run, Severity, Span

LACKS = {
    "front matter": "the card has no front matter",
    "model index": "the front matter holds no model-index",
    "headline": "the card states no results on an evaluation set",
    "training table": "the card has no training table",
    "results": "the card holds no evaluation table",
    "hyperparameters": "the card states no hyperparameters",
    "numbers": "the card prints no metric",
    "data set": "no data set is named",
}
METRIC = "metric "
SECTIONS = ("What it does", "Condition", "When it stays silent", "Usual causes", "Example")


class NotCheckable(Exception):
    """The card gives a rule nothing to work on; the message completes "unchecked because ..."."""


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a rule may look at: the card, what earlier rules found, the chosen rules (`ran`), runs made from the card, and the
    evidence of its repository (None where nobody looked).
    """

    card: Card
    findings: tuple[Finding, ...] = ()
    ran: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    surfaces: frozenset[str] | None = None
    evidence: Evidence | None = None

    def lacks(self, needs: Iterable[str]) -> str | None:
        """The first of `needs` that the card does not have, in words; None where it has them all."""
        surfaces = surfaces_of(self.card) if self.surfaces is None else self.surfaces
        if surfaces.issuperset(needs):
            return None
        missing = next(need for need in needs if need not in surfaces)
        if missing in LACKS:
            return LACKS[missing]
        return f"the card prints no {missing.removeprefix(METRIC).replace('_', ' ')}"


def surfaces_of(card: Card) -> frozenset[str]:
    """What a card has for rules to work on: keys of LACKS, and "metric KEY" for each metric printed anywhere in it."""
    present = {
        "front matter": card.front_matter is not None,
        "model index": bool(card.model_index),
        "headline": bool(card.headline),
        "training table": bool(card.epochs),
        "results": bool(card.results),
        "hyperparameters": card.hyperparameters != Hyperparameters(),
        "data set": bool(card.datasets),
    }
    keys = {*card.headline, *(key for row in card.epochs for key in row.metrics)}
    keys.update(result.metric for result in card.model_index)
    keys.update(result.metric for result in card.results)
    present["numbers"] = bool(keys) or bool(card.epochs)
    return frozenset((*(name for name, there in present.items() if there), *(METRIC + key for key in keys)))


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding before the rule puts its name on it. `at[0]` is the place; None takes the rule's own grade."""

    message: str
    at: tuple[Span, ...]
    arithmetic: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    fix: Fix | None = None


Check = Callable[[Subject], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its page.

    `yields_to`: rules whose finding explains the same ground, so that this one keeps quiet. `needs`: what a card must have for
    the rule to look at it at all, as in `surfaces_of`; every one of them.
    """

    name: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    page: str
    hits: Check
    yields_to: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    group: str = ""

    @property
    def title(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]

    def check(self, subject: Subject) -> tuple[Finding, ...]:
        """The findings; none means clear. Raises NotCheckable where the card gives nothing to check."""
        if lacking := subject.lacks(self.needs):
            raise NotCheckable(lacking)
        return self.found(subject)

    def found(self, subject: Subject) -> tuple[Finding, ...]:
        """As `check`, of a card that is known to have all that the rule needs."""
        if self.yields_to:
            for finding in subject.findings:
                if finding.rule in self.yields_to:
                    raise NotCheckable(f"{finding.rule} already explains it")
        return tuple([self._finding(hit) for hit in self.hits(subject)])

    def _finding(self, hit: Hit) -> Finding:
        return Finding(
            self.name,
            hit.kind or self.kind,
            hit.severity or self.severity,
            hit.confidence or self.confidence,
            hit.message,
            tuple(Place(span) for span in hit.at),
            hit.arithmetic,
            hit.fix,
        )


def rule(
    kind: Kind, severity: Severity, confidence: Confidence, yields_to: tuple[str, ...] = (), needs: tuple[str, ...] = ()
) -> Callable[[Check], Rule]:
    """Makes a rule of a check function; name, group and page come from the module that it stands in."""

    def name_it(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        *_, group, stem = check.__module__.split(".")
        page = (module.__doc__ or "").strip()
        return Rule(stem.replace("_", "-"), kind, severity, confidence, page, check, yields_to, needs, group)

    return name_it
