"""Where the words stand that a reader must see before it looks closer; looked for once in a card, whoever asks."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

MOST_KEPT = 1_000  # places of a sign's first word


def places_of(sign: str, text: str, start: int, most: int) -> Iterator[int]:
    """Where a sign stands from an offset on, its first `most` places."""
    first = sign[: sign.find(" ", 1) + 1] or sign
    places = _places_of_word(first, text, start)
    return islice(places if first == sign else (at for at in places if text.startswith(sign, at)), most)


def stands(sign: str, text: str, start: int) -> bool:
    """Whether a sign stands from an offset on."""
    return next(iter(places_of(sign, text, start, 1)), None) is not None


def _places_of_word(word: str, text: str, start: int) -> list[int]:
    known = _known(text, start)
    if word in known:
        return known[word]
    places = known[word] = []
    at = text.find(word, start)
    while at >= 0 and len(places) < MOST_KEPT:
        places.append(at)
        at = text.find(word, at + 1)
    return places


@lru_cache(maxsize=1)
def _known(text: str, start: int) -> dict[str, list[int]]:  # noqa: ARG001 - kept by them
    """The words of the card at hand that were looked for."""
    return {}
