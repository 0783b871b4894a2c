"""Findings that count for nothing: those that the zoo's keeper allows with a reason, and those that a baseline knows."""

import json
from collections import Counter

from cardaudit.allowances import Allowance
from cardaudit.baseline import Known
from cardaudit.policy import Policy
from cardaudit.zoo.store import Store

OPEN = "SELECT findings.id, name, rule, printed FROM findings JOIN current ON current.id = card_id WHERE {} ORDER BY findings.id"
COUNT = """UPDATE cards SET {} = (
  SELECT count(*) FROM findings WHERE card_id = cards.id AND severity = '{}' AND until IS NULL AND allowed_because IS NULL
    AND id NOT IN (SELECT finding_id FROM excused))
  WHERE id IN (SELECT card_id FROM touched)"""


def excuse(store: Store, policy: Policy) -> None:
    """Brings `excused` and the cards' counts to what the policy says today of the findings of this session."""
    db = store.connection
    before = db.execute("SELECT count(*) FROM excused").fetchone()[0]
    if not (before or policy.allowances or policy.baseline):
        return
    with store.batch():
        db.execute("CREATE TEMP TABLE touched (card_id INTEGER PRIMARY KEY)")
        db.execute("INSERT OR IGNORE INTO touched SELECT card_id FROM findings JOIN excused ON finding_id = findings.id")
        db.execute("DELETE FROM excused")
        _allowed(store, policy)
        _known(store, policy)
        db.execute("INSERT OR IGNORE INTO touched SELECT card_id FROM findings JOIN excused ON finding_id = findings.id")
        for column, severity in (("errors", "error"), ("warnings", "warning"), ("notes", "info")):
            db.execute(COUNT.format(column, severity))
        db.execute("DROP TABLE touched")


def _allowed(store: Store, policy: Policy) -> None:
    """The last entry that covers a card counts, as it does where a single card is checked; the author's own word goes first."""
    used: set[Allowance] = set()
    for entry in policy.allowances:
        if entry.expired(policy.today):
            continue
        rows = store.connection.execute(OPEN.format("until IS NULL AND allowed_because IS NULL AND rule = ?"), (entry.rule,))
        hits = [finding for finding, name, _, _ in rows if entry.covers(name)]
        used |= {entry} if hits else set()
        store.connection.executemany(
            "INSERT OR REPLACE INTO excused VALUES (?, 'allowance', ?)", [(finding, entry.because) for finding in hits]
        )
    policy.remember(used, Counter())


def _known(store: Store, policy: Policy) -> None:
    """As Policy.check does: a finding is known by card, rule and printed values, as often as the baseline lists it."""
    if not policy.baseline:
        return
    left, seen = policy.baseline.copy(), Counter[Known]()
    where = "until IS NULL AND allowed_because IS NULL AND findings.id NOT IN (SELECT finding_id FROM excused)"
    known: list[tuple[int, str, str]] = []
    for finding, name, rule, printed in store.connection.execute(OPEN.format(where)):
        key = Known(name.replace("\\", "/").removeprefix("./"), rule, tuple(json.loads(printed)))
        if key not in policy.baseline:
            continue
        seen[key] += 1
        if left[key] > 0:
            known.append((finding, "baseline", "known before"))
        left[key] -= 1
    store.connection.executemany("INSERT INTO excused VALUES (?, ?, ?)", known)
    policy.remember(set(), seen)
