"""A zoo's file through the versions: brought up to date with all its cards, or left as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from command import cardaudit
from zoo_samples import contents, write_snapshot

from cardaudit.errors import CardauditError
from cardaudit.zoo.schema import FILE, MIGRATIONS, TABLES, open_database, read_database
from cardaudit.zoo.store import Store

ZOOS = 30


def made(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    done = cardaudit("zoo", write_snapshot(folder / "cards.jsonl", 3), "-o", folder, "--no-pages", "--fail-on", "never", "-q")
    assert done.returncode == 0, done.stderr


def test_an_older_file_is_brought_to_this_version_and_keeps_its_cards(tmp_path: Path) -> None:
    def coloured(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE cards ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'")

    made(tmp_path)
    db = open_database(tmp_path / "zoo.sqlite", (*MIGRATIONS, coloured))
    assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert db.execute("SELECT colour, count(*) FROM cards GROUP BY 1").fetchall() == [("grey", 3)]
    db.close()
    with pytest.raises(CardauditError, match="was written by a newer cardaudit"):
        open_database(tmp_path / "zoo.sqlite")


def test_a_zoo_of_the_first_version_gets_foreign_keys_that_name_their_column(tmp_path: Path) -> None:
    def first(db: sqlite3.Connection) -> None:
        for statement in TABLES.replace(" (id)", "").split(";\n"):
            db.execute(statement)

    open_database(tmp_path / FILE, (first,)).close()
    made(tmp_path)
    with closing(read_database(tmp_path / FILE)) as db:
        keys = db.execute(
            "SELECT key.'to' FROM sqlite_master, pragma_foreign_key_list(name) AS key WHERE type = 'table'"
        ).fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM current").fetchone() == (3,)
    assert set(keys) == {("id",)}
    made(tmp_path / "new")
    assert shape(tmp_path) == shape(tmp_path / "new")


def shape(folder: Path) -> list[tuple[str, str]]:
    with closing(read_database(folder / FILE)) as db:
        return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def torn(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE cards ADD COLUMN colour TEXT")
        db.execute("ALTER TABLE nothing ADD COLUMN colour TEXT")

    made(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(CardauditError, match="cannot be opened as a zoo"):
        open_database(tmp_path / "zoo.sqlite", (*MIGRATIONS, torn))
    assert contents(tmp_path) == before


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "zoo.sqlite") as db:
        db.execute("CREATE TABLE notes (text)")
    with pytest.raises(CardauditError, match="another program's SQLite file"):
        Store(tmp_path)
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "zoo.sqlite").write_text("no database")
    with pytest.raises(CardauditError, match="cannot be opened as a zoo: file is not a database"):
        Store(tmp_path / "text")


def test_a_zoo_that_is_being_made_can_be_looked_at_meanwhile(tmp_path: Path) -> None:
    stop, told = Event(), set[str]()

    def look() -> None:
        while not stop.is_set():
            for number in range(ZOOS):
                try:
                    read_database(tmp_path / str(number) / FILE).close()
                except CardauditError as error:
                    told.add(str(error).partition(" ")[2].partition(":")[0])

    onlookers = [Thread(target=look) for _ in range(2)]
    for each in onlookers:
        each.start()
    try:
        for number in range(ZOOS):
            open_database(tmp_path / str(number) / FILE).close()
    finally:
        stop.set()
        for each in onlookers:
            each.join()
    assert told <= {"does not exist", "holds no zoo yet"}
