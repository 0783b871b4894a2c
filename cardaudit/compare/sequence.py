"""Which seeds to train next, and what the verdicts amount to."""

from collections.abc import Sequence

from cardaudit.compare.endpoints import compare, flatters
from cardaudit.compare.measured import author_seed
from cardaudit.compare.protocol import protocol_in_force
from cardaudit.records import Card, Plan, Run, Verdict

BLIND_FROM, FUTILE_FROM = 5, 10
"""Seeds from which on futility is believed: of seeds too wide to tell anything, of a claim that is near their mean."""
NEAR = 2.0
"""A claim fewer standard errors away will hardly deviate. Beyond it all seeds are spent, although none seems to tell."""


def next_seeds(card: Card, plan: Plan, runs: Sequence[Run], replay: bool = True) -> tuple[int, ...]:
    """The seeds to train before looking again: the author's own first, then up to the next look.

    Empty once the primary endpoint is decided, once no further look would tell, or when the plan's seeds are used up. Seeds whose
    run failed are not tried again; one that was stopped is.
    """
    looks = protocol_in_force().looks
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
    if good >= looks[0] and (primary.outcome != "undecided" or _futile(primary, good)):
        return ()
    look = next((look for look in looks if look > good), good)
    return tuple(fresh[: look - good])


def _futile(primary: Verdict, number: int) -> bool:
    told, law = primary.arithmetic, protocol_in_force()
    near = number >= FUTILE_FROM and abs(told.get("difference_in_standard_errors", 0.0)) < NEAR
    blind = number >= BLIND_FROM and told.get("sure_of_the_same", 0.0) >= law.equivalence
    return primary.seeds_needed is None and (near or blind)


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
