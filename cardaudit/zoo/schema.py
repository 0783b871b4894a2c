"""The tables of a zoo: one SQLite file that datasette and DuckDB open as it is.

models      what the source lists, by name: `card_id` is the text that it shows now
cards       one text of one model, from session `first` to session `last`, and what was read in it
findings    of a card, from session `since` until before session `until` (NULL: still); `stage` is what brought them up
checks      which rules were clear or had nothing to look at, and why; many cards share one
numbers     for comparisons between cards: the headline, the last row of the table, the front matter's model-index
texts       a card's bytes, deflated (zlib)
excused     findings that the zoo's keeper allows or that a baseline knows
work        what is to be verified or reproduced, with its price, and its state: queued, lacking (facts), cut (by the budget),
            done or failed
runs, verdicts    what was measured, and what follows for the claims
sessions    each run of `cardaudit zoo`; rulesets: what a result depends on; rules: the catalogue

A card's row is written in one transaction with its findings, so that a killed run leaves whole cards only.
"""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from cardaudit.errors import CardauditError

APPLICATION = 0x63415A4F  # "cAZO"
FILE = "zoo.sqlite"
SECONDS_LOCKED = 30.0
SECONDS_A_TRY = 0.02
CACHE_KIB = 32_768  # of this process; the system keeps the file besides
LEFT_OPEN = re.compile(r"REFERENCES \w+(?! ?\(|\w)")

TABLES = """
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, outcome TEXT,
  version TEXT NOT NULL, command TEXT NOT NULL, source TEXT NOT NULL, ruleset_id INTEGER REFERENCES rulesets (id),
  cards INTEGER NOT NULL DEFAULT 0, linted INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  unreadable INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0);
CREATE TABLE rulesets (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, reader TEXT NOT NULL, rules TEXT NOT NULL);
CREATE TABLE rules (
  name TEXT PRIMARY KEY, "group" TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, confidence TEXT NOT NULL,
  title TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE models (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, nth INTEGER NOT NULL DEFAULT 0, author TEXT, page TEXT, revision TEXT,
  downloads INTEGER, likes INTEGER, last_modified TEXT, card_id INTEGER REFERENCES cards (id), UNIQUE (name, nth));
CREATE TABLE cards (
  id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL REFERENCES models (id), sha256 TEXT NOT NULL, form TEXT NOT NULL,
  first INTEGER NOT NULL REFERENCES sessions (id), last INTEGER NOT NULL REFERENCES sessions (id),
  ruleset_id INTEGER REFERENCES rulesets (id), check_id INTEGER REFERENCES checks (id), error TEXT NOT NULL DEFAULT '',
  errors INTEGER NOT NULL DEFAULT 0, warnings INTEGER NOT NULL DEFAULT 0, notes INTEGER NOT NULL DEFAULT 0,
  dialect TEXT, title TEXT, task TEXT, base_model TEXT, dataset TEXT, metric TEXT,
  claimed TEXT, claimed_value REAL, generator TEXT, numbers_digest TEXT, numbers_read INTEGER, numbers_seen INTEGER,
  suppressing INTEGER, rough_seconds REAL, page_key TEXT);
CREATE TABLE checks (
  id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, clear TEXT NOT NULL, unchecked TEXT NOT NULL,
  unchecked_rules INTEGER NOT NULL);
CREATE TABLE findings (
  id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL REFERENCES cards (id), rule TEXT NOT NULL, kind TEXT NOT NULL,
  severity TEXT NOT NULL, confidence TEXT NOT NULL, message TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL,
  places TEXT NOT NULL, printed TEXT NOT NULL, arithmetic TEXT NOT NULL, allowed_because TEXT, stage TEXT NOT NULL DEFAULT 'lint',
  since INTEGER NOT NULL REFERENCES sessions (id), until INTEGER REFERENCES sessions (id));
CREATE INDEX findings_by_card ON findings (card_id);
CREATE TABLE excused (finding_id INTEGER PRIMARY KEY REFERENCES findings (id), by TEXT NOT NULL, because TEXT NOT NULL);
CREATE TABLE numbers (
  card_id INTEGER NOT NULL REFERENCES cards (id), nth INTEGER NOT NULL, place TEXT NOT NULL, metric TEXT NOT NULL, text TEXT,
  value REAL, dataset TEXT, split TEXT, PRIMARY KEY (card_id, nth)) WITHOUT ROWID;
CREATE TABLE texts (card_id INTEGER PRIMARY KEY REFERENCES cards (id), zlib BLOB NOT NULL);
CREATE TABLE work (
  card_id INTEGER NOT NULL REFERENCES cards (id), stage TEXT NOT NULL, state TEXT NOT NULL, because TEXT NOT NULL DEFAULT '',
  worth REAL, price REAL, seconds REAL NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, session INTEGER,
  details TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (card_id, stage));
CREATE TABLE runs (
  card_id INTEGER NOT NULL REFERENCES cards (id), stage TEXT NOT NULL, plan_digest TEXT NOT NULL, seed INTEGER NOT NULL,
  outcome TEXT NOT NULL, seconds REAL NOT NULL, session INTEGER NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (card_id, stage, plan_digest, seed));
CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL REFERENCES cards (id), stage TEXT NOT NULL, metric TEXT NOT NULL,
  place TEXT NOT NULL, claimed TEXT NOT NULL, measured TEXT NOT NULL, mean REAL, low REAL, high REAL, outcome TEXT NOT NULL,
  because TEXT NOT NULL, "primary" INTEGER NOT NULL, direction TEXT, since INTEGER NOT NULL, until INTEGER);
CREATE INDEX verdicts_by_card ON verdicts (card_id);
CREATE VIEW current AS
  SELECT models.name, models.nth, models.author, models.page, models.downloads, models.likes, models.last_modified, cards.*
  FROM models JOIN cards ON cards.id = models.card_id
  WHERE cards.last = (SELECT max(id) FROM sessions);
CREATE VIEW open_findings AS
  SELECT current.name, findings.* FROM current JOIN findings ON findings.card_id = current.id
  WHERE findings.until IS NULL AND findings.allowed_because IS NULL
    AND findings.id NOT IN (SELECT finding_id FROM excused);
"""


