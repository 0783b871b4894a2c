"""What a zoo is made of: names and bytes, one card at a time, from wherever the user has them.

a folder            every README.md, card.md, or other text in it; of a model's repository its card and its .eval_results
.parquet, .jsonl    a snapshot: hub_id or modelId, card, and where it has them downloads, likes, last_modified
                    (librarian-bots/model_cards_with_metadata as it is)
zoo.sqlite          an earlier zoo, or the folder that holds one
a list              a text file with a Hub id or a path on each line; blank lines and lines with # do not count
author:NAME         the models of an author on the Hub; search:WORDS those that a search finds
anything else       one card: a file, or a Hub id
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.folders import cards_in
from cardaudit.snapshots import SUFFIXES, card_rows
from cardaudit.targets import HUB_ID, is_hub_id
from cardaudit.zoo.items import UNKNOWN, Item, KnownText, Popularity
from cardaudit.zoo.schema import FILE, read_database

MOST_OF_A_LIST = 2**24
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
        yield from _zoo(path / FILE) if (path / FILE).is_file() else map(_file, cards_in(path, tell))
    elif path.is_file() and path.suffix in SUFFIXES:
        yield from _snapshot(path)
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


def _snapshot(path: Path) -> Iterator[Item]:
    for name, data, row in card_rows(path, Popularity._fields):
        popularity = _popularity(row) if row else UNKNOWN
        yield Item(_encodable(name), data or b"", "row", popularity, "" if data else "the card is empty")


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
