"""How far authors spread over many recipes: the variance pooled by what is counted, with its uncertainty.

Log-variances of recipes are pooled as limma does for genes: Smyth, "Linear models and empirical Bayes methods for assessing
differential expression", Statistical Applications in Genetics and Molecular Biology 3 (2004), section 6.2.
"""

from collections.abc import Iterable, Mapping
from math import exp, inf, isfinite, log, sqrt
from statistics import fmean, variance
from typing import NamedTuple

from cardaudit.census.spread import kind_of, unit_of
from cardaudit.census.standing import cell_spreads, evaluation_of
from cardaudit.records.census import Cell, Spread

LEAST_RUNS = 4
LEAST_RECIPES = 3
QN_EFFICIENCY = 0.82  # for the normal distribution, Rousseeuw and Croux 1993


class Measured(NamedTuple):
    """One recipe's spread in one metric. `kind` is what it is pooled with; `size` that of the evaluation set, where told."""

    recipe: str
    metric: str
    authors: int
    median: float
    deviation: float
    size: int | None
    kind: str
    unit: float

    @property
    def ratio(self) -> float:
        """The deviation in its kind's unit."""
        return self.deviation / self.unit


class Pooled(NamedTuple):
    """A typical standard deviation between authors in its kind's unit, its 95 % interval, and how alike recipes are.

    `degrees`: the prior degrees of freedom of the variance of one more recipe; small where recipes differ much.
    """

    kind: str
    deviation: float
    low: float
    high: float
    degrees: float
    recipes: int


def measured(cells: Iterable[Cell]) -> list[Measured]:
    """The spread of every metric of every recipe with at least 4 authors whose numbers differ."""
    found = []
    for cell in cells:
        if cell.recipe.is_whole and len(cell.runs) >= LEAST_RUNS:
            sizes = evaluation_of(cell)
            found += [each for spread in cell_spreads(cell) if (each := _measured(cell, spread, sizes))]
    return found


def pooled(rows: Iterable[Measured]) -> list[Pooled]:
    """The typical deviation of each kind that at least 3 recipes have, one metric a recipe and kind."""
    kinds: dict[str, dict[str, Measured]] = {}
    for row in rows:
        kinds.setdefault(row.kind, {}).setdefault(row.recipe, row)
    return [_pooled(kind, list(held.values())) for kind, held in sorted(kinds.items()) if len(held) >= LEAST_RECIPES]


def _measured(cell: Cell, spread: Spread, sizes: Mapping[str, int]) -> Measured | None:
    if len(spread.peers) < LEAST_RUNS or not (deviation := spread.deviation):
        return None
    kind = kind_of(spread.metric, sizes)
    unit = unit_of(kind, spread.median, sizes)
    size = sizes.get("recall") if kind == "entities" else sizes.get("accuracy") if kind in ("tokens", "examples") else None
    if not unit:
        return None
    return Measured(cell.recipe.words, spread.metric, len(spread.peers), spread.median, deviation, size, kind, unit)


def _pooled(kind: str, rows: list[Measured]) -> Pooled:
    degrees = [max(1.0, QN_EFFICIENCY * (row.authors - 1)) for row in rows]
    logs = [2 * log(row.ratio) for row in rows]
    centred = [value - digamma(df / 2) + log(df / 2) for value, df in zip(logs, degrees, strict=True)]
    between = variance(centred) - fmean(trigamma(df / 2) for df in degrees)
    prior = 2 * inverse_trigamma(between) if between > 0 else inf
    middle = fmean(centred) + (digamma(prior / 2) - log(prior / 2) if isfinite(prior) else 0.0)
    error = sqrt(variance(centred) / len(centred))
    deviation = exp(middle / 2)
    return Pooled(kind, deviation, deviation * exp(-0.98 * error), deviation * exp(0.98 * error), prior, len(rows))


def digamma(x: float) -> float:
    """The derivative of log gamma, x > 0: recurrence to x >= 6, then the asymptotic series (Abramowitz and Stegun 6.3.18)."""
    shift = 0.0
    while x < 6:
        shift -= 1 / x
        x += 1
    square = 1 / (x * x)
    return shift + log(x) - 0.5 / x - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))


def trigamma(x: float) -> float:
    """The derivative of digamma, x > 0 (Abramowitz and Stegun 6.4.12)."""
    shift = 0.0
    while x < 6:
        shift += 1 / (x * x)
        x += 1
    square = 1 / (x * x)
    return shift + 1 / x + square / 2 + square / x * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)))


def inverse_trigamma(y: float) -> float:
    """The x > 0 at which trigamma is y > 0, by bisection on the logarithm."""
    low, high = -12.0, 12.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if trigamma(exp(middle)) > y else (low, middle)
    return exp(low)
