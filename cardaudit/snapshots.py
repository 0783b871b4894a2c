"""Many cards in one file: the rows of a Parquet or JSONL snapshot, in a stream.

Columns or keys: `hub_id` or `modelId`, `card`, and whatever stands beside them (librarian-bots/model_cards_with_metadata has
downloads, likes and last_modified). Parquet needs pyarrow, the extra `zoo`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cardaudit.errors import CardauditError, MissingExtra

SUFFIXES = {".parquet", ".jsonl"}
NAMES = ("hub_id", "modelId")
READ_AT_ONCE = 2**20  # bytes of a column, so that a row group of any size needs little memory
ROWS_AT_ONCE = 256


class CardRow(NamedTuple):
    """One row: its id, or where it stands in the file; the card's text as UTF-8, None where it has none; other columns."""

    name: str
    data: bytes | None
    beside: Mapping[str, Any]


def card_rows(path: Path, beside: Sequence[str] = ()) -> Iterator[CardRow]:
    """The rows of a file, with those of the columns `beside` that it has. A lone surrogate of a JSON text is kept in its bytes.

    Raises CardauditError for a file that is no snapshot, MissingExtra where Parquet cannot be read here.
    """
    yield from _parquet(path, beside) if path.suffix == ".parquet" else _jsonl(path, beside)


def _jsonl(path: Path, beside: Sequence[str]) -> Iterator[CardRow]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                text = row["card"]
            except (ValueError, TypeError, KeyError) as error:
                raise CardauditError(
                    f'{path}, line {number}: expected a JSON object with a key "card", found {line[:40]!r}'
                ) from error
            name = next((row[key] for key in NAMES if row.get(key)), None)
            data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None
            yield CardRow(_name(name, path, number), data, {key: row[key] for key in beside if key in row})


def _parquet(path: Path, beside: Sequence[str]) -> Iterator[CardRow]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra(f"reading {path} needs pyarrow: pip install 'cardaudit[zoo]'") from error
    try:
        table = pq.ParquetFile(path, buffer_size=READ_AT_ONCE)
    except Exception as error:  # pyarrow raises many kinds for a file that is no Parquet
        raise CardauditError(f"{path} is no Parquet file: {str(error).splitlines()[0]}") from error
    names = table.schema_arrow.names
    key = next((name for name in NAMES if name in names), None)
    if key is None or "card" not in names:
        raise CardauditError(f"{path} has the columns {', '.join(names)}: expected card, and hub_id or modelId")
    wanted = [name for name in beside if name in names]
    number = 0
    for batch in _batches(table, [key, "card", *wanted]):
        cards = batch.column("card").cast(pa.large_binary()).to_pylist()  # a text that is no UTF-8 spoils its own row only
        columns = {name: batch.column(name).to_pylist() for name in wanted}
        for at, (name, data) in enumerate(zip(batch.column(key).to_pylist(), cards, strict=True)):
            number += 1
            yield CardRow(_name(name, path, number), data, {each: column[at] for each, column in columns.items()})


def _batches(table: Any, columns: list[str]) -> Iterator[Any]:
    """A file's rows, one row group after the other: a reader of several holds the pages of all (pyarrow 26)."""
    for group in range(table.num_row_groups):
        yield from table.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=columns, use_threads=False)


def _name(name: Any, path: Path, number: int) -> str:
    return name if isinstance(name, str) and name else f"{path}:{number}"
