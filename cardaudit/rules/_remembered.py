"""What several rules ask of one card, computed once. Not a rule."""

from collections.abc import Callable
from typing import TypeVar

from cardaudit.records import Card

T = TypeVar("T")


def remembered(compute: Callable[[Card], T]) -> Callable[[Card], T]:
    """`compute`, which keeps its answer for the last card, for rules that look at one card come one after the other."""
    last: list[tuple[Card, T]] = []

    def answer(card: Card) -> T:
        if not last or last[0][0] is not card:
            last[:] = [(card, compute(card))]
        return last[0][1]

    answer.__doc__ = compute.__doc__
    return answer
