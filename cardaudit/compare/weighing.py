"""The test of one claimed number against the seeds of its own recipe.

Everything here is on the even scale (scale.py). Seeds give a mean and a standard deviation; few of them know little of their
spread. So a spread is believed by how likely it makes the seeds, times a prior (its center: facts/variance_priors.json) whose
tails are as heavy as Cauchy's in log(spread): where the seeds contradict it, it gives way, upwards sooner than downwards.

An honest author's number differs from the mean of N seeds by the spread of one seed, of the mean, and of another environment
(versions, precision, threads: rho of a seed's spread, which more seeds do not shrink): spread x sqrt(1 + 1/N + rho^2). How often
one would lie as far away is that chance, averaged over the believed spreads. A claim counts as the same where it is within
3 sqrt(1 + rho^2) spreads of the mean with a belief of 95 %.

The seeds' other evaluations tell of the spread too, where their mean is close by: the same runs a little earlier. Each counts for
less than an evaluation of its own would, because it is of the same runs (row_share) and its spread another (row_spread, in
logarithms): kappa m / (1 + (m - 1) / 2) / (1 / (N - 1) + 2 tau^2) degrees of freedom for m of them. The mean is the
reported evaluation's alone.

Counts are coarse: seeds that agree to the digit still spread by an example's rounding, step^2 / 12 (Sheppard), and a claim no
farther than one example is never too far. Settings and simulated error rates: facts/verdict_protocol.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import erfc, exp, hypot, log, log1p, sqrt
from statistics import fmean
from typing import NamedTuple

from cardaudit.compare.protocol import Protocol, protocol_in_force
from cardaudit.distributions import falling_root

ROOT_HALF = sqrt(0.5)
CLOSE = 1e-5
SMALLEST = 1e-12
WIDEST, BELOW, ABOVE, LEAST = 0.25, 2.0, 4.0, 1 / 30
"""The grid of log(spread): its widest mesh, how far it goes below the lesser and above the greater of prior and seeds, and the
share of the prior below which no spread is believed: seeds may agree for a reason that does not hold for the author's."""


class Spread(NamedTuple):
    """A recipe's seed standard deviation: `deviation` as believed (geometric mean), `measured` of several runs."""

    deviation: float
    measured: float | None
    prior: float


class Rows(NamedTuple):
    """The seeds' other evaluations close by: how many, and the mean of their variances on the even scale."""

    number: int
    square: float


NO_ROWS = Rows(0, 0.0)


class Distance(NamedTuple):
    """A claim as an interval on the even scale."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Belief:
    """`points`: spreads with their probabilities (which sum to 1), known from `number` seeds.

    `shift`: another environment's spread in a seed's; `sampling`: the standard deviation between two evaluation sets that were
    drawn apart, 0 where both are the same.
    """

    number: int
    points: tuple[tuple[float, float], ...]
    shift: float
    sampling: float = 0.0

    @property
    def typical(self) -> float:
        """The geometric mean of the spreads."""
        return exp(sum([weight * log(spread) for spread, weight in self.points]))

    def beyond(self, distance: float) -> float:
        """How often an honest claim lies farther above the seeds' mean than `distance`."""
        room, scaled = sqrt(1 + 1 / self.number + self.shift**2), distance * ROOT_HALF
        return sum([weight * erfc(scaled / hypot(spread * room, self.sampling)) for spread, weight in self.points]) / 2

    def within(self, distance: float, margin: float) -> float:
        """How surely something `distance` from the seeds' mean is less than `margin` standard deviations of honest runs from the
        true one: a seed's, an environment's and an evaluation set's together."""
        root, room = sqrt(self.number) * ROOT_HALF, sqrt(1 + self.shift**2)
        scaled, total = root * distance, 0.0
        for spread, weight in self.points:
            edge = root * margin * hypot(spread * room, self.sampling)
            total += weight * (erfc((scaled - edge) / spread) - erfc((scaled + edge) / spread))
        return total / 2


@dataclass(frozen=True, slots=True)
class SeedTest:
    """A claim against N seeds, on the even scale. `gap` is signed: from the mean to the nearest number that prints like it.

    `p_above`, `p_below`: how often an honest claim lies as far above or below. `same`: how surely the claim counts as the same.
    `error`: the standard error of an honest claim; `margin`: how many standard deviations from the true mean count as the same.
    """

    mean: float
    spread: Spread
    belief: Belief
    gap: float
    error: float
    margin: float
    p_above: float
    p_below: float
    same: float
    law: Protocol

    @property
    def equivalent(self) -> bool:
        return self.same >= self.law.equivalence

    def honest(self) -> tuple[float, float]:
        """Where the protocol's share (99 %) of honest claims lies."""
        tail, error = (1 - self.law.interval) / 2, self.error
        half = error * falling_root(lambda x: self.belief.beyond(x * error) - tail, CLOSE)
        return self.mean - half, self.mean + half

    def reach(self) -> float:
        """The distance from the mean at which a claim is no longer surely the same; 0 where none is."""
        sure, error = self.law.equivalence, self.error
        if self.belief.within(0.0, self.margin) < sure:
            return 0.0
        return error * falling_root(lambda x: self.belief.within(x * error, self.margin) - sure, CLOSE)


