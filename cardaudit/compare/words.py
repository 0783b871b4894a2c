"""The sentences of a verdict, each made from one trial; and its worked numbers."""

from typing import Any

from cardaudit.compare.claims import lower_flatters
from cardaudit.compare.measured import Field
from cardaudit.compare.protocol import protocol_in_force
from cardaudit.compare.replay import Replay
from cardaudit.compare.trial import Trial
from cardaudit.distributions import normal_cdf
from cardaudit.records import Plan
from cardaudit.records.run import Outcome

BEST_OF_MOST = 50
MARGIN = "three standard deviations of"
MOST_NAMED = 6


def because(trial: Trial, outcome: Outcome, field: Field, replay: Replay | None, primary: bool) -> str:
    """Why an outcome is what it is: claim, measurement, size, test; of the primary endpoint also what became of the replay."""
    if outcome == "replayed":
        return _replayed(trial, replay, primary)
    parts = [_measured(trial), _size(trial), *_reason(trial, outcome, primary)]
    if replay is not None and (primary or trial.replayed is not None):
        parts.append(
            _not_replayed(trial, replay) if primary else f"the card's own seed {replay.seed} gives {_n(trial, trial.replayed)}"
        )
    parts += _losses(trial, field)
    return "; ".join(part for part in parts if part)


def no_comparison(plan: Plan) -> str | None:
    """What was put in the place of the card's model or data, so that no claim can be compared; None where nothing was."""
    other = []
    if not plan.model.same:
        other.append(f"the runs start from {plan.model.id}, the card names {plan.model.claimed or 'no base model'}")
    if not plan.dataset.same:
        other.append(f"the runs use the data {plan.dataset.id}, the card names {plan.dataset.claimed or 'no data set'}")
    return "; ".join(other) or None


def no_measurement(trial: Trial, field: Field) -> str:
    """Why nothing was measured for a claim."""
    claim, lost = trial.claim, "; ".join(field.lost)
    if not field.seeds and field.replay is None:
        return f"no run has finished ({lost})" if lost else "no run has finished"
    rows = (field.seeds or ((field.replay,) if field.replay else ()))[0].rows
    if claim.column.endswith("loss") or any(claim.column in row.metrics for row in rows):
        return f"no evaluation of the runs is that of {claim.where}, or nothing was logged there"
    return f"the runs do not compute {claim.column}: they give {', '.join(rows[-1].metrics) or 'the losses only'}"


def worked(trial: Trial, replay: Replay | None) -> dict[str, Any]:
    """The numbers behind a verdict: JSON values in the metric's own units, t and p as they are."""
    numbers: dict[str, Any] = {
        "seeds": trial.number,
        "claimed": trial.claim.value,
        "claimed_low": trial.claim.low,
        "claimed_high": trial.claim.high,
    }
    if trial.claim.also is not None:
        numbers["model_index"] = trial.claim.also
    if replay is not None and trial.replayed is not None:
        numbers |= {"replay_seed": replay.seed, "replay": trial.replayed}
    test = trial.test
    if test is None:
        return numbers
    spread, size = test.spread, trial.scale.size
    numbers |= {
        "mean": trial.mean,
        "seed_deviation": trial.width(spread.deviation),
        "environment_deviation_allowed": test.law.environment_shift * trial.width(spread.deviation),
        "measured_deviation": None if spread.measured is None else trial.width(spread.measured),
        "prior_deviation": trial.width(spread.prior),
        **({"evaluation_deviation": trial.width(trial.sampling)} if trial.sampling else {}),
        "other_evaluations": trial.rows.number,
        "prior_from": f"{trial.authors} other authors of the recipe" if trial.authors else "all recipes",
        "difference": trial.gap,
        "difference_in_seed_deviations": trial.gap_in_deviations,
        "scale": trial.scale.kind,
        "difference_in_standard_errors": test.gap / test.error,
        "p_flattering": trial.p_flattering,
        "p_modest": trial.p_modest,
        "alpha_flattering": trial.alphas[0],
        "alpha_modest": trial.alphas[1],
        "sure_of_the_same": test.same,
        "least_inflation_noticed": trial.noticed(test),
        "protocol": protocol_in_force().version,
    }
    if size and trial.scale.one:
        numbers |= {
            "evaluation_size": size.number,
            "evaluation_unit": size.unit,
            "difference_in_units": trial.gap / trial.scale.one,
        }
    return numbers


