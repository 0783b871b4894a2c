"""The test of one claimed number against the seeds of its own recipe.

Everything here is on the even scale (scale.py). Seeds give a mean and a standard deviation s; the prior gives s0. Three runs know
little of their spread, so that the prior counts as 3 more degrees of freedom; but never against the runs:

- it is not believed beyond what they allow: s0 is cut at s's upper confidence limit (95 %);
- where they spread wider than it says, it counts for less: with the weight 3 s0^2 / s^2.

An honest author's number differs from the mean of N seeds by the spread of one seed, of the mean, and of another environment
(versions, precision, threads: rho = 0.5 of a seed's spread, which more seeds do not shrink): s sqrt(1 + 1/N + rho^2).
Error rates by simulation: benchmarks/results/verdict-simulation.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance
from typing import NamedTuple

from cardaudit.compare.scale import priors
from cardaudit.distributions import chi2_quantile, student_t_quantile, student_t_sf

LOOKS = (3, 5, 10, 19)
ALPHA_FLATTERING = (0.003, 0.005, 0.005, 0.0045)
ALPHA_MODEST = (0.0006, 0.0006, 0.0006, 0.0006)
INTERVAL = 0.99
EQUIVALENCE = 0.95
MARGIN = 3.0


class Spread(NamedTuple):
    """A recipe's seed standard deviation. `deviation` is the one used, with `freedom` degrees of freedom; `measured` that of the
    runs alone (None of a single one); `limit` bounds it from above for the equivalence margin (80 %)."""

    deviation: float
    freedom: float
    measured: float | None
    prior: float
    limit: float


class Distance(NamedTuple):
    """A claim as an interval on the even scale."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class SeedTest:
    """A claim against N seeds, on the even scale. `gap` is signed: from the mean to the nearest number that prints like it.

    `p_above`, `p_below`: how often an honest claim lies as far above or below. `slack`: half the confidence interval of the mean.
    `margin`: how far from the mean counts as the same.
    """

    number: int
    mean: float
    spread: Spread
    gap: float
    t: float
    p_above: float
    p_below: float
    low: float
    high: float
    slack: float
    margin: float

    @property
    def equivalent(self) -> bool:
        """Whether the claim is shown to be within the margin."""
        return abs(self.gap) + self.slack < self.margin


def weigh(claim: Distance, seeds: Sequence[float], prior: float, step: float, number: int | None = None) -> SeedTest:
    """The test of a claim against seeds, all on the even scale; `step` is the least spread believed.

    `number` foretells the test for so many seeds, should they go on as those measured.
    """
    n = number or len(seeds)
    mean, spread, rho = fmean(seeds), spread_of(seeds, prior, step, n), float(priors()["environment_shift"])
    gap = max(claim.low - mean, 0.0) or min(claim.high - mean, 0.0)
    error = spread.deviation * sqrt(1 + 1 / n + rho**2)
    t = gap / error
    reach = student_t_quantile((1 + INTERVAL) / 2, spread.freedom) * error
    return SeedTest(
        number=n,
        mean=mean,
        spread=spread,
        gap=gap,
        t=t,
        p_above=student_t_sf(t, spread.freedom),
        p_below=student_t_sf(-t, spread.freedom),
        low=mean - reach,
        high=mean + reach,
        slack=student_t_quantile(EQUIVALENCE, spread.freedom) * spread.deviation / sqrt(n),
        margin=MARGIN * min(spread.deviation, max(spread.limit, step)) * sqrt(1 + rho**2),
    )


def spread_of(seeds: Sequence[float], prior: float, step: float, number: int) -> Spread:
    """The spread of seeds, with the prior's help, as `number` seeds of the measured spread would tell it."""
    weight = float(priors()["degrees_of_freedom"])
    if len(seeds) < 2:
        return Spread(max(prior, step), weight, None, prior, max(prior, step))
    square, own = variance(seeds), number - 1
    coarse = step**2 / 12  # the variance that rounding to whole examples hides when all runs agree
    believed = min(prior**2, max(square, coarse) * own / chi2_quantile(1 - 0.95, own))
    if square > believed:
        weight *= believed / square
    pooled = (weight * believed + own * square) / (weight + own)
    limit = sqrt(square * own / chi2_quantile(1 - 0.8, own))
    return Spread(max(sqrt(pooled), step), weight + own, sqrt(square), prior, limit)


def look_of(number: int) -> int:
    """Which look `number` seeds have reached: an index into LOOKS, -1 before the first."""
    return sum(number >= look for look in LOOKS) - 1
