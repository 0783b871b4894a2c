"""Which loop trains a seed."""

from typing import Literal

from cardaudit.engine.loops.fast.ability import unable
from cardaudit.engine.task import Tell
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

Loop = Literal["auto", "fast", "reference"]
Kind = Literal["fast", "reference"]
LOOPS: tuple[Loop, ...] = ("auto", "fast", "reference")


def choose_loop(wanted: Loop, plan: Plan, seed: int, tell: Tell) -> Kind:
    """The loop of one seed.

    "auto": the fast loop where it makes the same updates, but the reference loop for the card's own seed, because only the
    masks of dropout that the Trainer draws can repeat the card to the digit. Raises CardauditError where the fast loop is
    asked for and cannot do the plan.
    """
    if wanted == "reference" or plan.mode == "evaluate":
        return "reference"
    why = unable(plan)
    if wanted == "auto":
        if why is None and seed != plan.replay_seed:
            return "fast"
        if why is not None and seed != plan.replay_seed:
            tell(f"the fast loop cannot do this plan, {why}: the reference loop trains seed {seed}")
        return "reference"
    if why is not None:
        raise CardauditError(f"the fast loop cannot do this plan, {why}: give --loop reference or --loop auto")
    if seed == plan.replay_seed:
        tell(f"seed {seed} is the card's own: the fast loop draws other dropout masks, so it cannot repeat the card to the digit")
    return "fast"
