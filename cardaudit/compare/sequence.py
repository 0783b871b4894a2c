"""Which seeds to train next, and what the verdicts amount to."""

from collections.abc import Sequence

from cardaudit.compare.endpoints import compare, flatters
from cardaudit.compare.measured import author_seed
from cardaudit.compare.weighing import LOOKS
from cardaudit.records import Card, Plan, Run, Verdict

FUTILE_FROM = LOOKS[1]
NEAR = 2.0
"""A claim whose |t| is below this will hardly deviate. Beyond it all seeds are spent, although none seems to tell."""


def next_seeds(card: Card, plan: Plan, runs: Sequence[Run], replay: bool = True) -> tuple[int, ...]:
    """The seeds to train before looking again: the author's own first, then up to the next look (3, 5, 10, 19).

    Empty once the primary endpoint is decided, once no further look would tell, or when the plan's seeds are used up. Seeds whose
    run failed are not tried again; one that was stopped is.
    """
    tried, own = {run.seed for run in runs if run.outcome != "stopped"}, author_seed(card, plan)
    primary = primary_outcome(compare(card, plan, runs, replay))
    fresh = [seed for seed in plan.seeds if seed not in tried and seed != own]
    good = sum(run.outcome == "finished" and run.seed != own for run in {run.seed: run for run in runs}.values())
    if primary is None or primary.outcome == "replayed":
        return ()
    if replay and plan.replay_seed is not None and plan.replay_seed not in tried and primary.outcome != "not comparable":
        return (plan.replay_seed,)
    if primary.outcome == "not measured" and any(run.outcome == "finished" and (replay or run.seed != own) for run in runs):
        return ()
    if good >= LOOKS[0] and (primary.outcome != "undecided" or _futile(primary, good)):
        return ()
    look = next((look for look in LOOKS if look > good), good)
    return tuple(fresh[: look - good])


def _futile(primary: Verdict, number: int) -> bool:
    near = number >= LOOKS[2] or abs(primary.arithmetic.get("t", 0.0)) < NEAR
    return number >= FUTILE_FROM and near and primary.seeds_needed is None


def primary_outcome(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that decides; None where the card claims nothing that could be compared."""
    return next((verdict for verdict in verdicts if verdict.primary), None)


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """0 replayed, reproduced, or deviates modestly; 1 deviates in the flattering direction; 4 undecided; 3 otherwise."""
    primary = primary_outcome(verdicts)
    if primary is None or primary.outcome in ("not comparable", "not measured"):
        return 3
    if primary.outcome == "undecided":
        return 4
    return int(primary.outcome == "deviates" and flatters(primary))