def weigh(
    claim: Distance,
    seeds: Sequence[float],
    prior: float,
    step: float,
    number: int | None = None,
    protocol: Protocol | None = None,
    rows: Rows = NO_ROWS,
    sampling: float = 0.0,
) -> SeedTest:
    """The test of a claim against seeds, all on the even scale; `step` is what one example is worth.

    `number` foretells the test for so many seeds, should they go on as those measured. `rows`: their other evaluations;
    `sampling`: the standard deviation between the claim's evaluation set and the seeds' where they were drawn apart.
    """
    law = protocol or protocol_in_force()
    mean, belief = fmean(seeds), replace(believed(seeds, prior, step, number or len(seeds), law, rows), sampling=sampling)
    typical = belief.typical
    error = hypot(typical * sqrt(1 + 1 / belief.number + law.environment_shift**2), sampling)
    gap = max(claim.low - mean, 0.0) or min(claim.high - mean, 0.0)
    p = belief.beyond(abs(gap)) if abs(gap) > step else 1.0
    return SeedTest(
        mean=mean,
        spread=Spread(typical, sqrt(variance(seeds)) if len(seeds) > 1 else None, prior),
        belief=belief,
        gap=gap,
        error=error,
        margin=law.margin,
        p_above=p if gap > 0 else 1.0,
        p_below=p if gap < 0 else 1.0,
        same=belief.within(abs(gap), law.margin),
        law=law,
    )


def believed(seeds: Sequence[float], prior: float, step: float, number: int, law: Protocol, rows: Rows = NO_ROWS) -> Belief:
    """How likely each spread is after the seeds, as `number` seeds of the measured spread would tell it."""
    coarse = step / sqrt(12)  # what rounding to whole examples hides when all runs agree
    center = max(prior, coarse)
    square, own = (max(variance(seeds), coarse**2), number - 1.0) if len(seeds) > 1 else (center**2, 0.0)
    square, own = _pooled(square, own, Rows(rows.number, max(rows.square, coarse**2)), law)
    mesh = min(WIDEST, 0.7 / sqrt(2 * (own + 1)))
    low = log(max(min(center, sqrt(square)) * exp(-BELOW), center * LEAST))
    high = log(max(center, sqrt(square))) + ABOVE
    logs = [low + mesh * place for place in range(int((high - low) / mesh) + 1)]
    heights = [_prior(at - log(center), law) - own * (at + square / 2 * exp(-2 * at)) for at in logs]
    top = max(heights)
    raw = [exp(height - top) for height in heights]
    total = sum(raw)
    points = tuple((exp(at), each / total) for at, each in zip(logs, raw, strict=True) if each > SMALLEST * total)
    return Belief(number, points, law.environment_shift)


def nearby(seeds: Sequence[float], others: Sequence[Sequence[float]], law: Protocol) -> Rows:
    """Those of the seeds' other evaluations (one sequence each, all on the even scale) that may tell of the spread.

    Left out is one whose mean lies apart, and one in which no seed differs from another: a model that has learned nothing yet.
    """
    if len(seeds) < 2:
        return NO_ROWS
    mean = fmean(seeds)
    squares = [variance(row) for row in others if abs(fmean(row) - mean) < law.row_near and min(row) < max(row)]
    return Rows(len(squares), fmean(squares)) if squares else NO_ROWS


def _pooled(square: float, own: float, rows: Rows, law: Protocol) -> tuple[float, float]:
    """The variance with its degrees of freedom, once the other evaluations count too."""
    if not rows.number or not own:
        return square, own
    independent = law.row_share * rows.number / (1 + (rows.number - 1) / 2)
    others = independent / (1 / own + 2 * law.row_spread**2)
    return (own * square + others * rows.square) / (own + others), own + others


def variance(seeds: Sequence[float]) -> float:
    """The sample variance; statistics.variance is exact in fractions, and fifty times slower."""
    mean = fmean(seeds)
    return sum([(seed - mean) ** 2 for seed in seeds]) / (len(seeds) - 1)


def _prior(away: float, law: Protocol) -> float:
    """Logarithm of the prior density at `away` from its center, in logarithms of the spread; Cauchy's, unevenly wide."""
    return -log1p((away / (law.prior_above if away > 0 else law.prior_below)) ** 2)
