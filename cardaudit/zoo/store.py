"""Writing into a zoo: sessions, look-ups, and what came of each card, one transaction a batch."""

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from cardaudit import __version__
from cardaudit.errors import CardauditError
from cardaudit.zoo.checks import Checks, merged
from cardaudit.zoo.items import Popularity
from cardaudit.zoo.linting import FINDING, HEADER, MOST_TOLD, NUMBER, Linted
from cardaudit.zoo.schema import FILE, open_database
from cardaudit.zoo.versions import RuleSet

COUNTED = {"errors": "error", "warnings": "warning", "notes": "info"}
CARD = ("sha256", "form", "last", "ruleset_id", "check_id", "error", *HEADER)
NO_HEADER = (None,) * len(HEADER)
LOCK = ".zoo.lock"


def _insert_into(table: str, *columns: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


NEW_CARD = _insert_into("cards", "id", "model_id", "first", *COUNTED, *CARD)
CARD_AGAIN = f"UPDATE cards SET {', '.join(f'{name} = ?' for name in CARD)} WHERE id = ?"
NEW_MODEL = _insert_into("models", "name", "nth", "author", "card_id", *Popularity._fields)
NEW_FINDING = _insert_into("findings", "card_id", "since", "stage", *FINDING)
NEW_NUMBER = _insert_into("numbers", "card_id", *NUMBER)


class Stored(NamedTuple):
    """What the store has of a model: its row, the text that it showed last, and what its results depend on."""

    model_id: int
    nth: int
    popularity: Popularity
    card_id: int
    sha256: str
    form: str
    last: int
    ruleset_id: int | None
    suppressing: int


class Place(NamedTuple):
    """Where the result of a task belongs. `model_id` or `card_id` None: the row is still to be made."""

    name: str
    nth: int
    popularity: Popularity
    sha256: str
    form: str
    ruleset_id: int
    model_id: int | None = None
    card_id: int | None = None
    again: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class Store:
    """A zoo open for writing in one session; nobody else may write it meanwhile.

    Everything is written between `batch()`'s BEGIN and COMMIT; reading sees it at once.
    """

    def __init__(self, folder: Path, source: str = "", command: str = "") -> None:
        self._lock = _locked(folder)
        self.path, self.source = folder / FILE, source
        self.connection = open_database(self.path)
        row = self.connection.execute("SELECT max(id) FROM sessions WHERE outcome = 'finished'").fetchone()
        self.last_finished: int = row[0] or 0
        self._last_card: int = self._one("SELECT coalesce(max(id), 0) FROM cards")[0]
        self.session = self._insert("sessions", started=_now(), version=__version__, command=command, source=source)
        self._checks: dict[str, int] = {}

    def end(self, outcome: str) -> None:
        """What became of the session: "finished" where the whole source was seen, "interrupted" by the user."""
        self._update("sessions", self.session, ended=_now(), outcome=outcome)

    def close(self) -> None:
        """Lets go of the file; a session that was not ended stays one that was broken off."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
        if self._lock is not None:
            self._lock.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def ruleset(self, wanted: RuleSet) -> int:
        """The id of a rule set, which is written where it is new."""
        found = self._one("SELECT id FROM rulesets WHERE digest = ?", wanted.digest)
        rules = json.dumps(dict(wanted.rules), separators=(",", ":"))
        return found[0] if found else self._insert("rulesets", digest=wanted.digest, reader=wanted.reader, rules=rules)

    def known_ruleset(self, ruleset_id: int) -> RuleSet:
        reader, rules = self._one("SELECT reader, rules FROM rulesets WHERE id = ?", ruleset_id)
        return RuleSet(reader, json.loads(rules))

    def catalogue(self, rules: Sequence[tuple[str, str, str, str, str, str]]) -> None:
        """Name, group, kind, severity, confidence and title of every rule there is."""
        self.connection.execute("DELETE FROM rules")
        self.connection.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?)", rules)

    def look_up(self, names: Sequence[str]) -> dict[str, list[Stored]]:
        """What is known of the models of these names, each with its equals by name in the source's order."""
        marks = ",".join("?" * len(names))
        rows = self.connection.execute(
            f"""SELECT models.name, models.id, nth, revision, downloads, likes, last_modified, cards.id, sha256, form, last,
                ruleset_id, suppressing FROM models JOIN cards ON cards.id = models.card_id
                WHERE name IN ({marks}) ORDER BY nth""",
            names,
        )
        found: dict[str, list[Stored]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(Stored(row[1], row[2], Popularity(*row[3:7]), *row[7:]))
        return found

    def touch(self, cards: Sequence[int], popularity: Sequence[tuple[Any, ...]]) -> None:
        """These cards are in the session as they were; `popularity`: what changed beside them, with the model's id last."""
        self.connection.executemany("UPDATE cards SET last = ? WHERE id = ?", [(self.session, card) for card in cards])
        assignments = ", ".join(f"{name} = ?" for name in Popularity._fields)
        self.connection.executemany(f"UPDATE models SET {assignments} WHERE id = ?", popularity)

    def record(self, place: Place, linted: Linted) -> int:
        """Writes what came of a card; gives its id. An unreadable one keeps no result, and is tried again next time."""
        if place.again or place.gone:
            return self._merge(place, linted)
        check_id = self._check(linted.checks) if linted.checks else None
        ruleset_id = None if linted.error else place.ruleset_id
        values = (place.sha256, place.form, self.session, ruleset_id, check_id, linted.error, *(linted.header or NO_HEADER))
        db, card_id = self.connection, place.card_id
        if card_id is None:
            self._last_card = card_id = self._last_card + 1
            severities = [row[2] for row in linted.findings if row[-1] is None]
            counts = [severities.count(each) for each in COUNTED.values()]
            db.execute(NEW_CARD, (card_id, self._model(place, card_id), self.session, *counts, *values))
            db.executemany(NEW_FINDING, [(card_id, self.session, "lint", *row) for row in linted.findings])
        else:
            db.execute(CARD_AGAIN, (*values, card_id))
            db.execute("DELETE FROM numbers WHERE card_id = ?", (card_id,))
            self._model(place, card_id)
            self.findings(card_id, linted.findings)
        db.executemany(NEW_NUMBER, [(card_id, *row) for row in linted.numbers])
        if linted.text:
            db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (card_id, linted.text))
        return card_id

    def count(self, **counts: float) -> None:
        """The session's counters, as columns of `sessions`."""
        self._update("sessions", self.session, **counts)

    def known_text(self, name: str, revision: str) -> bytes | None:
        """A model's bytes as of a commit, where the source said it; None where they are not known."""
        row = self._one(
            "SELECT zlib FROM models JOIN texts USING (card_id) WHERE name = ? AND nth = 0 AND revision = ?", name, revision
        )
        return zlib.decompress(row[0]) if row else None

    def prior(self, card_id: int, but: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
        """Rows of FINDING that a card has of other rules than `but`."""
        rows = self.connection.execute(
            f"SELECT {', '.join(FINDING)} FROM findings WHERE card_id = ? AND until IS NULL AND stage = 'lint'", (card_id,)
        )
        return tuple(row for row in rows if row[0] not in but)

    def _model(self, place: Place, card_id: int) -> int:
        """The model's row, made or brought up to date: this is the card that it shows now."""
        if place.model_id is None:
            author = place.name.partition("/")[0] if place.name.count("/") == 1 else None
            made = self.connection.execute(NEW_MODEL, (place.name, place.nth, author, card_id, *place.popularity))
            return int(made.lastrowid or 0)
        popularity = {name: value for name, value in zip(Popularity._fields, place.popularity, strict=True) if value is not None}
        self._update("models", place.model_id, card_id=card_id, **popularity)
        return place.model_id

    def _check(self, checks: Checks) -> int:
        if checks.digest not in self._checks:
            found = self._one("SELECT id FROM checks WHERE digest = ?", checks.digest)
            if not found:
                found = (self._insert("checks", **checks._asdict()),)
            if len(self._checks) >= MOST_TOLD:
                self._checks.clear()
            self._checks[checks.digest] = int(found[0])
        return self._checks[checks.digest]

    def findings(
        self, card_id: int, rows: Sequence[tuple[Any, ...]], rules: Sequence[str] | None = None, stage: str = "lint"
    ) -> None:
        """Makes a card's open findings of a stage (of `rules`, or all) be `rows`: the same stay, others end with this session."""
        new, names = list(rows), ", ".join(FINDING)
        old = self.connection.execute(
            f"SELECT id, {names} FROM findings WHERE card_id = ? AND until IS NULL AND stage = ?", (card_id, stage)
        )
        for finding_id, *row in old.fetchall():
            if tuple(row) in new:
                new.remove(tuple(row))
            elif rules is None or row[0] in rules:
                self._update("findings", finding_id, until=self.session)
        self.connection.executemany(NEW_FINDING, [(card_id, self.session, stage, *row) for row in new])
        open_ = "SELECT severity FROM findings WHERE card_id = ? AND until IS NULL AND allowed_because IS NULL"
        severities = [row[0] for row in self.connection.execute(open_, (card_id,))]
        self._update("cards", card_id, **{name: severities.count(each) for name, each in COUNTED.items()})

    def _merge(self, place: Place, linted: Linted) -> int:
        """A card whose text was checked before, and now by some rules again."""
        assert place.card_id is not None
        old = self._one(
            "SELECT digest, clear, unchecked, unchecked_rules FROM checks JOIN cards ON checks.id = check_id WHERE cards.id = ?",
            place.card_id,
        )
        renewed = (*place.again, *place.gone)
        check = self._check(merged(Checks(*old), linted.checks, renewed))
        self._update("cards", place.card_id, ruleset_id=place.ruleset_id, check_id=check, last=self.session)
        self.findings(place.card_id, linted.findings, renewed)
        return place.card_id

    def _one(self, statement: str, *values: Any) -> Any:
        return self.connection.execute(statement, values).fetchone()

    def _insert(self, table: str, **values: Any) -> int:
        return int(self.connection.execute(_insert_into(table, *values), tuple(values.values())).lastrowid or 0)

    def _update(self, table: str, row: int, **values: Any) -> None:
        statement = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?"
        self.connection.execute(statement, (*values.values(), row))


def _locked(folder: Path) -> IO[str] | None:
    """A lock on the zoo that the system lets go whatever happens to this process; None where the system has none."""
    try:
        import fcntl
    except ImportError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / LOCK).open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise CardauditError(f"another cardaudit zoo is writing {folder}: wait for it, or give another folder with -o") from error
    return file


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
