"""The scale on which a metric's seeds vary evenly, and how much they are expected to vary before any is run.

A metric with two ends goes through the logit, with half an example added at either end so that exact 0 and 1 stay finite; a loss
or an error, which has one end, through the logarithm.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any, Literal

from cardaudit.compare.measured import Size
from cardaudit.compare.protocol import protocol_in_force
from cardaudit.facts import load, metric_facts

UNKNOWN_SIZE = 1000
SMALL = 1e-6
SCATTER = 2.0
"""The standard deviation of one example's loss or error in units of their mean; a guess on the wide side."""
HALF_PRINT = 5e-5
"""Half the last place of a number with 4 decimals: added to losses, so that one of 0 has a logarithm."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One column's scale. `low` and `high` are the metric's ends; `high` is None where it has one end or none."""

    column: str
    kind: Literal["logit", "log", "plain"]
    low: float
    high: float | None
    size: Size | None

    def to(self, value: float) -> float:
        """A metric's value on the even scale; beyond an end it counts as that end."""
        if self.kind == "plain":
            return value
        if self.kind == "log":
            return log(max(value, 0.0) + HALF_PRINT)
        share = self._share(value)
        return log(share / (1 - share))

    def back(self, even: float) -> float:
        """The metric's value of a number on the even scale."""
        if self.kind == "plain":
            return even
        if self.kind == "log":
            return max(0.0, exp(min(even, 500.0)) - HALF_PRINT)
        n = self._count
        share = ((n + 1) / (1 + exp(-max(-500.0, min(500.0, even)))) - 0.5) / n
        return self.low + min(1.0, max(0.0, share)) * self._width

    def beside(self, even: float, value: float) -> float:
        """A claimed value on the even scale, seen from a mean of `even`: by the scale or its tangent there, whichever is nearer.

        The logit stretches the way to an end. Where seeds vary evenly without it, that alone would accuse honest cards.
        """
        away = self.to(value) - even
        straight = (value - self.back(even)) * self.slope(even)
        return even + (straight if abs(straight) < abs(away) and straight * away > 0 else away)

    def apart(self, even: float, away: float) -> float:
        """How far from the mean's value, in the metric's own units, lies what beside() sees `away` from a mean of `even`."""
        return max(abs(self.back(even + away) - self.back(even)), abs(away) / self.slope(even))

    def prior(self, even: float) -> float:
        """The standard deviation of seeds to begin with, on the even scale, about a mean of `even`."""
        prior = priors()["prior"]
        if self.kind != "logit":
            relative: float = prior["relative"].get(self.column, prior["relative"]["other"])
            return relative * (1.0 if self.kind == "log" else max(abs(even), HALF_PRINT))
        share = self._share(self.back(even))
        if self.size is None:
            return float(prior["share"]) / sqrt(share * (1 - share))
        return float(prior["ratio"][self.size.unit]) / sqrt(self.size.number * share * (1 - share))

    def sampling(self, even: float, examples: int) -> float:
        """The standard deviation, on the even scale, between two evaluation sets of this size drawn apart: a proportion's by its
        binomial law, what is averaged over `examples` by how widely they scatter."""
        if self.kind == "logit":
            share = self._share(self.back(even))
            return sqrt(2 / ((self.size.number if self.size else examples) * share * (1 - share)))
        unit = 1.0 if self.kind == "log" else max(abs(even), HALF_PRINT)
        return sqrt(2 / examples) * SCATTER * unit

    def step(self, even: float, rounding: float) -> float:
        """The least change that can be seen about `even`, on the even scale: one example, and half the last printed place."""
        value = self.back(even)
        seen = max(rounding, HALF_PRINT, 1e-6 * abs(value)) + (self._width / self._count if self.kind == "logit" else 0.0)
        return max(abs(self.to(value + seen) - self.to(value)), abs(self.to(value) - self.to(value - seen)))

    def widest(self, value: float) -> float:
        """The least inflation near `value`, in the metric's own units, that must be noticed before a claim is reproduced."""
        law = protocol_in_force()
        return law.widest_bounded if self.kind == "logit" else law.widest_relative * abs(value)

    @property
    def one(self) -> float | None:
        """What one example of the evaluation set is worth, in the metric's own units."""
        return self._width / self.size.number if self.size and self.kind == "logit" else None

    def slope(self, even: float) -> float:
        """How much the even scale changes for a unit of the metric, about a mean of `even`."""
        center = self.back(even)
        return (self.to(center + SMALL) - self.to(center - SMALL)) / (2 * SMALL)

    @property
    def _width(self) -> float:
        return 1.0 if self.high is None else self.high - self.low

    @property
    def _count(self) -> int:
        return self.size.number if self.size else UNKNOWN_SIZE

    def _share(self, value: float) -> float:
        part = min(1.0, max(0.0, (value - self.low) / self._width))
        return (part * self._count + 0.5) / (self._count + 1)


def scale_of(column: str, size: Size | None) -> Scale:
    """A column's scale by its facts; a metric that is not known is taken for one from 0 to 1."""
    if column.endswith("loss"):
        return Scale(column, "log", 0.0, None, None)
    facts = metric_facts(column)
    if facts is None:
        return Scale(column, "logit", 0.0, 1.0, size)
    if facts.low is not None and facts.high is not None:
        return Scale(column, "logit", facts.low, facts.high, size)
    return Scale(column, "plain" if facts.low is None else "log", facts.low or 0.0, None, None)


def priors() -> Any:
    """The prior's facts (facts/variance_priors.json)."""
    return load("variance_priors")
