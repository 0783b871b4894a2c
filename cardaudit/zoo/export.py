"""A zoo's tables for other programs: CSV, JSON Lines, Parquet, a batch of rows at a time."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from cardaudit.errors import CardauditError, MissingExtra

Format = Literal["csv", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet")
AT_ONCE = 10_000
MEASURED = """(SELECT {} FROM verdicts WHERE card_id = current.id AND "primary" AND until IS NULL
  ORDER BY stage = 'reproduce' DESC LIMIT 1)"""
RULES = """(SELECT json_group_array(rule) FROM (
  SELECT DISTINCT rule FROM open_findings WHERE card_id = current.id ORDER BY rule))"""


class Column(NamedTuple):
    """`kind`: "text", "int", "real", "list" (a JSON list) or "json"; `value`: the SQL for it."""

    name: str
    kind: str
    value: str


TABLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "cards": (
        "FROM current LEFT JOIN checks ON checks.id = check_id ORDER BY name, nth",
        (
            Column("name", "text", "name"),
            Column("author", "text", "author"),
            Column("sha256", "text", "sha256"),
            Column("downloads", "int", "downloads"),
            Column("likes", "int", "likes"),
            Column("last_modified", "text", "last_modified"),
            Column("dialect", "text", "dialect"),
            Column("title", "text", "title"),
            Column("task", "text", "task"),
            Column("base_model", "text", "base_model"),
            Column("dataset", "text", "dataset"),
            Column("metric", "text", "metric"),
            Column("claimed", "text", "claimed"),
            Column("claimed_value", "real", "claimed_value"),
            Column("measured", "real", MEASURED.format("mean")),
            Column("outcome", "text", MEASURED.format("outcome")),
            Column("errors", "int", "errors"),
            Column("warnings", "int", "warnings"),
            Column("notes", "int", "notes"),
            Column("rules", "list", RULES),
            Column("unchecked", "int", "checks.unchecked_rules"),
            Column("numbers_read", "int", "numbers_read"),
            Column("numbers_seen", "int", "numbers_seen"),
            Column("numbers_digest", "text", "numbers_digest"),
            Column("generator", "text", "generator"),
            Column("error", "text", "error"),
        ),
    ),
    "findings": (
        "FROM current JOIN findings ON findings.card_id = current.id LEFT JOIN excused ON finding_id = findings.id"
        " WHERE until IS NULL ORDER BY name, nth, rule, line, col, message",
        (
            Column("name", "text", "name"),
            Column("rule", "text", "rule"),
            Column("kind", "text", "kind"),
            Column("severity", "text", "severity"),
            Column("confidence", "text", "confidence"),
            Column("message", "text", "message"),
            Column("line", "int", "line"),
            Column("column", "int", "col"),
            Column("printed", "list", "printed"),
            Column("arithmetic", "json", "arithmetic"),
            Column("stage", "text", "findings.stage"),
            Column("excused", "text", "coalesce(allowed_because, excused.because)"),
        ),
    ),
    "numbers": (
        "FROM current JOIN numbers ON numbers.card_id = current.id ORDER BY name, current.nth, numbers.nth",
        (
            Column("name", "text", "name"),
            Column("place", "text", "place"),
            Column("metric", "text", "numbers.metric"),
            Column("text", "text", "text"),
            Column("value", "real", "value"),
            Column("dataset", "text", "numbers.dataset"),
            Column("split", "text", "split"),
        ),
    ),
    "verdicts": (
        "FROM current JOIN verdicts ON verdicts.card_id = current.id WHERE until IS NULL ORDER BY name, nth, stage, verdicts.id",
        (
            Column("name", "text", "name"),
            Column("stage", "text", "stage"),
            Column("metric", "text", "verdicts.metric"),
            Column("place", "text", "place"),
            Column("claimed", "text", "verdicts.claimed"),
            Column("measured", "list", "measured"),
            Column("mean", "real", "mean"),
            Column("low", "real", "low"),
            Column("high", "real", "high"),
            Column("outcome", "text", "outcome"),
            Column("because", "text", "because"),
            Column("primary", "int", '"primary"'),
            Column("direction", "text", "direction"),
        ),
    ),
}


def export(connection: sqlite3.Connection, table: str, format_: Format, path: Path) -> int:
    """Writes one of TABLES; gives the number of rows. Raises MissingExtra for Parquet without pyarrow."""
    kinds = {column.name: column.kind for column in TABLES[table][1]}
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if format_ == "parquet":
            return _parquet(rows_of(connection, table), kinds, path)
        with path.open("w", encoding="utf-8", newline="") as file:
            write = _csv if format_ == "csv" else _jsonl
            return write(rows_of(connection, table), kinds, file)
    except OSError as error:
        raise CardauditError(f"{path} cannot be written: {error.strerror or error}") from error


def rows_of(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """The rows of one of TABLES by name: lists as lists, arithmetic as objects."""
    rest, columns = TABLES[table]
    for row in connection.execute(f"SELECT {', '.join(column.value for column in columns)} {rest}"):
        yield {
            column.name: json.loads(value) if column.kind in ("list", "json") and value is not None else value
            for column, value in zip(columns, row, strict=True)
        }


def _jsonl(rows: Iterator[dict[str, Any]], _: dict[str, str], file: IO[str]) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _csv(rows: Iterator[dict[str, Any]], kinds: dict[str, str], file: IO[str]) -> int:
    writer, count = csv.writer(file), 0
    writer.writerow(kinds)
    for row in rows:
        writer.writerow([_cell(value) for value in row.values()])
        count += 1
    return count


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _parquet(rows: Iterator[dict[str, Any]], kinds: dict[str, str], path: Path) -> int:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("writing Parquet needs pyarrow: pip install 'cardaudit[zoo]'") from error
    types = {"int": pa.int64(), "real": pa.float64(), "text": pa.string(), "json": pa.string(), "list": pa.list_(pa.string())}
    schema = pa.schema([(name, types[kind]) for name, kind in kinds.items()])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, AT_ONCE)):
            plain = [{name: _plain(value, kinds[name]) for name, value in row.items()} for row in batch]
            writer.write_table(pa.Table.from_pylist(plain, schema))
            count += len(batch)
    return count


def _plain(value: Any, kind: str) -> Any:
    if kind == "json" and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return [str(each) for each in value] if kind == "list" and value is not None else value
