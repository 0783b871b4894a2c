"""What several rules ask of one card, computed once. Not a rule."""

from collections.abc import Callable
from typing import TypeVar

from cardaudit.records import Card

T = TypeVar("T")


def remembered(compute: Callable[[Card], T]) -> Callable[[Card], T]:
    """`compute`, which keeps its answer for the last card, for rules that look at one card come one after the other."""
    last: tuple[Card, T] | None = None

    def answer(card: Card) -> T:
        nonlocal last
        known = last  # one look, so that another thread's card cannot come between
        if known is None or known[0] is not card:
            last = known = (card, compute(card))
        return known[1]

    answer.__doc__ = compute.__doc__
    return answer
