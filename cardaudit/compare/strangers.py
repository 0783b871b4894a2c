"""How widely other authors' numbers of a recipe spread: a better first guess at its spread than one for all recipes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cardaudit.census import peers
from cardaudit.compare.claims import LOSSES
from cardaudit.records import Card

LEAST_AUTHORS = 8
MOST_APART = 3.0
"""How far the authors' spread may move the guess: what they did in secret, and their failures, are in it too."""


class Between(NamedTuple):
    """A robust standard deviation between so many other authors, in the metric's own range."""

    deviation: float
    authors: int


_last: list[Any] = []  # the card of the last call and what was found: every look asks of the same one


def between_authors(card: Card) -> Mapping[str, Between]:
    """The spread between authors by the column's key, of the headline's metrics that enough of them print."""
    if not (_last and _last[0] is card):
        _last[:] = [card, _found(card)]
    found: Mapping[str, Between] = _last[1]
    return found


def _found(card: Card) -> Mapping[str, Between]:
    known = peers(card)
    return {
        LOSSES.get(spread.metric, spread.metric): Between(spread.deviation, len(spread.peers))
        for spread in (known.spreads if known else ())
        if spread.deviation and len(spread.peers) >= LEAST_AUTHORS
    }