def _replayed(trial: Trial, replay: Replay | None, primary: bool) -> str:
    if replay is None:
        return ""
    told = f"claimed {trial.claim.printed.text}; {_own_seed(trial, replay)}, equal to the digit"
    cells = f"{len(replay.equal)} of {len(replay.values)} cells that could be measured are equal"
    return f"{told}; {cells}" if primary else told


def _not_replayed(trial: Trial, replay: Replay) -> str:
    if not replay.equal:
        return f"{_own_seed(trial, replay)} and equals none of {len(replay.values)} printed cells"
    named = ", ".join(f"{claim.metric} of {claim.where}" for claim in replay.equal[:MOST_NAMED])
    more = f" and {len(replay.equal) - MOST_NAMED} more" if len(replay.equal) > MOST_NAMED else ""
    equal = f"{len(replay.equal)} of {len(replay.values)} printed cells equal to the digit ({named}{more})"
    return f"{_own_seed(trial, replay)}, with {equal}"


def _own_seed(trial: Trial, replay: Replay) -> str:
    return f"the card's own seed {replay.seed} gives {_n(trial, trial.replayed)}"


def _measured(trial: Trial) -> str:
    subject = (
        f"{trial.claim.value:.4f} over the earlier rows ({trial.scale.kind} mean)"
        if trial.claim.where == "curve"
        else trial.claim.printed.text
    )
    if not trial.values:
        return f"claimed {subject}"
    low, high = min(trial.values), max(trial.values)
    span = _n(trial, low) if low == high else f"{_n(trial, low)} to {_n(trial, high)}, mean {_n(trial, trial.mean)}"
    return f"claimed {subject}; {seeds_of(trial.number)} gave {span}"


def _size(trial: Trial) -> str:
    test = trial.test
    if test is None:
        return ""
    if trial.claim.low <= trial.mean <= trial.claim.high:
        return "the claim is their mean to the digit"
    side = "above" if trial.gap > 0 else "below"
    seeds = f"{abs(trial.gap_in_deviations):.1f} seed standard deviations of {trial.width(test.spread.deviation):.2g}"
    size, one = trial.scale.size, trial.scale.one
    examples = f", {abs(trial.gap) / one:.3g} of {size.number} {size.unit}" if size and one else ""
    return f"the claim lies {amount(trial.gap)} {side} ({seeds}{examples}){_drawn(trial)}"


def _drawn(trial: Trial) -> str:
    """That the author's evaluation examples were others, drawn from the same data."""
    if not trial.sampling:
        return ""
    moved = amount(trial.width(trial.sampling))
    return f"; it was counted over other examples, which alone moves it by a standard deviation of {moved}"


def _reason(trial: Trial, outcome: Outcome, primary: bool) -> list[str]:
    if trial.test is None or trial.number < protocol_in_force().looks[0]:
        return [_too_few(trial)]
    if outcome == "reproduced":
        return [_same(trial), *_best_of(trial)]
    if outcome == "deviates":
        return [_different(trial), *_best_of(trial)]
    return [_between(trial, primary), *_best_of(trial)]


def _too_few(trial: Trial) -> str:
    least = protocol_in_force().looks[0]
    more = least - trial.number
    return f"fewer than {least} seeds decide nothing, {more} more {'is' if more == 1 else 'are'} needed"


