"""Looks at a card's whole text that are cheap enough to be made of every card. Not a rule."""

import re
from collections.abc import Iterable

from cardaudit.patterns import deferred
from cardaudit.records import Card
from cardaudit.rules._remembered import remembered

OPENING = deferred(r"\n(```|~~~)")
MEANS = deferred(
    r"\bcross[- ]?validat|\bfolds?\b|\b(?:over|across|of) (?:the )?(?:[\w-]+ ){1,3}(?:runs|seeds|trials|repetitions)\b",
    re.IGNORECASE,
)


@remembered
def lowered(card: Card) -> str:
    """A card's text as `ascii_lowered` gives it."""
    return ascii_lowered(card.text)


def ascii_lowered(text: str) -> str:
    """A text with its ASCII letters in lower case, at their offsets; beyond ASCII in a quarter of the time of `str.lower`."""
    return text.lower() if text.isascii() else text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def holds_any(text: str, signs: Iterable[str]) -> bool:
    """Whether one of the words stands in the text: a plain look that spares most cards a search by a regular expression."""
    for sign in signs:  # noqa: SIM110 (a generator costs more than most of these looks)
        if sign in text:
            return True
    return False


def speaks_of_means(text: str) -> bool:
    """Whether a card speaks of folds, or of several runs: identities of one evaluation need not hold between their means."""
    return MEANS.search(text) is not None


def fenced(text: str) -> list[tuple[int, int]]:
    """Start and end of the code blocks between lines that begin with ``` or ~~~, the last one perhaps left open."""
    found: list[tuple[int, int]] = []
    start, fence = 0, text[:3]
    while True:
        if found or fence not in ("```", "~~~"):
            opening = OPENING.search(text, found[-1][1] if found else 0)
            if opening is None:
                return found
            start, fence = opening.start(1), opening[1]
        closing = text.find("\n" + fence, start + len(fence))
        found.append((start, closing + 1 + len(fence) if closing >= 0 else len(text)))
