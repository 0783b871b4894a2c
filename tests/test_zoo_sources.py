"""Where a zoo's cards come from, and where its tables go."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command import CARDS, cardaudit
from zoo_samples import TEXTS, contents, write_snapshot

from cardaudit.errors import CardauditError
from cardaudit.zoo.export import FORMATS, TABLES, export, rows_of
from cardaudit.zoo.items import Popularity
from cardaudit.zoo.schema import read_database
from cardaudit.zoo.sources import read_source

SNAPSHOT = {"downloads": 12, "likes": 3, "last_modified": "2024-05-06 07:08:09+00:00"}


def zoo(*arguments: str | Path) -> None:
    done = cardaudit("zoo", *arguments, "--fail-on", "never", "-q")
    assert done.returncode == 0, done.stderr


def test_a_folder_gives_its_files_as_bytes() -> None:
    items = list(read_source(str(CARDS)))
    assert [item.name for item in items] == [str(path) for path in sorted(CARDS.glob("*/card.md"))]
    assert [item.data for item in items] == [Path(item.name).read_bytes() for item in items]
    assert {item.form for item in items} == {"file"}


def test_a_snapshot_of_the_hub_keeps_what_it_says_of_a_model(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, of the extra zoo")
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow, of the extra zoo")
    rows = [{"modelId": "a/b", "card": TEXTS[0], **SNAPSHOT}, {"modelId": "c/d", "card": None, **SNAPSHOT, "downloads": None}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "cards.parquet")
    (tmp_path / "cards.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name in ("cards.parquet", "cards.jsonl"):
        first, second = read_source(str(tmp_path / name))
        assert first == ("a/b", TEXTS[0].encode(), "row", Popularity(None, 12, 3, SNAPSHOT["last_modified"]), "")
        assert second == ("c/d", b"", "row", Popularity(None, None, 3, SNAPSHOT["last_modified"]), "the card is empty")


def test_a_list_names_cards_beside_it(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(TEXTS[0])
    (tmp_path / "two.md").write_text(TEXTS[1])
    (tmp_path / "list.txt").write_text("# what we use\n\none.md\ntwo.md\n")
    assert [item.data.decode() for item in read_source(str(tmp_path / "list.txt"))] == TEXTS[:2]
    (tmp_path / "card.txt").write_text(TEXTS[0])
    assert [item.data.decode() for item in read_source(str(tmp_path / "card.txt"))] == TEXTS[:1]


def test_an_earlier_zoo_is_a_source(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 5, downloads=4)
    zoo(source, "-o", tmp_path / "old")
    zoo(tmp_path / "old", "-o", tmp_path / "new")
    zoo(tmp_path / "old" / "zoo.sqlite", "-o", tmp_path / "newer")
    assert contents(tmp_path / "old") == contents(tmp_path / "new") == contents(tmp_path / "newer")
    zoo(tmp_path / "old", "-o", tmp_path / "old")
    assert contents(tmp_path / "old") == contents(tmp_path / "new")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("cards.jsonl", '{"card": 3', 'line 1: expected a JSON object with a key "card"'),
        ("cards.parquet", "no table", "is no Parquet file"),
        ("zoo.sqlite", "no database", "is no zoo"),
    ],
)
def test_a_source_that_is_none_is_told(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CardauditError, match=complaint):
        list(read_source(str(tmp_path / name)))


def test_a_source_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    with pytest.raises(CardauditError, match=r"crads does not exist: did you mean .*cards\?"):
        list(read_source(str(tmp_path / "crads")))


# Tables for other programs


def test_every_table_reads_alike_in_every_format(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow, of the extra zoo")
    zoo(write_snapshot(tmp_path / "cards.jsonl", 14), "-o", tmp_path / "zoo")
    db = read_database(tmp_path / "zoo" / "zoo.sqlite")
    for table in TABLES:
        rows = list(rows_of(db, table))
        written = [export(db, table, format_, tmp_path / f"{table}.{format_}") for format_ in FORMATS]
        assert written == [len(rows)] * 3
        assert [json.loads(line) for line in (tmp_path / f"{table}.jsonl").read_text().splitlines()] == rows
        header, *lines = (tmp_path / f"{table}.csv").read_text().splitlines()
        assert header == ",".join(column.name for column in TABLES[table][1])
        assert len(lines) == len(rows)
        read = parquet.read_table(tmp_path / f"{table}.parquet").to_pylist()
        texts = [column.name for column in TABLES[table][1] if column.kind not in ("list", "json")]
        assert [[row[name] for name in texts] for row in read] == [[row[name] for name in texts] for row in rows]
    assert {row["rule"] for row in rows_of(db, "findings")} == {rule for row in rows_of(db, "cards") for rule in row["rules"]}


def test_export_on_the_command_line(tmp_path: Path) -> None:
    zoo(write_snapshot(tmp_path / "cards.jsonl", 3), "-o", tmp_path / "zoo")
    done = cardaudit("zoo", "export", tmp_path / "zoo", "-o", tmp_path / "out.jsonl")
    assert (done.returncode, done.stderr) == (0, f"3 rows of cards: {tmp_path / 'out.jsonl'}\n")
    assert [json.loads(line)["name"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == [
        f"user-{number}/model-{number}" for number in range(3)
    ]
    assert "give --format csv, jsonl, parquet" in cardaudit("zoo", "export", tmp_path / "zoo", "-o", tmp_path / "out.x").stderr
    assert "is no zoo" in cardaudit("zoo", "export", CARDS / "invoice-demo" / "card.md", "-o", tmp_path / "x.csv").stderr
    assert "does not exist: cardaudit zoo SOURCE" in cardaudit("zoo", "export", tmp_path, "-o", tmp_path / "x.csv").stderr


def test_a_store_opens_as_it_is_in_other_programs(tmp_path: Path) -> None:
    zoo(write_snapshot(tmp_path / "cards.jsonl", 7), "-o", tmp_path / "zoo")
    with sqlite3.connect(tmp_path / "zoo" / "zoo.sqlite") as db:  # as datasette does: no functions of ours, no extensions
        assert db.execute("SELECT count(*) FROM current").fetchone() == (7,)
        assert (
            db.execute("SELECT sum(errors + warnings + notes) FROM current").fetchone()
            == db.execute("SELECT count(*) FROM open_findings").fetchone()
        )
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                held = {row[0] for row in db.execute(f'SELECT DISTINCT typeof("{column}") FROM {table}')}
                assert held <= {kind.lower(), "null"}, (table, column)  # DuckDB takes the declared types at their word
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_datasette_shows_every_table_and_view(tmp_path: Path) -> None:
    app = pytest.importorskip("datasette.app", reason="datasette is not installed")
    zoo(write_snapshot(tmp_path / "cards.jsonl", 7), "-o", tmp_path / "zoo")
    reader = app.Datasette([str(tmp_path / "zoo" / "zoo.sqlite")])

    async def shown() -> dict[str, int]:
        tables = (await reader.client.get("/zoo.json")).json()
        names = [each["name"] for each in (*tables["tables"], *tables["views"])]
        return {name: (await reader.client.get(f"/zoo/{name}")).status_code for name in names}

    pages = asyncio.run(shown())
    assert {"current", "open_findings", "models", "cards", "findings", "verdicts"} <= pages.keys()
    assert set(pages.values()) == {200}


def test_duckdb_counts_what_was_exported(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, of the extra zoo")
    zoo(write_snapshot(tmp_path / "cards.jsonl", 14), "-o", tmp_path / "zoo")
    with closing(read_database(tmp_path / "zoo" / "zoo.sqlite")) as db:
        counted = db.execute("SELECT rule, count(*) FROM open_findings GROUP BY rule ORDER BY rule").fetchall()
        for format_ in FORMATS:
            export(db, "findings", format_, tmp_path / f"findings.{format_}")
            export(db, "cards", format_, tmp_path / f"cards.{format_}")
    for format_ in FORMATS:
        asked = f"SELECT rule, count(*) FROM '{tmp_path}/findings.{format_}' WHERE excused IS NULL GROUP BY 1 ORDER BY 1"
        assert duckdb.sql(asked).fetchall() == counted
    rules = duckdb.sql(f"SELECT DISTINCT unnest(rules) FROM '{tmp_path}/cards.parquet' ORDER BY 1").fetchall()
    assert [rule for (rule,) in rules] == [rule for rule, _ in counted]
