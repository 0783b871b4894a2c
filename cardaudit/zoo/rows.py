"""Audits as rows of an index page, without a store; and the audit that a folder holds from before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from cardaudit import __version__
from cardaudit.audit import lint_audit, reproduction
from cardaudit.compare import primary_outcome
from cardaudit.coverage import coverage
from cardaudit.errors import CardauditError
from cardaudit.plurals import listed
from cardaudit.policy import Policy
from cardaudit.records import Audit, Card, Checkup, RuleCount, Severity, Zoo, ZooRow
from cardaudit.report import load_audit, render_zoo
from cardaudit.report.words import RANK
from cardaudit.report.zoo.linted import linked
from cardaudit.runs import read_runs
from cardaudit.zoo.linting import headline

MOST_NAMED = 3  # cards


def zoo_of(name: str, rows: Sequence[ZooRow], checkups: Iterable[Checkup], command: str = "") -> Zoo:
    """The zoo of these rows, with how often each rule fired out of how many cards it could look at."""
    from cardaudit.rules import RULES

    grave: defaultdict[str, Counter[Severity]] = defaultdict(Counter)
    able: Counter[str] = Counter()
    for checkup in checkups:
        found: dict[str, Severity] = {}
        for finding in sorted(checkup.findings, key=lambda each: -RANK[each.severity]):
            found[finding.rule] = finding.severity  # the gravest comes last
        for rule, severity in found.items():
            grave[rule][severity] += 1
        able.update(found.keys() | set(checkup.clear) | {each.finding.rule for each in checkup.suppressed})
    counts = tuple(_counted(each.name, each.severity, grave[each.name], able[each.name]) for each in RULES if able[each.name])
    return Zoo(name, tuple(rows), counts, datetime.now(UTC).isoformat(timespec="seconds"), __version__, command)


def _counted(name: str, severity: Severity, grave: Counter[Severity], able: int) -> RuleCount:
    gravest = min(grave, key=RANK.__getitem__, default=severity)
    return RuleCount(name, gravest, grave.total(), able, grave[gravest])


def index_of(cards: Sequence[tuple[Card, Checkup]]) -> str:
    """The page of cards that were only linted: an index, and below it the findings of each."""
    audits = [lint_audit(card, checkup=checkup) for card, checkup in cards]
    rows, linted = linked([(row_of(audit, ""), audit) for audit in audits])
    name = _name_of([card.source.name for card, _ in cards], [row.name for row in rows])
    return render_zoo(zoo_of(name, rows, (audit.checkup for audit in audits)), linted)


def _name_of(sources: Sequence[str], names: Sequence[str]) -> str:
    """Few cards by their names, more by the folder that holds them all, which may be the one that this runs in."""
    if len(names) <= MOST_NAMED:
        return listed(sorted(names))
    folders = {Path(source).parent for source in sources}
    shared = folders.pop().parts if folders else ()
    for folder in folders:
        shared = tuple(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], zip(shared, folder.parts, strict=False)))
    if not shared and all(Path(source).is_file() for source in sources):
        return Path.cwd().name or "several cards"
    return (shared[-1].strip("/") if shared else "") or "several cards"


def row_of(audit: Audit, href: str) -> ZooRow:
    """One card's line on the index page; `href` is its own page relative to it."""
    card, findings = audit.card, audit.checkup.findings
    severities = Counter(finding.severity for finding in findings)
    primary = primary_outcome(audit.verdicts)
    metric, number = headline(card)
    read, seen = coverage(card)
    return ZooRow(
        name=audit.name,
        href=href,
        title=card.model_name.text if card.model_name else "",
        task=card.task.text if card.task else None,
        base_model=card.base_model.text if card.base_model else None,
        dataset=card.datasets[0].id if card.datasets else None,
        metric=primary.metric if primary else metric,
        claimed=primary.claimed if primary else number.text if number else "",
        measured=sum(primary.measured) / len(primary.measured) if primary and primary.measured else None,
        outcome=primary.outcome if primary else None,
        errors=severities["error"],
        warnings=severities["warning"],
        notes=severities["info"],
        rules=tuple(dict.fromkeys(finding.rule for finding in findings)),
        unchecked=len(audit.checkup.unchecked),
        numbers_read=read,
        numbers_seen=seen,
    )


def kept(card: Card, folder: Path, policy: Policy | None = None) -> Audit | None:
    """The audit of an unchanged card made anew over the runs that its folder holds from before; None where there are none."""
    file = folder / "audit.json"
    if not file.is_file():
        return None
    try:
        old = load_audit(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, CardauditError):
        return None
    if old.card.source.sha256 != card.source.sha256:
        return None
    if old.rungs:
        return old  # its evidence lies in a repository that is not at hand
    if old.plan is None:
        return None
    runs = read_runs(folder, old.plan)
    return reproduction(card, old.plan, runs, True, old.command, policy) if runs else None
