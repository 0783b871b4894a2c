"""One claim before the seeds: what they measured, on which scale, and what the test says in the metric's own units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt

from cardaudit.compare.claims import Claim, Claims, lower_flatters
from cardaudit.compare.measured import Field, evaluation_size, measure, other_evaluations
from cardaudit.compare.protocol import protocol_in_force
from cardaudit.compare.replay import Replay, prints_as
from cardaudit.compare.scale import Scale, scale_of
from cardaudit.compare.strangers import MOST_APART, Between, between_authors
from cardaudit.compare.weighing import NO_ROWS, Distance, Rows, SeedTest, nearby, weigh
from cardaudit.records import Card, Plan


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim with its measured values (finite ones, in the order of the seeds) and its test; `test` is None without a value.

    `claimed`: the claim on the even scale; `prior` and `step` as in weigh(). `diverged`: seeds whose value is no number.
    `replayed`: what the author's seed gave; `whole`: whether it equals to the digit together with its row. `authors`: how many
    other ones the prior is from, 0 where it is that of all recipes. `rows`: their other evaluations' spread.
    `sampling`: as in weigh().
    """

    claim: Claim
    scale: Scale
    values: tuple[float, ...]
    diverged: tuple[int, ...]
    claimed: Distance
    even: tuple[float, ...]
    prior: float
    step: float
    test: SeedTest | None
    replayed: float | None = None
    whole: bool = False
    authors: int = 0
    rows: Rows = NO_ROWS
    sampling: float = 0.0

    @property
    def number(self) -> int:
        return len(self.values)

    @property
    def p_flattering(self) -> float:
        if self.test is None:
            return 1.0
        return self.test.p_below if lower_flatters(self.claim.column) else self.test.p_above

    @property
    def p_modest(self) -> float:
        if self.test is None:
            return 1.0
        return self.test.p_above if lower_flatters(self.claim.column) else self.test.p_below

    @property
    def agreed(self) -> bool:
        """Whether every seed, three at least, prints the very digits of the claim."""
        return self.number >= protocol_in_force().looks[0] and all(prints_as(self.claim, value) for value in self.values)

    @property
    def mean(self) -> float:
        """The measured mean in the metric's units, taken on the even scale."""
        return self.scale.back(self.test.mean) if self.test else self.values[0]

    @property
    def gap(self) -> float:
        """Claim less mean, in the metric's units."""
        return self.claim.value - self.mean

    def width(self, even: float) -> float:
        """A standard deviation on the even scale in the metric's units, about the mean."""
        center = self.test.mean if self.test else 0.0
        return (self.scale.back(center + even) - self.scale.back(center - even)) / 2

    @property
    def gap_in_deviations(self) -> float:
        """The gap in seed standard deviations, both in the metric's units."""
        width = self.width(self.test.spread.deviation) if self.test else 0.0
        return self.gap / width if width else 0.0

    @property
    def interval(self) -> tuple[float, float] | None:
        if self.test is None:
            return None
        low, high = self.test.honest()
        return self.scale.back(low), self.scale.back(high)

    def equivalent(self, test: SeedTest) -> bool:
        """Whether the claim counts as the same; never where an inflation that matters to anybody would count as well."""
        return self.agreed or (test.equivalent and not self.blind(test))

    def blind(self, test: SeedTest) -> bool:
        """Whether a claim far too high would pass for the same before these seeds."""
        return (self.noticed(test) or 0.0) > self.scale.widest(self.mean)

    def noticed(self, test: SeedTest) -> float | None:
        """The least inflation, in the metric's units, that would not have passed as reproduced; None where none would pass."""
        sign = -1 if lower_flatters(self.claim.column) else 1
        reach = test.reach()
        return self.scale.apart(test.mean, sign * reach) if reach > 0 else None

    def seeds_needed(self) -> int | None:
        """How many further seeds would tell, should they go on as those measured; None where no look would."""
        law = protocol_in_force()
        if self.number < law.looks[0]:
            return law.looks[0] - self.number
        for look, flattering, modest in zip(law.looks, law.alpha_flattering, law.alpha_modest, strict=True):
            if look <= self.number:
                continue
            ahead = weigh(self.claimed, self.even, self.prior, self.step, look, rows=self.rows, sampling=self.sampling)
            p_up, p_down = (ahead.p_below, ahead.p_above) if lower_flatters(self.claim.column) else (ahead.p_above, ahead.p_below)
            if p_up < flattering or p_down < modest or self.equivalent(ahead):
                return look - self.number
        return None

    @property
    def alphas(self) -> tuple[float, float]:
        """The error allowed at the look that the seeds have reached: flattering, modest."""
        law, look = protocol_in_force(), protocol_in_force().look_of(self.number)
        return (0.0, 0.0) if look < 0 else (law.alpha_flattering[look], law.alpha_modest[look])