def _tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES.split(";\n"):
        connection.execute(statement)


def _named_keys(connection: sqlite3.Connection) -> None:
    """Foreign keys name the column that they mean: the first version left it open, and datasette shows no such table."""
    open_ = [row for row in connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES%'"
    ) if LEFT_OPEN.search(row[1])]  # fmt: skip
    if not open_:
        return
    connection.execute("PRAGMA writable_schema = ON")
    for name, sql in open_:
        named = LEFT_OPEN.sub(r"\g<0> (id)", sql)
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (named, name))
    version = connection.execute("PRAGMA schema_version").fetchone()[0]
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = OFF")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_tables, _named_keys)
"""The steps from each version to the next; a zoo's user_version counts those that it has seen."""


def open_database(path: Path, migrations: tuple[Callable[[sqlite3.Connection], None], ...] = MIGRATIONS) -> sqlite3.Connection:
    """A zoo's file opened for writing, made or brought to this version's tables.

    Raises CardauditError for a file that is no zoo, or one that a newer cardaudit wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connected(str(path), path)
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # a commit survives the process; a power cut may take the last ones
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        _migrate(connection, path, migrations)
    except sqlite3.Error as error:
        connection.close()
        raise CardauditError(f"{path} cannot be opened as a zoo: {error}") from error
    except CardauditError:
        connection.close()
        raise
    return connection


def read_database(path: Path) -> sqlite3.Connection:
    """A zoo's file opened for reading only. Raises CardauditError where it is none, not made yet, or of a newer version."""
    if not path.is_file():
        raise CardauditError(f"{path} does not exist: cardaudit zoo SOURCE -o {path.parent} makes it")
    connection = _connected(f"{path.resolve().as_uri()}?mode=ro", path, uri=True)
    with connection:  # one look: a zoo may be made meanwhile
        connection.execute("BEGIN")
        version = _version(connection, path)
    if not version:
        connection.close()
        raise CardauditError(f"{path} holds no zoo yet: wait until cardaudit zoo has begun")
    if version > len(MIGRATIONS):
        raise _newer(path, version)
    if version < len(MIGRATIONS):
        connection.close()
        open_database(path).close()
        return read_database(path)
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switches to WAL; SQLite itself does not wait for readers here, as it does elsewhere."""
    ends = monotonic() + SECONDS_LOCKED
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > ends:
                raise
            sleep(SECONDS_A_TRY)
        else:
            return


def _connected(name: str, path: Path, uri: bool = False) -> sqlite3.Connection:
    try:
        return sqlite3.connect(name, timeout=SECONDS_LOCKED, isolation_level=None, uri=uri)
    except sqlite3.Error as error:
        raise CardauditError(f"{path} cannot be opened: {error}") from error


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The migrations that a file has seen; 0 for an empty one."""
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.Error as error:
        raise CardauditError(f"{path} is no zoo: {error}") from error
    if application != APPLICATION and (tables or application):
        raise CardauditError(f"{path} is another program's SQLite file: give a zoo.sqlite that cardaudit zoo wrote")
    return version


def _migrate(connection: sqlite3.Connection, path: Path, migrations: tuple[Callable[[sqlite3.Connection], None], ...]) -> None:
    version = _version(connection, path)
    if version > len(migrations):
        raise _newer(path, version)
    for number, step in enumerate(migrations[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection, path) < number:  # else another process was quicker
                step(connection)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _newer(path: Path, version: int) -> CardauditError:
    return CardauditError(f"{path} was written by a newer cardaudit (tables of version {version}): upgrade cardaudit")
