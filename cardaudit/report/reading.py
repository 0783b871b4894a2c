"""What was measured for one claim, in the units in which the claim is printed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cardaudit.records import Verdict
from cardaudit.report.words import beside

MOST_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """`own` is the value of the card's own seed, `seeds` those of the independent ones, which alone are averaged."""

    claimed: str
    own_seed: int | None
    own: float | None
    seeds: tuple[float, ...]
    interval: tuple[float, float] | None

    @property
    def values(self) -> tuple[float, ...]:
        return (*(() if self.own is None else (self.own,)), *self.seeds)

    @property
    def typical(self) -> float | None:
        """The mean of the independent seeds, else the own seed's value."""
        return sum(self.seeds) / len(self.seeds) if self.seeds else self.own

    def text(self, value: float | None) -> str:
        """A measured value with one digit more than the claim."""
        return "–" if value is None else beside(value, self.claimed)

    def texts(self, columns: int) -> tuple[str, ...]:
        """The independent seeds, one a column; where there is one column for many, their mean and range."""
        if columns == 1 and len(self.seeds) > 1:
            return (f"{self.text(self.typical)} ({self.text(min(self.seeds))} to {self.text(max(self.seeds))})",)
        return tuple(self.text(value) for value in (*self.seeds, *[None] * (columns - len(self.seeds))))


def reading_of(verdict: Verdict) -> Reading:
    """A verdict's measurements. Where only the card's own seed was run, the verdict holds its value as measured."""
    factor = _factor(verdict)
    own, seed = verdict.arithmetic.get("replay"), verdict.arithmetic.get("replay_seed")
    alone = own is not None and verdict.arithmetic.get("seeds") == 0
    return Reading(
        claimed=verdict.claimed,
        own_seed=seed,
        own=None if own is None else own * factor,
        seeds=() if alone else tuple(value * factor for value in verdict.measured),
        interval=None if verdict.interval is None else (verdict.interval[0] * factor, verdict.interval[1] * factor),
    )


def seed_columns(readings: Sequence[Reading], seeds: Sequence[int]) -> tuple[str, ...]:
    """Heads of the columns for independent seeds: a seed each, or one for all where they are many."""
    most = max((len(reading.seeds) for reading in readings), default=0)
    if most > MOST_COLUMNS:
        return (f"mean of {most} seeds (lowest to highest)",)
    return tuple(f"seed {seed}" for seed in seeds) if len(seeds) == most else tuple(f"run {i + 1}" for i in range(most))


def _factor(verdict: Verdict) -> float:
    """100 where a card prints a percentage without its sign and the comparison undid it."""
    claimed = verdict.arithmetic.get("claimed")
    try:
        printed = float(verdict.claimed)
    except ValueError:
        return 1.0
    return 100.0 if isinstance(claimed, float) and claimed and math.isclose(printed, 100 * claimed) else 1.0
