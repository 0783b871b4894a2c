"""The test of one claimed number against the seeds of its own recipe.

Everything here is on the even scale (scale.py). Seeds give a mean and a standard deviation; few of them know little of their
spread. So a spread is believed by how likely it makes the seeds, times a prior (its center: facts/variance_priors.json) whose
tails are as heavy as Cauchy's in log(spread): where the seeds contradict it, it gives way, upwards sooner than downwards.

An honest author's number differs from the mean of N seeds by the spread of one seed, of the mean, and of another environment
(versions, precision, threads: rho of a seed's spread, which more seeds do not shrink): spread x sqrt(1 + 1/N + rho^2). How often
one would lie as far away is that chance, averaged over the believed spreads. A claim counts as the same where it is within
3 sqrt(1 + rho^2) spreads of the mean with a belief of 95 %.

Counts are coarse: seeds that agree to the digit still spread by an example's rounding, step^2 / 12 (Sheppard), and a claim no
farther than one example is never too far. Settings and simulated error rates: facts/verdict_protocol.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, log1p, sqrt
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


class Distance(NamedTuple):
    """A claim as an interval on the even scale."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Belief:
    """`points`: spreads with their probabilities (which sum to 1), known from `number` seeds."""

    number: int
    points: tuple[tuple[float, float], ...]
    shift: float

    @property
    def typical(self) -> float:
        """The geometric mean of the spreads."""
        return exp(sum([weight * log(spread) for spread, weight in self.points]))

    def beyond(self, distance: float) -> float:
        """How often an honest claim lies farther above the seeds' mean than `distance`."""
        scaled = distance * ROOT_HALF / sqrt(1 + 1 / self.number + self.shift**2)
        return sum([weight * erfc(scaled / spread) for spread, weight in self.points]) / 2

    def within(self, distance: float, margin: float) -> float:
        """How surely something `distance` from the seeds' mean is less than `margin` spreads from the true one."""
        root = sqrt(self.number) * ROOT_HALF
        edge, scaled = root * margin, root * distance
        return sum([w * (erfc(scaled / spread - edge) - erfc(scaled / spread + edge)) for spread, w in self.points]) / 2


@dataclass(frozen=True, slots=True)
class SeedTest:
    """A claim against N seeds, on the even scale. `gap` is signed: from the mean to the nearest number that prints like it.

    `p_above`, `p_below`: how often an honest claim lies as far above or below. `same`: how surely the claim counts as the same.
    `error`: the standard error of an honest claim; `margin`: how many spreads from the true mean count as the same.
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
) -> SeedTest:
    """The test of a claim against seeds, all on the even scale; `step` is what one example is worth.

    `number` foretells the test for so many seeds, should they go on as those measured.
    """
    law = protocol or protocol_in_force()
    mean, belief = fmean(seeds), believed(seeds, prior, step, number or len(seeds), law)
    typical = belief.typical
    error = typical * sqrt(1 + 1 / belief.number + law.environment_shift**2)
    gap = max(claim.low - mean, 0.0) or min(claim.high - mean, 0.0)
    p = belief.beyond(abs(gap)) if abs(gap) > step else 1.0
    margin = law.margin * sqrt(1 + law.environment_shift**2)
    return SeedTest(
        mean=mean,
        spread=Spread(typical, sqrt(variance(seeds)) if len(seeds) > 1 else None, prior),
        belief=belief,
        gap=gap,
        error=error,
        margin=margin,
        p_above=p if gap > 0 else 1.0,
        p_below=p if gap < 0 else 1.0,
        same=belief.within(abs(gap), margin),
        law=law,
    )


def believed(seeds: Sequence[float], prior: float, step: float, number: int, law: Protocol) -> Belief:
    """How likely each spread is after the seeds, as `number` seeds of the measured spread would tell it."""
    coarse = step / sqrt(12)  # what rounding to whole examples hides when all runs agree
    center = max(prior, coarse)
    square, own = (max(variance(seeds), coarse**2), number - 1) if len(seeds) > 1 else (center**2, 0)
    mesh = min(WIDEST, 0.7 / sqrt(2 * number))
    low = log(max(min(center, sqrt(square)) * exp(-BELOW), center * LEAST))
    high = log(max(center, sqrt(square))) + ABOVE
    logs = [low + mesh * place for place in range(int((high - low) / mesh) + 1)]
    heights = [_prior(at - log(center), law) - own * (at + square / 2 * exp(-2 * at)) for at in logs]
    top = max(heights)
    raw = [exp(height - top) for height in heights]
    total = sum(raw)
    points = tuple((exp(at), each / total) for at, each in zip(logs, raw, strict=True) if each > SMALLEST * total)
    return Belief(number, points, law.environment_shift)


def variance(seeds: Sequence[float]) -> float:
    """The sample variance; statistics.variance is exact in fractions, and fifty times slower."""
    mean = fmean(seeds)
    return sum([(seed - mean) ** 2 for seed in seeds]) / (len(seeds) - 1)


def _prior(away: float, law: Protocol) -> float:
    """Logarithm of the prior density at `away` from its center, in logarithms of the spread; Cauchy's, unevenly wide."""
    return -log1p((away / (law.prior_above if away > 0 else law.prior_below)) ** 2)
