"""A zoo's store as records: what pages, digests and programs look at. Nothing here writes.

    with Reading(folder / "zoo.sqlite") as reading:
        save_zoo(reading.zoo("cards"), folder)

Rows come out of the file each time they are gone through, so a zoo of any size needs little memory.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

from cardaudit.audit import audit_name
from cardaudit.codec import unpack
from cardaudit.errors import CardauditError
from cardaudit.records import Card, Change, Checkup, Missing, Rate, RuleCount, Severity, Suppressed, Unchecked, Zoo, ZooRow
from cardaudit.zoo.changes import GONE, State, contested, differences
from cardaudit.zoo.linting import FINDING, Form, finding_of, read
from cardaudit.zoo.schema import read_database

OPEN = "until IS NULL AND allowed_because IS NULL AND findings.id NOT IN (SELECT finding_id FROM excused)"
VERDICT = """LEFT JOIN verdicts AS verdict ON verdict.id = (
  SELECT id FROM verdicts WHERE card_id = current.id AND "primary" AND until IS NULL ORDER BY stage = 'reproduce' DESC LIMIT 1)"""
ROWS = f"""
SELECT current.id, name, nth, form, page, title, task, base_model, dataset, current.metric, current.claimed,
  errors, warnings, notes,
  (SELECT group_concat(DISTINCT rule) FROM findings WHERE card_id = current.id AND {OPEN}) AS rules,
  checks.unchecked_rules, numbers_read, numbers_seen, downloads, current.error, author, last_modified, numbers_digest,
  verdict.mean, verdict.outcome, coalesce(json_extract(work.details, '$.seconds'), rough_seconds)
FROM current
LEFT JOIN checks ON checks.id = check_id
{VERDICT}
LEFT JOIN work ON work.card_id = current.id AND work.stage = 'reproduce'
"""
IMPACT = """ORDER BY (errors * 100 + warnings * 10 + notes + 1000 * (coalesce(verdict.outcome, '') = 'deviates')
  + 100 * (current.error != '')) * (coalesce(downloads, 0) + 1) DESC, coalesce(downloads, 0) DESC, name, nth"""


SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
RANK = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"


class Session(NamedTuple):
    """One run of `cardaudit zoo`; `outcome` "finished", "interrupted", or None where it was broken off or goes on."""

    id: int
    started: str
    ended: str | None
    outcome: str | None
    version: str
    command: str
    source: str
    cards: int
    linted: int
    unchanged: int
    unreadable: int
    seconds: float


class Rows:
    """The cards of the last session as ZooRows, in the page's order of impact; can be gone through again and again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __iter__(self) -> Iterator[ZooRow]:
        return map(_row, self._connection.execute(ROWS + IMPACT))

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM current").fetchone()[0])


