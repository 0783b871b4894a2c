"""What a user points at: a file, standard input, a folder, a Hub id, or a Parquet or JSONL file of cards."""

import gc
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from cardaudit.errors import CardauditError
from cardaudit.parse import demand_size, read_bytes, read_card
from cardaudit.patterns import deferred
from cardaudit.records import Card
from cardaudit.snapshots import SUFFIXES, card_rows

HUB_ID = deferred(r"(?:https?://[^/\s]+/)?(?!(?:datasets|spaces)/)[\w.-]+/[\w.-]+(?:@[\w./-]+|/(?:blob|tree|resolve)/\S+)?/?")
SETTLED_AFTER = (1, 100)  # cards: most that is imported late is by then
Item = TypeVar("Item")
CARD_FILES = {".md", ".markdown", ".txt", ".html", ".htm"}


class Unreadable(NamedTuple):
    """A card of a folder or a list that could not be read, and why: the others go on."""

    name: str
    because: str


def read_targets(targets: tuple[str, ...], offline: bool = False) -> Iterator[Card | Unreadable]:
    """The cards of all targets, in order.

    A target that is wrong as a whole (no such file, an empty folder, an unknown Hub id) raises CardauditError; one bad card among
    many comes as Unreadable.
    """
    for target in targets:
        yield from read_target(target, offline)


def settled(batch: Iterable[Item]) -> Iterator[Item]:
    """A batch as it is, a tenth faster: what its first items brought to memory, above all modules, is there to stay, so that the
    garbage collector need not walk it again and again.
    """
    for number, item in enumerate(batch, 1):
        yield item
        if number in SETTLED_AFTER:
            gc.freeze()


def read_target(target: str, offline: bool = False) -> Iterator[Card | Unreadable]:
    """The cards of one target. Where a path exists, the path wins over a Hub id of the same spelling."""
    path = Path(target)
    if target == "-":
        yield read_bytes(sys.stdin.buffer.read(), "-")
    elif path.is_dir():
        yield from settled(_read_folder(path))
    elif path.suffix in SUFFIXES and path.is_file():
        yield from settled(_read_many(path))
    elif path.exists():
        yield read_file(path)
    elif is_hub_id(target):
        yield _read_hub(target, offline)
    else:
        raise CardauditError(_no_such_target(path))


def read_one(target: str, offline: bool = False) -> Card:
    """The one card of a target; raises CardauditError where there are none or several."""
    path = Path(target)
    if path.is_dir() and (path / "card.md").is_file():
        return read_file(path / "card.md")
    if path.is_dir() and card_files(path) == [path / "README.md"]:
        return read_file(path / "README.md")
    cards = []
    for card in read_target(target, offline):
        if isinstance(card, Unreadable):
            raise CardauditError(f"{card.name} cannot be read: {card.because}")
        cards.append(card)
        if len(cards) > 1:
            raise CardauditError(f"{target} holds several cards: name one of them, for example {cards[0].source.name}")
    return cards[0]


def read_file(path: Path) -> Card:
    """The card of one file; raises CardauditError where it cannot be read."""
    try:
        demand_size(path.stat().st_size, str(path))
        return read_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise CardauditError(f"{path} cannot be read: {error.strerror or error}") from error


def is_hub_id(target: str) -> bool:
    """Whether a target that is no path is spelled like a Hub model id: `user/model`, with `@revision`, or a web address."""
    parts = target.split("/")
    looks_like_file = len(parts) > 1 and Path(target).suffix in CARD_FILES | SUFFIXES
    return not looks_like_file and not target.startswith((".", "/", "~")) and HUB_ID.fullmatch(target) is not None


def card_files(folder: Path) -> list[Path]:
    """The cards of a folder, sorted.

    Where it holds sub-folders with a `card.md` or `README.md` each, those are its cards; else every file in it
    that is Markdown, plain text or HTML.
    """
    named = sorted({p.parent: p for name in ("README.md", "card.md") for p in folder.glob(f"*/{name}")}.values())
    own = [folder / name for name in ("card.md", "README.md") if (folder / name).is_file()]
    if named:
        return named
    if own:
        return own[:1]
    return sorted(p for p in folder.rglob("*") if p.suffix in CARD_FILES and p.is_file() and not _hidden(p, folder))


def eval_results(card: Path) -> list[Path]:
    """The files of `.eval_results` beside a repository's card, sorted: each is read as a card of its own, with its own lines."""
    if card.name not in ("README.md", "card.md"):
        return []
    return sorted(path for path in card.parent.glob(".eval_results/*") if path.suffix in (".yaml", ".yml") and path.is_file())


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _read_folder(folder: Path) -> Iterator[Card | Unreadable]:
    files = card_files(folder)
    if not files:
        raise CardauditError(
            f"{folder} holds no card: expected README.md, card.md, or other .md, .txt or .html files in it or in its folders"
        )
    for path in [each for file in files for each in (file, *eval_results(file))]:
        try:
            yield read_file(path)
        except CardauditError as error:
            yield Unreadable(str(path), str(error))


def _read_many(path: Path) -> Iterator[Card | Unreadable]:
    for name, data, _ in card_rows(path):
        try:
            text = (data or b"").decode("utf-8", "surrogatepass")
            if not text.strip():
                raise CardauditError("the card is empty")
            card = read_card(text, name)
        except UnicodeDecodeError as error:
            yield Unreadable(name, f"the card is not UTF-8 (offset {error.start})")
        except CardauditError as error:
            yield Unreadable(name, str(error))
        else:
            yield card


def _read_hub(target: str, offline: bool) -> Card:
    from cardaudit.hub import fetch_card

    fetched = fetch_card(target, offline=offline)
    return read_card(fetched.text, fetched.name)


def _no_such_target(path: Path) -> str:
    from difflib import get_close_matches

    siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    close = get_close_matches(path.name, siblings, 1)
    hint = (
        f"did you mean {path.parent / close[0]}?"
        if close
        else "give a file, a folder, - for standard input, or a Hub id such as user/model"
    )
    return f"{path} does not exist: {hint}"
