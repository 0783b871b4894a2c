"""The step law: how many optimizer updates an epoch of a training set has, and the other way round.

An epoch of N examples in batches of B has L = ceil(N / B) micro-batches; G of them to an update make floor(L / G) updates up to
transformers 4.51 and ceil(L / G) since 4.53. `train_batch_size` already holds every GPU of a DataParallel run.
"""

from fractions import Fraction
from math import ceil
from typing import NamedTuple

from cardaudit.records import Card

FIRST_CEILING = (4, 52)
USUAL_INTERVAL = 50  # people evaluate each 50, 100, 500 steps


class Between(NamedTuple):
    """The whole numbers from `low` to `high`, both included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"


def version_of(card: Card, package: str = "transformers") -> tuple[int, int] | None:
    """Major and minor version that the card names, or None."""
    printed = card.framework_versions.get(package)
    parts = printed.text.strip().lstrip("v").split(".") if printed else []
    if len(parts) < 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return int(parts[0]), int(parts[1])


def steps_per_epoch(examples: int, batch_size: int, accumulation: int, version: tuple[int, int] | None) -> int:
    """Optimizer updates of one epoch, at least 1; the last batch is kept."""
    batches = ceil(examples / batch_size)
    if version is not None and version < FIRST_CEILING:
        return max(batches // accumulation, 1)
    return ceil(batches / accumulation)


def printed_steps_per_epoch(card: Card) -> Between | None:
    """The updates of an epoch that every row of the table allows, or None where no row says or the rows disagree."""
    whole = _whole_epochs(card)
    if whole is not None:
        return Between(whole, whole)
    low, high = Fraction(1), None
    for row in card.epochs:
        if not (row.epoch and row.step and row.epoch.high and row.step.value) or row.step.value < 1:
            continue
        step = Fraction(row.step.value)
        low = max(low, step / Fraction(row.epoch.high))
        most = step / Fraction(row.epoch.low) if row.epoch.low and row.epoch.low > 0 else None
        high = most if high is None else min(high, most or high)
    if high is None or ceil(low) > int(high):
        return None
    return Between(ceil(low), int(high))


def _whole_epochs(card: Card) -> int | None:
    """The steps of an epoch where the rows stand at whole epochs, each at as many times these steps; None where they do not.

    Writers up to 4.39 print 0.998 as 1.0 too, so that a round number of steps may be the interval of the evaluations instead.
    """
    rows = [(row.epoch.value, row.step.value) for row in card.epochs if row.epoch and row.step]
    ratios = {step / epoch if step and epoch and epoch == epoch.to_integral_value() else None for epoch, step in rows}
    ratio = ratios.pop() if len(ratios) == 1 else None
    return int(ratio) if ratio and ratio == ratio.to_integral_value() and ratio % USUAL_INTERVAL else None


def implied_examples(card: Card, batch_size: int, accumulation: int) -> Between | None:
    """The sizes of the training set that the table's steps allow under either arithmetic, or None where it does not say."""
    steps = printed_steps_per_epoch(card)
    if steps is None:
        return None
    fewest, most = (steps.low - 1) * accumulation + 1, (steps.high + 1) * accumulation - 1
    return Between((fewest - 1) * batch_size + 1, most * batch_size)
