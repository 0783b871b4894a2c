"""The verdicts of a card: one primary endpoint, the other columns beside it, earlier rows as one curve.

The primary endpoint is the leading metric as reported; it alone decides what `cardaudit reproduce` exits with. The other reported
columns and the curve share one error budget of the same size (Holm). A cell of an earlier row never deviates by itself: among 15
cells of an honest card some lie outside their interval.
"""

from collections.abc import Mapping, Sequence

from cardaudit.compare.claims import Claim, Claims, lower_flatters, read_claims
from cardaudit.compare.counting import claims_of, other_fraction
from cardaudit.compare.measured import Field, sort_runs
from cardaudit.compare.protocol import protocol_in_force
from cardaudit.compare.replay import Replay, replay_of, unique
from cardaudit.compare.trial import Trial, same_evaluation, try_claim, try_curve
from cardaudit.compare.words import because, no_comparison, no_measurement, worked
from cardaudit.records import Card, Plan, Run, Verdict
from cardaudit.records.run import Outcome


def compare(card: Card, plan: Plan, runs: Sequence[Run], replay: bool = True) -> tuple[Verdict, ...]:
    """A verdict for each number that the card claims about its evaluations, and one for the curve of the earlier rows.

    Exactly one is primary, unless the card claims nothing. `runs` are those of `plan`; the run of the author's own seed is held
    against the prints digit by digit, and ignored without `replay`; it is never one of the independent seeds.
    """
    claims = read_claims(card, plan)
    if not claims.endpoint:
        return ()
    field = sort_runs(card, plan, runs, replay)
    again = replay_of(field.replay, card, claims)
    every = unique((*claims.endpoint, *claims.cells))
    trials = {id(claim): try_claim(claim, card, plan, claims, field, again) for claim in every}
    endpoint = [trials[id(claim)] for claim in claims.endpoint]
    curve = _curve(claims, trials)
    outcomes = _outcomes(claims, endpoint, curve, trials)
    stranger = no_comparison(plan) or _other_counts(card, plan, field)
    return tuple(
        _verdict(trial, outcomes[id(trial.claim)], trial is endpoint[0], stranger, field, again)
        for trial in _in_order(claims, trials, curve)
    )


def _other_counts(card: Card, plan: Plan, field: Field) -> str | None:
    """Why the card's exact fractions were counted over something else than these runs evaluate."""
    if not same_evaluation(plan):
        return None
    runs = field.seeds or ((field.replay,) if field.replay else ())
    return other_fraction(claims_of(card, plan), runs[-1], plan) if runs else None


def _in_order(claims: Claims, trials: Mapping[int, Trial], curve: Trial | None) -> list[Trial]:
    """What stands off the table first, the primary before all; then the rows; then the curve."""
    off = [claim for claim in claims.endpoint if claim.row is None]
    ordered = [trials[id(claim)] for claim in (*off, *claims.cells)]
    return [*ordered, curve] if curve else ordered


def _curve(claims: Claims, trials: Mapping[int, Trial]) -> Trial | None:
    """The earlier rows of the leading metric, without the row that the card reports."""
    lead = claims.endpoint[0]
    reported = lead.row if lead.row is not None else claims.selection.row
    earlier = [claim for claim in claims.cells if claim.column == lead.column and claim.row != reported]
    return try_curve([trials[id(claim)] for claim in earlier], earlier[0]) if earlier else None


def _outcomes(claims: Claims, endpoint: Sequence[Trial], curve: Trial | None, trials: Mapping[int, Trial]) -> dict[int, Outcome]:
    primary, *others = endpoint
    family = [*others, *([curve] if curve else [])]
    contested = _holm(family)
    outcomes = {id(trial.claim): _outcome(trial, _contested(primary, 1)) for trial in [primary]}
    outcomes |= {id(trial.claim): _outcome(trial, id(trial.claim) in contested) for trial in family}
    for cell in claims.cells:
        if id(cell) not in outcomes:
            twin = _twin(cell, claims)
            outcomes[id(cell)] = outcomes[id(twin)] if twin else _outcome(trials[id(cell)], False)
    return outcomes


def _twin(cell: Claim, claims: Claims) -> Claim | None:
    """The headline's claim that a cell of the reported row repeats, where both are measured on the same evaluation."""
    if cell.row != claims.selection.row or claims.selection.kind == "best":
        return None
    return next((claim for claim in claims.endpoint if claim.column == cell.column and claim.where == "headline"), None)


def _outcome(trial: Trial, contested: bool) -> Outcome:
    if trial.whole:
        return "replayed"
    if trial.test is None:
        return "undecided" if trial.replayed is not None or trial.diverged else "not measured"
    if trial.number < protocol_in_force().looks[0]:
        return "undecided"
    if trial.equivalent(trial.test):
        return "reproduced"
    return "deviates" if contested else "undecided"


def _holm(family: Sequence[Trial]) -> frozenset[int]:
    """The claims of a family that deviate: the smallest p against alpha / m, the next against alpha / (m - 1), and so on."""
    found: set[int] = set()
    for flattering in (True, False):
        ordered = sorted(family, key=lambda trial: trial.p_flattering if flattering else trial.p_modest)
        for number, trial in enumerate(ordered):
            p, alpha = (trial.p_flattering, trial.alphas[0]) if flattering else (trial.p_modest, trial.alphas[1])
            if p >= alpha / (len(family) - number):
                break
            found.add(id(trial.claim))
    return frozenset(found)


def _contested(trial: Trial, share: int) -> bool:
    flattering, modest = trial.alphas
    return trial.p_flattering < flattering / share or trial.p_modest < modest / share


def _verdict(trial: Trial, outcome: Outcome, primary: bool, stranger: str | None, field: Field, replay: Replay | None) -> Verdict:
    if stranger:
        outcome, reason = "not comparable", stranger
    elif outcome == "not measured":
        reason = no_measurement(trial, field)
    else:
        reason = because(trial, outcome, field, replay, primary)
    above = trial.test is not None and trial.test.gap > 0
    return Verdict(
        metric=trial.claim.metric,
        where=trial.claim.where,
        claimed=trial.claim.printed.text if trial.claim.where != "curve" else f"{trial.claim.value:.4f}",
        measured=trial.values or (() if trial.replayed is None else (trial.replayed,)),
        interval=trial.interval,
        outcome=outcome,
        because=reason,
        primary=primary,
        direction=("above" if above else "below") if outcome == "deviates" else None,
        seeds_needed=trial.seeds_needed() if outcome == "undecided" else None,
        arithmetic=worked(trial, replay),
    )


def flatters(verdict: Verdict) -> bool:
    """Whether a verdict's direction makes the model look better than it measures."""
    column = "loss" if verdict.metric.endswith("loss") else verdict.metric
    return verdict.direction == ("below" if lower_flatters(column) else "above")
