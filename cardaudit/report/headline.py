"""The verdict in one sentence, and what stands behind it."""

from dataclasses import dataclass

from cardaudit.coverage import coverage
from cardaudit.plurals import count, listed
from cardaudit.records import Audit, Finding
from cardaudit.report.findings import checkable
from cardaudit.report.words import OUTCOMES, Mark, counts, outcome_mark

IN_SHAPE = " It is compatible in shape with "
"""What a stand-in told: the arithmetic is said before it, and only then that no number of a stand-in is the card's."""


@dataclass(frozen=True, slots=True)
class Headline:
    """`sentence` says it all. `mark` is the primary endpoint's outcome, None without one; `why_not` says why nothing ran."""

    mark: Mark | None
    sentence: str
    findings: str
    measured: str
    looked_at: str
    why_not: str


def headline_of(audit: Audit) -> Headline:
    """What a reader sees first: of the verdicts where there are any, else of the gravest finding."""
    primary = next((verdict for verdict in audit.verdicts if verdict.primary), None)
    return Headline(
        mark=outcome_mark(primary) if primary else None,
        sentence=_sentence(audit),
        findings=counts(finding.severity for finding in audit.checkup.findings),
        measured=_measured(audit),
        looked_at=_looked_at(audit),
        why_not=_why_not(audit),
    )


def _sentence(audit: Audit) -> str:
    """The verdict; that a number is true does not make the model good, so that an error found is said in the same breath."""
    gravest = _gravest(audit)
    if audit.verdicts:
        from cardaudit.compare import summary_sentence

        explained = _explained(audit)
        if gravest and explained.startswith(IN_SHAPE):
            return f"{_as_sentence(gravest.message)}{explained} {summary_sentence(audit.verdicts)}"
        verdict = f"{summary_sentence(audit.verdicts)}{explained}"
        return f"{verdict} {_as_sentence(gravest.message)}" if gravest and gravest.severity == "error" else verdict
    if gravest:
        return _as_sentence(gravest.message)
    able, _ = checkable(audit.checkup)
    if able == 0:
        return "Nothing on this card could be checked."
    return f"{count(able, 'rule')} had something to check, and none found a fault."


def _explained(audit: Audit) -> str:
    """What else gives the claim, where that was searched for (rung 5)."""
    told = next((rung.outcome for rung in audit.rungs if rung.number == 5), "")
    if not told:
        return ""
    return f" It is {told}." if told.startswith("compatible") else f" {_as_sentence(told)}"


def _gravest(audit: Audit) -> Finding | None:
    """The gravest finding that is more than a note, the first on the card of several."""
    grave = [finding for finding in audit.checkup.findings if finding.severity != "info"]
    return min(grave, key=lambda f: (f.gravity, f.at[0].span if f.at else (0, 0)), default=None)


def _as_sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")


def _measured(audit: Audit) -> str:
    rows = sum(len(run.rows) for run in audit.runs)
    if not audit.runs:
        return f"nothing: {_why_not(audit)}"
    return f"{count(rows, 'evaluation')} with {count(len(audit.runs), 'seed')}; {_tally(audit)}"


def _why_not(audit: Audit) -> str:
    if audit.missing:
        return f"the card leaves open {listed([missing.field.replace('_', ' ') for missing in audit.missing])}"
    if audit.plan:
        return "the plan has not been run"
    if audit.evidence and audit.evidence.looked_at:
        return "only the card's numbers and its repository's files were checked"
    return "only the card's own numbers were checked"


def _tally(audit: Audit) -> str:
    outcomes = [verdict.outcome for verdict in audit.verdicts]
    parts = [f"{outcomes.count(outcome)} {mark.word}" for outcome, mark in OUTCOMES.items() if outcome in outcomes]
    return f"of {count(len(outcomes), 'claimed number')}: {listed(parts)}" if parts else "no claimed number to compare"


def _looked_at(audit: Audit) -> str:
    able, rules = checkable(audit.checkup)
    read, seen = coverage(audit.card)
    return f"{able} of {count(rules, 'rule')} had something to check, {read:,} of {count(seen, 'number')} read"
