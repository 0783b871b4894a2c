"""What is said of the recipes that were tried: each sentence is made from the record of one attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from cardaudit.records import Plan, Rung

TITLE = "What else gives the claim"
LEAST_RATIO = 20.0
FIRST_RATIO = 3.0
"""The likelihood ratio over the stated recipe that a recipe needs on fresh seeds, and on its first one to be worth more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One recipe that was tried. Ratios are logarithms of likelihood ratios over the stated recipe.

    `ended` says why it went no further, "" where it did; `fits`: how many of how many numbers such runs give. `by_counts`: the
    card's exact fractions are of its counts, and not of the stated recipe's, which settles more than any ratio.
    """

    name: str
    ended: str = ""
    plan: Plan | None = None
    ratio: float | None = None
    seeds: int = 0
    fresh_ratio: float | None = None
    fresh_seeds: int = 0
    fits: tuple[int, int] = (0, 0)
    whole: bool = False
    by_counts: bool = False

    @property
    def promising(self) -> bool:
        return self.ratio is not None and (self.by_counts or self.ratio >= log(FIRST_RATIO))

    @property
    def compatible(self) -> bool:
        """Whether fresh seeds give every number, and the claim is much likelier than under the stated recipe."""
        return self.whole and self.fresh_ratio is not None and (self.by_counts or self.fresh_ratio >= log(LEAST_RATIO))

    @property
    def tried(self) -> bool:
        return self.ratio is not None or self.ended.startswith("refuted")


def rung_of(attempts: Sequence[Attempt], seconds: float, why_not: str = "") -> Rung:
    """Rung 5: the outcome in one sentence, and a line for each recipe."""
    return Rung(5, TITLE, why_not or _outcome(attempts), seconds, 0, tuple(_line(each) for each in attempts))


def named(rung: Rung) -> tuple[str, ...]:
    """The recipes that a rung names as compatible."""
    return tuple(line.partition(": ")[0] for line in rung.details if line.endswith(": compatible"))


def _outcome(attempts: Sequence[Attempt]) -> str:
    tried = sum(each.tried for each in attempts)
    left = len(attempts) - tried
    rest = f"; {left} more {'was' if left == 1 else 'were'} not tried" if left else ""
    names = [each.name for each in sorted(attempts, key=lambda each: -(each.fresh_ratio or 0.0)) if each.compatible]
    if not names:
        return f"none of {tried} other recipes gives the card's numbers{rest}"
    return f"compatible with {' or with '.join(names)}; {tried} other recipes were tried{rest}"


def _line(attempt: Attempt) -> str:
    if attempt.ratio is None:
        return f"{attempt.name}: {attempt.ended}"
    told = f"{attempt.name}: likelihood ratio {ratio(attempt.ratio)} over the stated recipe with {_seeds(attempt.seeds)}"
    fits = f"{attempt.fits[0]} of {attempt.fits[1]} numbers fit"
    fits += ", and its counts do" if attempt.by_counts else ""
    if attempt.fresh_ratio is None:
        return f"{told}, {fits}: {attempt.ended or 'no better'}"
    told += f", {ratio(attempt.fresh_ratio)} with {_seeds(attempt.fresh_seeds, 'fresh ')}, {fits}"
    return f"{told}: {'compatible' if attempt.compatible else 'not confirmed'}"


def ratio(logarithm: float) -> str:
    """A likelihood ratio with two digits, within bounds that mean anything."""
    if abs(logarithm) > log(1e6):
        return "over 1,000,000" if logarithm > 0 else "below 0.000001"
    return f"{float(f'{exp(logarithm):.2g}'):,.6g}"


def _seeds(number: int, kind: str = "") -> str:
    return f"{number} {kind}seed{'' if number == 1 else 's'}"
