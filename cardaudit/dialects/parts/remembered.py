"""What a short text says wherever it stands, remembered: two of three lines of a Hub card stand in other cards too."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

MOST_KEPT = 8_192
LONGEST_KEPT = 300  # characters; with MOST_KEPT it bounds the memory that a stream of cards can take
Said = TypeVar("Said")


def remembered(function: Callable[[str], Said]) -> Callable[[str], Said]:
    """A pure function of a text, asked once for each of the last short texts. What it gives must not be changed."""
    kept = lru_cache(MOST_KEPT)(function)

    @wraps(function)
    def ask(text: str) -> Said:
        return kept(text) if len(text) <= LONGEST_KEPT else function(text)

    return ask
