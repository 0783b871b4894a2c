"""Rungs 1 and 2: the card against itself, and against the files of its repository."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace

from cardaudit.errors import CardauditError
from cardaudit.evidence.history import Version, changes
from cardaudit.evidence.repository import read_repository
from cardaudit.ladder.repository import Repository
from cardaudit.parse import read_card
from cardaudit.plurals import count
from cardaudit.policy import Policy
from cardaudit.records import Checkup, Evidence, Rung
from cardaudit.rules.repository import RULES as REPOSITORY_RULES

TITLES = {
    1: "The card against itself",
    2: "The card against its repository",
    3: "The published weights scored again",
    4: "Retraining",
}
NAMES = frozenset(rule.name for rule in REPOSITORY_RULES)
MOST_CHANGES = 100
MOST_CURVES, MOST_POINTS = 40, 200


@dataclass(frozen=True, slots=True)
class Looked:
    """What rungs 1 and 2 gave; `evidence` is None where rung 2 was not climbed."""

    checkup: Checkup
    evidence: Evidence | None
    rungs: tuple[Rung, ...]


def look(repository: Repository, policy: Policy | None = None, rung: int = 2) -> Looked:
    """Climbs rung 1 and, where `rung` is 2 or more, rung 2. Never fails for a file of the repository: it is told as unread."""
    policy, began = policy or Policy(), time.monotonic()
    if rung < 2:
        checkup = policy.check(repository.card)
        return Looked(checkup, None, (first_rung(checkup, time.monotonic() - began),))
    evidence, size = _evidence(repository)
    read = time.monotonic()
    checkup = policy.check(repository.card, evidence=evidence)
    checked = time.monotonic()
    second = second_rung(evidence, checkup, read - began + repository.seconds, repository.bytes + size)
    return Looked(checkup, evidence, (first_rung(checkup, checked - read), second))


def trimmed(evidence: Evidence) -> Evidence:
    """The evidence as an audit keeps it: of long curves every so-manieth point, the last one always."""
    curves = []
    for curve in evidence.curves[:MOST_CURVES]:
        step = -(-len(curve.points) // MOST_POINTS) or 1
        curves.append(replace(curve, points=curve.points[(len(curve.points) - 1) % step :: step]))
    return replace(evidence, curves=tuple(curves))


def first_rung(checkup: Checkup, seconds: float) -> Rung:
    """What the rules found in the card alone."""
    found = [finding for finding in checkup.findings if finding.rule not in NAMES]
    able = sum(rule not in NAMES for rule in checkup.clear) + len({finding.rule for finding in found})
    return Rung(1, TITLES[1], f"{count(len(found), 'finding')} of {count(able, 'rule')} that had something to check", seconds)


def second_rung(evidence: Evidence, checkup: Checkup, seconds: float, size: int) -> Rung:
    """What the files beside the card say against it; `size` in bytes is what was downloaded."""
    found = [finding for finding in checkup.findings if finding.rule in NAMES]
    wrong = sum(finding.kind in ("inconsistent", "suspicious") for finding in found)
    checks = sum(rule in NAMES for rule in checkup.clear) + len({finding.rule for finding in found})
    details = [
        f"read: {', '.join(evidence.looked_at)}" if evidence.looked_at else "nothing to read beside the card",
        *(f"not read: {name}: {why}" for name, why in evidence.unread),
        *(f"{finding.rule}: {finding.message}" for finding in found),
    ]
    words = f"{count(len(evidence.looked_at), 'file')} read, {count(wrong, 'contradiction')} in {count(checks, 'check')}"
    return Rung(2, TITLES[2], words, seconds, size, tuple(details))


def _evidence(repository: Repository) -> tuple[Evidence, int]:
    """The evidence, and the bytes of the card's versions that were downloaded for it."""
    evidence = read_repository(repository.folder, repository.headers)
    if not repository.asked or repository.revision is None:
        return replace(evidence, unread=(*evidence.unread, *repository.left_out)), 0
    from cardaudit.hub.evidence import card_versions

    found, left_out = card_versions(repository.name, repository.revision)
    evidence = replace(evidence, unread=(*evidence.unread, *repository.left_out, *left_out))
    versions = []
    for each in found:
        with suppress(CardauditError):  # one that is longer than a card tells of no claims
            versions.append(Version(each.commit, each.time[:10], read_card(each.text, repository.name)))
    if len(versions) > 1:
        evidence = replace(
            evidence, history=changes(versions)[:MOST_CHANGES], looked_at=(*evidence.looked_at, "README.md (history)")
        )
    return evidence, sum(len(each.text.encode()) for each in found)
