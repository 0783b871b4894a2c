"""A zoo's file through the versions: brought up to date with all its cards, or left as it was."""

import sqlite3
from pathlib import Path

import pytest
from command import cardaudit
from zoo_samples import contents, write_snapshot

from cardaudit.errors import CardauditError
from cardaudit.zoo.schema import MIGRATIONS, open_database
from cardaudit.zoo.store import Store


def made(folder: Path) -> None:
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
