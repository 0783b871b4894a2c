"""The audit of a climb."""

from dataclasses import replace

from cardaudit.audit import lint_audit
from cardaudit.ladder.looking import TITLES, Looked, trimmed
from cardaudit.ladder.repository import Repository
from cardaudit.ladder.scoring import Scored
from cardaudit.policy import Policy
from cardaudit.records import Audit, Checkup, Missing, Rung


def audit_of(
    repository: Repository,
    looked: Looked,
    scored: Scored | None = None,
    missing: tuple[Missing, ...] = (),
    stopped: Rung | None = None,
    command: str = "",
    policy: Policy | None = None,
) -> Audit:
    """One audit of what was found on the rungs climbed; `stopped` is the rung that could not be."""
    checkup = looked.checkup if scored is None else _with_labels(repository, looked, scored, policy or Policy())
    audit = lint_audit(repository.card, missing, command, checkup)
    rungs = (*looked.rungs, *([scored.rung] if scored else []), *([stopped] if stopped else []))
    evidence = trimmed(looked.evidence) if looked.evidence else None
    audit = replace(audit, evidence=evidence, rungs=rungs)
    if scored is None:
        return audit
    return replace(audit, plan=scored.plan, runs=(scored.run,), verdicts=scored.verdicts)


def climbed(audit: Audit, looked: Looked, third: Rung) -> Audit:
    """The audit of a reproduction with the rungs below it; its own rung is retraining."""
    seconds = sum(run.seconds for run in audit.runs)
    primary = next((verdict for verdict in audit.verdicts if verdict.primary), None)
    outcome = f"{primary.metric} {primary.claimed}: {primary.outcome}" if primary else "no claimed number to compare"
    fourth = Rung(4, TITLES[4], f"{outcome}, after {len(audit.runs)} {'run' if len(audit.runs) == 1 else 'runs'}", seconds)
    evidence = trimmed(looked.evidence) if looked.evidence else None
    return replace(audit, evidence=evidence, rungs=(*looked.rungs, third, fourth))


def unclimbed(number: int, because: str) -> Rung:
    """A rung that could not be climbed, and why."""
    return Rung(number, TITLES[number], f"not climbed: {because}", 0.0)


def _with_labels(repository: Repository, looked: Looked, scored: Scored, policy: Policy) -> Checkup:
    """The checkup again, now that the rules can look at what the weights gave."""
    return policy.check(repository.card, (scored.run,), looked.evidence)
