"""What a user points at: a file, standard input, a folder, a Hub id, or a Parquet or JSONL file of cards."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from cardaudit.errors import CardauditError
from cardaudit.folders import OWN, cards_in, own_card
from cardaudit.folders import SUFFIXES as CARD_SUFFIXES
from cardaudit.parse import demand_size, read_bytes, read_card
from cardaudit.patterns import deferred
from cardaudit.records import Card
from cardaudit.snapshots import SUFFIXES, card_rows

HUB_ID = deferred(r"(?:https?://[^/\s]+/)?(?!(?:datasets|spaces)/)[\w.-]+/[\w.-]+(?:@[\w./-]+|/(?:blob|tree|resolve)/\S+)?/?")
SETTLED_AFTER = (1, 100)  # cards: most that is imported late is by then
Item = TypeVar("Item")
Tell = Callable[[str], None]


class Unreadable(NamedTuple):
    """A card of a folder or a list that could not be read, and why: the others go on."""

    name: str
    because: str


def read_targets(targets: tuple[str, ...], offline: bool = False, tell: Tell = lambda _: None) -> Iterator[Card | Unreadable]:
    """The cards of all targets, in order; `tell` hears of files that a folder holds and that stay unread, a sentence each.

    A target that is wrong as a whole (no such file, an empty folder, an unknown Hub id) raises CardauditError; one bad card among
    many comes as Unreadable.
    """
    for target in targets:
        yield from read_target(target, offline, tell)


def settled(batch: Iterable[Item]) -> Iterator[Item]:
    """A batch as it is, a tenth faster: what its first items brought to memory, above all modules, is there to stay, so that the
    garbage collector need not walk it again and again.
    """
    for number, item in enumerate(batch, 1):
        yield item
        if number in SETTLED_AFTER:
            gc.freeze()


def read_target(target: str, offline: bool = False, tell: Tell = lambda _: None) -> Iterator[Card | Unreadable]:
    """The cards of one target. Where a path exists, the path wins over a Hub id of the same spelling."""
    path = Path(target)
    if target == "-":
        yield read_bytes(sys.stdin.buffer.read(), "-")
    elif path.is_dir():
        yield from settled(_read_folder(path, tell))
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
    if Path(target).is_dir() and (own := _foremost(Path(target))):
        return read_file(own)
    cards = []
    for card in read_target(target, offline):
        if isinstance(card, Unreadable):
            raise CardauditError(f"{card.name} cannot be read: {card.because}")
        cards.append(card)
        if len(cards) > 1:
            raise CardauditError(f"{target} holds several cards: name one of them, for example {cards[0].source.name}")
    return cards[0]


def _foremost(folder: Path) -> Path | None:
    """The card that a folder as a whole stands for: its card.md, a repository's, or its README.md where none lies deeper."""
    if (folder / "card.md").is_file():
        return folder / "card.md"
    if own := own_card(folder):
        return own
    named = [path for path in cards_in(folder) if path.name in OWN]
    return named[0] if named == [folder / "README.md"] else None


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
    looks_like_file = len(parts) > 1 and Path(target).suffix in {*CARD_SUFFIXES, *SUFFIXES}
    return not looks_like_file and not target.startswith((".", "/", "~")) and HUB_ID.fullmatch(target) is not None


def _read_folder(folder: Path, tell: Tell) -> Iterator[Card | Unreadable]:
    for path in cards_in(folder, tell):
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