class Reading:
    """A zoo open for reading. Raises CardauditError where the file is no zoo."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = read_database(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def zoo(self, name: str, rate: Rate | None = None) -> Zoo:
        """Everything of the index page; `rows` stay in the file until they are gone through."""
        last, before = self.sessions()[-1], self.before_last()
        changes = tuple(self.changes()) if before else ()
        return Zoo(
            name,
            Rows(self.connection),
            tuple(self.rule_counts()),
            last.ended or last.started,
            last.version,
            last.command,
            before.started if before else "",
            changes,
            True,
            rate,
        )

    def foremost(self, most: int) -> set[int]:
        """The cards that matter most and can be read, so many."""
        statement = f"SELECT current.id FROM current {VERDICT} WHERE current.error = '' {IMPACT} LIMIT ?"
        return {row[0] for row in self.connection.execute(statement, (most,))}

    def rows(self) -> Rows:
        return Rows(self.connection)

    def sessions(self) -> list[Session]:
        """All runs, the oldest first."""
        names = ", ".join(Session._fields)
        return [Session(*row) for row in self.connection.execute(f"SELECT {names} FROM sessions ORDER BY id")]

    def before_last(self) -> Session | None:
        """The finished run that the last one is compared with."""
        *earlier, _ = self.sessions()
        return next((each for each in reversed(earlier) if each.outcome == "finished"), None)

    def rule_counts(self) -> Iterator[RuleCount]:
        """Each rule that had something to look at in any card: in how many it found something, out of how many."""
        grave = self.connection.execute(
            f"SELECT rule, rank, count(*) FROM (SELECT rule, card_id, min({RANK}) AS rank FROM open_findings GROUP BY 1, 2)"
            " GROUP BY 1, 2 ORDER BY rank DESC"
        ).fetchall()
        fired = Counter[str]()
        graver = {rule: (SEVERITIES[rank], cards) for rule, rank, cards in grave}
        for rule, _, cards in grave:
            fired[rule] += cards
        found = self._counts(
            "SELECT rule, count(DISTINCT card_id) FROM findings JOIN current ON current.id = card_id"
            " WHERE until IS NULL GROUP BY rule"
        )
        clear = self._counts(
            "SELECT rule.value, sum(cards) FROM (SELECT check_id, count(*) AS cards FROM current GROUP BY check_id)"
            " JOIN checks ON checks.id = check_id, json_each(checks.clear) AS rule GROUP BY rule.value"
        )
        for name, severity in self.connection.execute("SELECT name, severity FROM rules").fetchall():
            able = found.get(name, 0) + clear.get(name, 0)
            if able:
                gravest, cards = graver.get(name, (severity, 0))
                yield RuleCount(name, gravest, fired[name], able, cards)

    def severities(self) -> dict[Severity, int]:
        """How many open findings there are of each severity."""
        sums = self.connection.execute("SELECT sum(errors), sum(warnings), sum(notes) FROM current").fetchone()
        errors, warnings, notes = (int(each or 0) for each in sums)
        return {"error": errors, "warning": warnings, "info": notes}

    def outcomes(self) -> dict[str, int]:
        """How many cards have which primary verdict, of those that were measured."""
        return self._counts(
            "SELECT verdicts.outcome, count(DISTINCT current.id) FROM current JOIN verdicts ON card_id = current.id"
            ' WHERE "primary" AND until IS NULL GROUP BY 1'
        )

    def changes(self) -> Iterator[Change]:
        """What the last run has otherwise than the finished one before it; nothing on the first, or on one broken off."""
        before, last = self.before_last(), self.sessions()[-1]
        if before is None or last.outcome != "finished":
            return
        old, new = State(self.connection, before.id), State(self.connection, last.id)
        for each in differences(old, new):
            if each.kind != "card" and each.cause != GONE:  # a card that is not there any more was not mended
                name = shown_name(each.name, each.nth, each.form)
                yield Change(each.kind, name, href_of(each.page), each.rule, each.severity, each.message)
        for name, nth, form, page, words in contested(old, new):
            yield Change("contested", shown_name(name, nth, form), href_of(page), "", "error", words)

    def card(self, card_id: int) -> Card:
        """A card read again from its stored bytes. Raises CardauditError for one that could not be read."""
        return read(*self.stored(card_id))

    def stored(self, card_id: int) -> tuple[str, Form, bytes]:
        """Name, form and bytes of a card. Raises CardauditError for one that could not be read."""
        row = self.connection.execute(
            "SELECT models.name, form, zlib FROM cards JOIN models ON models.id = model_id JOIN texts ON texts.card_id = cards.id"
            " WHERE cards.id = ?",
            (card_id,),
        ).fetchone()
        if row is None:
            raise CardauditError(f"{self.path} has no text of card {card_id}: it could not be read")
        return row[0], row[1], zlib.decompress(row[2])

    def checkup(self, card_id: int) -> Checkup:
        """What linting a card gave, out of the store: exact but for the fixes."""
        fields = ", ".join(FINDING)
        rows = self.connection.execute(
            f"SELECT {fields}, by, because FROM findings LEFT JOIN excused ON finding_id = findings.id"
            " WHERE card_id = ? AND until IS NULL ORDER BY findings.id",
            (card_id,),
        ).fetchall()
        clear, unchecked = self.connection.execute(
            "SELECT clear, unchecked FROM checks JOIN cards ON checks.id = check_id WHERE cards.id = ?", (card_id,)
        ).fetchone() or ("[]", "{}")
        return _checkup(rows, json.loads(clear), json.loads(unchecked))

    def missing(self, card_id: int) -> tuple[Missing, ...]:
        """What a run of the card would have needed, where one was asked for."""
        row = self.connection.execute("SELECT details FROM work WHERE card_id = ? AND state = 'lacking'", (card_id,)).fetchone()
        return tuple(unpack(Missing, each) for each in json.loads(row[0]).get("missing", ())) if row else ()

    def _counts(self, statement: str) -> dict[str, int]:
        return dict(self.connection.execute(statement).fetchall())


def shown_name(name: str, nth: int, form: Form) -> str:
    """A model's name as pages print it: a Hub id as it is, a file by its folder or stem; its equals by name are numbered."""
    short = audit_name(name) if form == "file" else name
    return f"{short} ({nth + 1})" if nth else short


def href_of(page: str | None) -> str:
    """A card's own page relative to the index; "" where it has none."""
    return f"cards/{page}/report.html" if page else ""


def _row(row: Sequence[Any]) -> ZooRow:
    (_, name, nth, form, page, title, task, base, dataset, metric, claimed, errors, warnings, notes, rules, unchecked, *rest) = (
        row
    )
    numbers_read, numbers_seen, downloads, error, author, modified, twins, measured, outcome, seconds = rest
    return ZooRow(
        name=shown_name(name, nth, form),
        href=href_of(page),
        title=title or "",
        task=task,
        base_model=base,
        dataset=dataset,
        metric=metric or "",
        claimed=claimed or "",
        measured=measured,
        outcome=outcome,
        errors=errors,
        warnings=warnings,
        notes=notes,
        rules=tuple(rules.split(",")) if rules else (),
        unchecked=unchecked or 0,
        numbers_read=numbers_read or 0,
        numbers_seen=numbers_seen or 0,
        downloads=downloads,
        error=error,
        author=author or "",
        year=int(modified[:4]) if modified and modified[:4].isdigit() else None,
        twins=twins or "",
        seconds=seconds,
    )


def _checkup(rows: Sequence[Any], clear: list[str], unchecked: dict[str, list[str]]) -> Checkup:
    found = [(finding_of(row[:-2]), row[-3], row[-2], row[-1]) for row in rows]
    found.sort(key=lambda each: (each[0].gravity, each[0].at[0].span.start))
    return Checkup(
        tuple(finding for finding, allowed, by, _ in found if allowed is None and by is None),
        tuple(clear),
        tuple(Unchecked(rule, because) for because, rules in unchecked.items() for rule in rules),
        tuple(
            Suppressed(finding, because if allowed is None else allowed, allowed is None)
            for finding, allowed, by, because in found
            if allowed is not None or by == "allowance"
        ),
        tuple(finding for finding, allowed, by, _ in found if allowed is None and by == "baseline"),
    )
