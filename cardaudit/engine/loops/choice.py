"""Which loop trains a seed."""

from typing import Literal, NamedTuple

from cardaudit.engine.loops.fast.ability import unable
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

Loop = Literal["auto", "fast", "reference"]
Kind = Literal["fast", "reference"]
LOOPS: tuple[Loop, ...] = ("auto", "fast", "reference")


class Choice(NamedTuple):
    """A loop, and what is to be said about it."""

    loop: Kind
    words: str | None = None


def choose_loop(wanted: Loop, plan: Plan, seed: int) -> Choice:
    """The loop of one seed.

    "auto": the fast loop where it makes the same updates, but the reference loop for the card's own seed, because only the
    masks of dropout that the Trainer draws can repeat the card to the digit. Raises CardauditError where the fast loop is
    asked for and cannot do the plan.
    """
    if wanted == "reference" or plan.mode == "evaluate":
        return Choice("reference")
    why, own = unable(plan), seed == plan.replay_seed
    if wanted == "auto" and (own or why is not None):
        words = f"the fast loop cannot do this plan, {why}: the reference loop trains seed {seed}"
        return Choice("reference", None if own else words)
    if why is not None:
        raise CardauditError(f"the fast loop cannot do this plan, {why}: give --loop reference or --loop auto")
    words = f"seed {seed} is the card's own: the fast loop draws other dropout masks, so it cannot repeat the card to the digit"
    return Choice("fast", words if own else None)
