"""What a zoo is made of: names and bytes, one card at a time, from wherever the user has them.

a folder            every README.md, card.md, or other text in it, with the files of .eval_results
.parquet, .jsonl    a snapshot: hub_id or modelId, card, and where it has them downloads, likes, last_modified
                    (librarian-bots/model_cards_with_metadata as it is)
zoo.sqlite          an earlier zoo, or the folder that holds one
a list              a text file with a Hub id or a path on each line; blank lines and lines with # do not count
author:NAME         the models of an author on the Hub; search:WORDS those that a search finds
anything else       one card: a file, or a Hub id
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError, MissingExtra
from cardaudit.targets import HUB_ID, ROWS_AT_ONCE, card_files, eval_results, is_hub_id
from cardaudit.zoo.items import UNKNOWN, Item, KnownText, Popularity
from cardaudit.zoo.schema import FILE, read_database

READ_AT_ONCE = 2**20  # bytes of a column, so that a row group of any size needs little memory
MOST_OF_A_LIST = 2**24
NAMES = ("hub_id", "modelId")
FROM_HUB = ("author:", "search:")


def _unknown(*_: str) -> None:
    """A store without texts."""


def _silent(_: str) -> None:
    """Nobody listens."""


def read_source(
    source: str, offline: bool = False, known: KnownText = _unknown, tell: Callable[[str], None] = _silent
) -> Iterator[Item]:
    """The cards of a source, one after the other, never all at once.

    `known`: what a store has, so that the Hub is not asked again; `tell` hears of waits, a sentence each.

    Raises CardauditError for a source that is wrong as a whole; one card that cannot be had comes with its `error`.
    """
    path = Path(source)
    if path.is_dir():
        yield from _zoo(path / FILE) if (path / FILE).is_file() else _folder(path)
    elif path.is_file() and path.suffix == ".parquet":
        yield from _parquet(path)
    elif path.is_file() and path.suffix == ".jsonl":
        yield from _jsonl(path)
    elif path.is_file() and path.suffix in (".sqlite", ".db"):
        yield from _zoo(path)
    elif path.is_file():
        listed = _listed(path)
        yield from _list(listed, path.parent, offline, tell) if listed else [_file(path)]
    elif path.exists() or not (source.startswith(FROM_HUB) or is_hub_id(source)):
        raise CardauditError(_no_such_source(source))
    else:
        from cardaudit.zoo.hub_source import cards_of_hub, cards_of_ids

        asked = source.startswith(FROM_HUB)
        yield from cards_of_hub(source, offline, known, tell) if asked else cards_of_ids([source], offline, tell)


def _folder(folder: Path) -> Iterator[Item]:
    files = card_files(folder)
    if not files:
        raise CardauditError(
            f"{folder} holds no card: expected README.md, card.md, or other .md, .txt or .html files in it or in its folders"
        )
    for file in files:
        for path in (file, *eval_results(file)):
            yield _file(path)


def _file(path: Path) -> Item:
    name = _encodable(str(path))
    try:
        return Item(name, path.read_bytes(), "file")
    except OSError as error:
        return Item(name, b"", "file", error=f"{name} cannot be read: {error.strerror or error}")


def _listed(path: Path) -> list[str]:
    """The entries of a file that is a list; none where it is a card."""
    if path.suffix in (".md", ".markdown", ".html", ".htm") or path.stat().st_size > MOST_OF_A_LIST:
        return []
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError):
        return []
    entries = [line for line in lines if line and not line.startswith("#")]
    fits = all(HUB_ID.fullmatch(entry) or _path(entry, path.parent).is_file() for entry in entries)
    return entries if fits else []


def _path(entry: str, folder: Path) -> Path:
    beside = folder / entry
    return beside if beside.exists() else Path(entry)


def _list(entries: list[str], folder: Path, offline: bool, tell: Callable[[str], None]) -> Iterator[Item]:
    ids = []
    for entry in entries:
        path = _path(entry, folder)
        if path.is_file():
            yield _file(path)
        else:
            ids.append(entry)
    if ids:
        from cardaudit.zoo.hub_source import cards_of_ids

        yield from cards_of_ids(ids, offline, tell)


def _jsonl(path: Path) -> Iterator[Item]:
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
            data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None
            yield _row(next((row[key] for key in NAMES if row.get(key)), None), data, row, f"{path}:{number}")


def _parquet(path: Path) -> Iterator[Item]:
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
    beside = [name for name in Popularity._fields if name in names]
    number = 0
    for batch in table.iter_batches(ROWS_AT_ONCE, columns=[key, "card", *beside], use_threads=False):
        cards = batch.column("card").cast(pa.large_binary()).to_pylist()
        columns = {name: batch.column(name).to_pylist() for name in beside}
        for at, (name, data) in enumerate(zip(batch.column(key).to_pylist(), cards, strict=True)):
            number += 1
            yield _row(name, data, {each: column[at] for each, column in columns.items()}, f"{path}:{number}")


def _row(name: Any, data: bytes | None, row: Mapping[str, Any], place: str) -> Item:
    called = _encodable(name) if isinstance(name, str) and name else place
    popularity = _popularity(row) if row else UNKNOWN
    if not data:
        return Item(called, b"", "row", popularity, "the card is empty")
    return Item(called, data, "row", popularity)


def _popularity(row: Mapping[str, Any]) -> Popularity:
    revision, modified = row.get("revision") or row.get("sha"), row.get("last_modified")
    return Popularity(
        revision if isinstance(revision, str) else None,
        _whole(row.get("downloads")),
        _whole(row.get("likes")),
        str(modified) if modified is not None else None,
    )


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) and value == value else None  # a nan is a null of pandas


def _zoo(path: Path) -> Iterator[Item]:
    """The texts of an earlier zoo, as they were last."""
    connection = read_database(path)
    try:
        rows = connection.execute(
            "SELECT name, form, revision, downloads, likes, models.last_modified, error, zlib"
            " FROM models JOIN cards ON cards.id = models.card_id LEFT JOIN texts ON texts.card_id = cards.id"
            " WHERE last >= coalesce((SELECT max(id) FROM sessions WHERE outcome = 'finished'), (SELECT max(last) FROM cards))"
            " ORDER BY models.id"
        )
        for name, form, *popularity, error, deflated in rows:
            data = zlib.decompress(deflated) if deflated is not None else b""
            yield Item(name, data, form, Popularity(*popularity), "" if data else error or "the earlier zoo has no text of it")
    finally:
        connection.close()


def _encodable(name: str) -> str:
    """A name that SQLite and a terminal take: what is no Unicode becomes escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def _no_such_source(source: str) -> str:
    from difflib import get_close_matches

    path = Path(source)
    siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = get_close_matches(path.name, siblings, 1)
    hint = (
        f"did you mean {path.parent / close[0]}?"
        if close
        else "give a folder, a list, a Parquet or JSONL file, an earlier zoo, a Hub id, author:NAME or search:WORDS"
    )
    return f"{source} does not exist: {hint}"
