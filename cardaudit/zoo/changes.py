"""What one state of a zoo has otherwise than another: findings that are new or fixed, claims that became contested, cards.

A finding is the same as long as its card prints the same values for the same rule; lines and words do not count.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Literal, NamedTuple

from cardaudit.records import Severity
from cardaudit.zoo.linting import Form

FINDINGS = """
SELECT name, nth, form, page, sha256, rule, printed, severity, message
FROM models JOIN cards ON cards.model_id = models.id AND first <= :session AND last >= :session
LEFT JOIN findings ON findings.card_id = cards.id AND since <= :session AND coalesce(until, :session + 1) > :session
  AND allowed_because IS NULL AND findings.id NOT IN (SELECT finding_id FROM excused)
{} ORDER BY name, nth, rule, printed"""
TOUCHED = """WHERE models.id IN (
  SELECT model_id FROM cards WHERE first > :before OR last < :after
  UNION SELECT model_id FROM cards JOIN findings ON card_id = cards.id WHERE since > :before OR until > :before)"""
CONTESTED = """
SELECT name, nth, form, page, verdicts.metric || ' ' || verdicts.claimed || ': ' || because
FROM models JOIN cards ON cards.model_id = models.id AND first <= :session AND last >= :session
JOIN verdicts ON verdicts.card_id = cards.id AND since <= :session AND coalesce(until, :session + 1) > :session
WHERE "primary" AND verdicts.outcome = 'deviates' ORDER BY name, nth"""


GONE = "the card is gone"


class State(NamedTuple):
    """A zoo as it was at the end of one session."""

    connection: sqlite3.Connection
    session: int


class Difference(NamedTuple):
    """`kind` "new" or "fixed": a finding came or went; "card": a card did. `cause` says why, in words."""

    kind: Literal["new", "fixed", "card"]
    name: str
    nth: int
    form: Form
    page: str | None
    cause: str
    rule: str = ""
    severity: Severity = "info"
    message: str = ""


class _Model(NamedTuple):
    """One model in one state: its card's digest, and its findings by what they are known by."""

    form: Form
    page: str | None
    sha256: str
    findings: dict[tuple[str, str, int], tuple[Severity, str]]


def differences(old: State, new: State) -> Iterator[Difference]:
    """By name; of two sessions of one zoo only the models that changed are looked at."""
    limits = {}
    if old.connection is new.connection:
        limits = {"before": min(old.session, new.session), "after": max(old.session, new.session)}
    for (name, nth), before, after in _side_by_side(_models(old, limits), _models(new, limits)):
        yield from _of_model(name, nth, before, after)


def contested(old: State, new: State) -> Iterator[tuple[str, int, Form, str | None, str]]:
    """Name, nth, form, page and words of the claims that measurement speaks against in `new` and not yet in `old`."""
    known = {row[:2] for row in old.connection.execute(CONTESTED, {"session": old.session})}
    for row in new.connection.execute(CONTESTED, {"session": new.session}):
        if row[:2] not in known:
            yield row


def _models(state: State, limits: dict[str, int]) -> Iterator[tuple[tuple[str, int], _Model]]:
    statement = FINDINGS.format(TOUCHED if limits else "")
    rows = state.connection.execute(statement, {"session": state.session, **limits})
    for key, group in groupby(rows, key=lambda row: (row[0], row[1])):
        yield key, _model(list(group))


def _model(rows: list[Any]) -> _Model:
    _, _, form, page, sha256, *_ = rows[0]
    findings, alike = {}, Counter[tuple[str, str]]()
    for *_, rule, printed, severity, message in rows:
        if rule is not None:
            alike[rule, printed] += 1
            findings[rule, printed, alike[rule, printed]] = (severity, message)
    return _Model(form, page, sha256, findings)


def _side_by_side(
    old: Iterable[tuple[tuple[str, int], _Model]], new: Iterable[tuple[tuple[str, int], _Model]]
) -> Iterator[tuple[tuple[str, int], _Model | None, _Model | None]]:
    """Two sorted streams as one: a model that only one has comes with None."""
    left, right = iter(old), iter(new)
    before, after = next(left, None), next(right, None)
    while before or after:
        if after is None or (before is not None and before[0] < after[0]):
            assert before is not None
            yield before[0], before[1], None
            before = next(left, None)
        elif before is None or after[0] < before[0]:
            yield after[0], None, after[1]
            after = next(right, None)
        else:
            yield before[0], before[1], after[1]
            before, after = next(left, None), next(right, None)


def _of_model(name: str, nth: int, before: _Model | None, after: _Model | None) -> Iterator[Difference]:
    there = after or before
    assert there is not None
    cause = _cause(before, after)
    if cause != "the rules changed":
        yield Difference("card", name, nth, there.form, there.page, cause)
    old, new = before.findings if before else {}, after.findings if after else {}
    for key, (severity, message) in new.items():
        if key not in old:
            yield Difference("new", name, nth, there.form, there.page, cause, key[0], severity, message)
    for key, (severity, message) in old.items():
        if key not in new:
            yield Difference("fixed", name, nth, there.form, there.page, cause, key[0], severity, message)


def _cause(before: _Model | None, after: _Model | None) -> str:
    if before is None:
        return "the card is new"
    if after is None:
        return GONE
    return "the card was edited" if before.sha256 != after.sha256 else "the rules changed"