def try_claim(claim: Claim, card: Card, plan: Plan, claims: Claims, field: Field, replay: Replay | None) -> Trial:
    """A claim held against the runs of its plan."""
    measured = [(run.seed, measure(run, claim, card, claims.selection)) for run in field.seeds]
    values = tuple(value for _, value in measured if value is not None and isfinite(value))
    diverged = tuple(seed for seed, value in measured if value is not None and not isfinite(value))
    scale = scale_of(claim.column, evaluation_size(claim.column, plan.recipe, field.seeds))
    reported = claim.row is None or claim.row == claims.selection.row
    told = () if not reported or diverged else other_evaluations(field.seeds, claim, card, claims.selection)
    drawn = 0 if same_evaluation(plan) else int(field.seeds[-1].facts.get("evaluation_examples", 0)) if field.seeds else 0
    others = between_authors(card).get(claim.column) if reported else None
    trial = _weighed(claim, scale, values, diverged, others, told, drawn or None)
    if replay is None:
        return trial
    if id(claim) in replay.diverged:
        return replace(trial, diverged=(replay.seed, *diverged))
    return replace(trial, replayed=replay.values.get(id(claim)), whole=replay.holds(claim, claims.selection.row))


def try_curve(trials: Sequence[Trial], claim: Claim) -> Trial | None:
    """The leading metric's earlier rows as one claim: their mean on the even scale, for the card and for each seed.

    None where fewer than one row, or no seed, has them all. `claim` carries the names.
    """
    known = [trial for trial in trials if trial.test is not None]
    if not known or len({trial.number for trial in known}) > 1:
        return None
    scale, rows = known[0].scale, len(known)
    even = tuple(sum(values) / rows for values in zip(*(trial.even for trial in known), strict=True))
    claimed = Distance(*(sum(ends) / rows for ends in zip(*(trial.claimed for trial in known), strict=True)))
    prior, step = sum(trial.prior for trial in known) / rows, sum(trial.step for trial in known) / rows
    low, value, high = (scale.back(end) for end in claimed)
    told = Claim(claim.metric, "curve", claim.column, None, claim.printed, low, value, high)
    sampling = max(trial.sampling for trial in known)
    test = weigh(claimed, even, prior, step, sampling=sampling)
    return Trial(told, scale, tuple(scale.back(value) for value in even), (), claimed, even, prior, step, test, sampling=sampling)


def same_evaluation(plan: Plan) -> bool:
    """Whether the author's evaluation examples are those of the runs; an unseeded split of theirs cannot be made again.

    The user says, else what the plan assumes (plan/drawn.py).
    """
    assumed = next((each.value for each in plan.assumptions if each.field == "same_evaluation"), "true")
    return plan.overrides.get("same_evaluation", assumed).lower() != "false"


def _weighed(
    claim: Claim,
    scale: Scale,
    values: tuple[float, ...],
    diverged: tuple[int, ...],
    others: Between | None,
    evaluations: Sequence[Sequence[float]],
    drawn: int | None,
) -> Trial:
    even = tuple(scale.to(value) for value in values)
    if not even:
        return Trial(claim, scale, values, diverged, Distance(0.0, 0.0, 0.0), even, 0.0, 0.0, None)
    mean = sum(even) / len(even)
    claimed = Distance(*(scale.beside(mean, value) for value in (claim.low, claim.value, claim.high)))
    prior, step = _prior(scale, mean, others), scale.step(mean, (claim.high - claim.low) / 2)
    told = [[scale.to(value) for value in row] for row in evaluations] if scale.kind == "logit" else []
    rows = nearby(even, told, protocol_in_force())
    sampling = scale.sampling(mean, drawn) if drawn else 0.0
    test = weigh(claimed, even, prior, step, rows=rows, sampling=sampling)
    authors = others.authors if others else 0
    return Trial(claim, scale, values, diverged, claimed, even, prior, step, test, authors=authors, rows=rows, sampling=sampling)


def _prior(scale: Scale, mean: float, others: Between | None) -> float:
    """The standard deviation of seeds to begin with: of this recipe by other authors where enough ran it, their environments'
    share taken out, else of all recipes."""
    usual = scale.prior(mean)
    if others is None:
        return usual
    own = others.deviation * scale.slope(mean) / sqrt(1 + protocol_in_force().environment_shift ** 2)
    return min(max(own, usual / MOST_APART), usual * MOST_APART)