def _same(trial: Trial) -> str:
    noticed = trial.noticed(trial.test) if trial.test else None
    if trial.agreed and min(trial.values) == max(trial.values):
        same = "every seed gives the claim's own digits, without any spread, so that no test is needed"
    elif trial.agreed:
        same = "every seed prints the claim's own digits"
    else:
        same = f"shown to be the same within {MARGIN} such runs, environments included (95 % equivalence)"
    lower = lower_flatters(trial.claim.column)
    return same + (
        f"; a claim {amount(noticed)} {'below' if lower else 'above'} the mean would not have passed" if noticed else ""
    )


def _different(trial: Trial) -> str:
    flattering = trial.p_flattering < trial.p_modest
    p, alpha = (trial.p_flattering, trial.alphas[0]) if flattering else (trial.p_modest, trial.alphas[1])
    test, interval = trial.test, trial.interval
    if test is None or interval is None:
        return ""
    reading = (
        "a difference that flatters the model"
        if flattering
        else "a difference to the model's disadvantage: the claim is understated"
    )
    side = "above" if test.gap > 0 else "below"
    honest = f"honest runs give {_n(trial, interval[0])} to {_n(trial, interval[1])} in 99 of 100 cases"
    tested = f"one honest claim in {_once(p)} lies as far {side}, where one in {_once(alpha)} is allowed"
    return f"{honest}; {tested}; {reading}"


def _between(trial: Trial, primary: bool) -> str:
    test = trial.test
    if test is None:
        return ""
    needed = trial.seeds_needed()
    most = protocol_in_force().looks[-1]
    more = further(needed) if needed else f"no number of seeds up to {most} would tell if they go on like these"
    if test.equivalent:
        passes = f"an inflation of {amount(trial.noticed(test) or 0.0)} would pass"
        return f"within {MARGIN} such runs, but these spread so widely that {passes}: {more}"
    if not primary and (trial.p_flattering < trial.alphas[0] or trial.p_modest < trial.alphas[1]):
        return f"outside what single runs give, but one cell among many accuses nothing: {more}"
    return f"too far to be called the same, not far enough to be called different: {more}"


def _best_of(trial: Trial) -> list[str]:
    """How many runs' best the claim would be, for one on the flattering side (Blom's approximation of a best of k)."""
    z = trial.gap_in_deviations * (-1 if lower_flatters(trial.claim.column) else 1)
    share = normal_cdf(z)
    runs = (0.375 + 0.25 * share) / (1 - share) if share < 1 else float("inf")
    return [f"it equals the expected best of {round(runs)} seeds"] if 2.5 <= runs <= BEST_OF_MOST else []


def _losses(trial: Trial, field: Field) -> list[str]:
    diverged = [
        f"{seeds_of(len(trial.diverged))} gave no number here and {'is' if len(trial.diverged) == 1 else 'are'} not counted"
    ]
    return (diverged if trial.diverged else []) + ([f"not counted: {', '.join(field.lost)}"] if field.lost else [])


def further(number: int) -> str:
    return f"{number} further seed{'s' if number > 1 else ''} would tell"


def seeds_of(number: int) -> str:
    return f"{number} seed{'' if number == 1 else 's'}"


def _once(chance: float) -> str:
    """A small chance as a whole number: one in so many, two digits of it."""
    if chance <= 1e-12:
        return "over 1,000,000,000,000"
    number = 1 / chance
    digits = max(0, len(str(int(number))) - 2)
    return f"{round(number, -digits):,.0f}"


def amount(difference: float) -> str:
    return f"{abs(difference):.4f}" if abs(difference) >= 0.00095 else f"{abs(difference):.2g}"


def _n(trial: Trial, value: float | None) -> str:
    """A measured number with the claim's decimals, four at least."""
    if value is None:
        return "no number"
    exponent = trial.claim.printed.value.as_tuple().exponent if trial.claim.printed.value is not None else -4
    decimals = max(4, -exponent if isinstance(exponent, int) else 4)
    return f"{value:.{min(decimals, 6)}f}"
