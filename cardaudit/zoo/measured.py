"""What verifying and reproducing gave, in the store: runs, verdicts, and the findings that only they can bring up."""

import json
from typing import Any

from cardaudit.codec import pack
from cardaudit.records import Audit, Verdict
from cardaudit.zoo.linting import finding_rows
from cardaudit.zoo.store import Store

VERDICT = (*("metric", "place", "claimed", "measured", "mean", "low", "high", "outcome", "because", '"primary"', "direction"),)


def record_audit(store: Store, card_id: int, stage: str, audit: Audit) -> None:
    """Writes an audit's measurements; what is there stays, verdicts that are overruled end with this session."""
    with store.batch():
        for run in audit.runs:
            store.connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (card_id, stage, run.plan_digest, run.seed, run.outcome, run.seconds, store.session, json.dumps(pack(run))),
            )
        _verdicts(store, card_id, stage, [_row(verdict) for verdict in audit.verdicts])
        known = {row[0] for row in store.connection.execute(
            "SELECT rule FROM findings WHERE card_id = ? AND until IS NULL AND stage = 'lint'", (card_id,)
        )}  # fmt: skip
        rows = [row for row in finding_rows(audit.card, audit.checkup) if row[0] not in known]
        store.findings(card_id, rows, stage=stage)


def _verdicts(store: Store, card_id: int, stage: str, rows: list[tuple[Any, ...]]) -> None:
    names, new = ", ".join(VERDICT), list(rows)
    old = store.connection.execute(
        f"SELECT id, {names} FROM verdicts WHERE card_id = ? AND stage = ? AND until IS NULL", (card_id, stage)
    )
    for verdict_id, *row in old.fetchall():
        if tuple(row) in new:
            new.remove(tuple(row))
        else:
            store.connection.execute("UPDATE verdicts SET until = ? WHERE id = ?", (store.session, verdict_id))
    marks = ", ".join("?" * (3 + len(VERDICT)))
    store.connection.executemany(
        f"INSERT INTO verdicts (card_id, stage, since, {names}) VALUES ({marks})",
        [(card_id, stage, store.session, *row) for row in new],
    )


def _row(verdict: Verdict) -> tuple[Any, ...]:
    measured = verdict.measured
    low, high = verdict.interval or (None, None)
    return (
        verdict.metric,
        verdict.where,
        verdict.claimed,
        json.dumps(measured),
        sum(measured) / len(measured) if measured else None,
        low,
        high,
        verdict.outcome,
        verdict.because,
        int(verdict.primary),
        verdict.direction,
    )
