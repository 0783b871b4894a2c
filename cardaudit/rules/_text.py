"""Looks at a card's whole text that are cheap enough to be made of every card. Not a rule."""

import re
from collections.abc import Iterable

OPENING = re.compile(r"\n(```|~~~)")


def holds_any(text: str, signs: Iterable[str]) -> bool:
    """Whether one of the words stands in the text: a plain look that spares most cards a search by a regular expression."""
    for sign in signs:  # noqa: SIM110 (a generator costs more than most of these looks)
        if sign in text:
            return True
    return False


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
