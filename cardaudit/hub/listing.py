"""Many models of the Hub: who is there, and their cards by one request each."""

import os
import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.asking import ask
from cardaudit.hub.beginnings import first_bytes
from cardaudit.hub.ids import split_revision

CARD = "README.md"
MOST_OF_A_CARD = 2**23 + 1
WINDOW = 300.0  # seconds, of the Hub's limits (hub-docs, rate-limits.md)
RESOLVES = {False: 3000, True: 5000}  # requests for files in a window: without and with a token of a free account
LISTED = ["sha", "lastModified", "downloads", "likes"]


class Listed(NamedTuple):
    """A model as the Hub lists it; `revision` is the commit of its main branch."""

    id: str
    revision: str | None
    downloads: int | None
    likes: int | None
    last_modified: str | None


def list_models(author: str | None = None, search: str | None = None, most: int | None = None) -> list[Listed]:
    """The models of an author, or those that a search finds, the most downloaded first.

    Raises CardauditError where the Hub cannot be asked.
    """
    models = ask(
        "model",
        author or search or "",
        None,
        lambda api: list(api.list_models(author=author, search=search, limit=most, sort="downloads", expand=LISTED)),
    )
    listed = [
        Listed(
            str(each.id),
            getattr(each, "sha", None),
            getattr(each, "downloads", None),
            getattr(each, "likes", None),
            str(each.last_modified) if getattr(each, "last_modified", None) else None,
        )
        for each in models
    ]
    return sorted(listed, key=lambda each: -(each.downloads or 0))


def card_bytes(name: str) -> bytes:
    """The README.md of `user/model` or `user/model@revision`, uncut. Raises CardauditError where it cannot be had."""
    model, revision = split_revision(name)
    data = first_bytes(model, revision or "main", CARD, MOST_OF_A_CARD)
    if not data.strip():
        raise CardauditError(f"the README.md of {name} is empty")
    return data


def allowed() -> int:
    """How many cards the Hub gives in WINDOW seconds, by its published limits."""
    from huggingface_hub import get_token

    return RESOLVES[get_token() is not None] if not os.environ.get("HF_ENDPOINT") else 10**9


class Pace:
    """Keeps to so many requests in a window of so many seconds; `tell` hears of each wait, in seconds, before it."""

    def __init__(self, most: int, tell: Callable[[float], None], window: float = WINDOW) -> None:
        self._most, self._tell, self._window = most, tell, window
        self._began: deque[float] = deque()
        self._rests_until = 0.0
        self._one = Lock()

    def rest(self, seconds: float) -> None:
        """The Hub asked for a pause: returns after it, and nobody asks meanwhile. Those who hear of the same pause tell once."""
        now = time.monotonic()
        with self._one:
            told = self._rests_until >= now
            self._rests_until = max(self._rests_until, now + seconds)
        if not told:
            self._tell(seconds)
        time.sleep(seconds)

    def wait(self) -> None:
        """Returns as soon as one more request may be made."""
        if self._rests_until > (now := time.monotonic()):
            time.sleep(self._rests_until - now)
            now = time.monotonic()
        while self._began and now - self._began[0] >= self._window:
            self._began.popleft()
        if len(self._began) >= self._most:
            left = self._window - (now - self._began[0])
            self._tell(left)
            time.sleep(left)
            self._began.popleft()
        self._began.append(time.monotonic())
