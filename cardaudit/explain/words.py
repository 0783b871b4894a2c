"""What is said of the recipes that were tried: each sentence is made from the record of one attempt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log

from cardaudit.explain.alternatives import order_told
from cardaudit.records import Plan, Rung

TITLE = "What else gives the claim"
LEAST_RATIO = 20.0
FIRST_RATIO = 3.0
"""The likelihood ratio over the stated recipe that a recipe needs on fresh seeds, and on its first one to be worth more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One recipe that was tried. Ratios are logarithms of likelihood ratios over the stated recipe.

    `ended` says why it went no further, "" where it did; `fits`: how many of how many numbers such runs give. `by_counts`: the
    card's exact fractions are of its counts, and not of the stated recipe's, which settles more than any ratio. `needed`: the
    likelihood ratio that it needs on fresh seeds, the more the more recipes were tried.
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
    needed: float = LEAST_RATIO

    @property
    def promising(self) -> bool:
        return self.ratio is not None and (self.by_counts or self.ratio >= log(FIRST_RATIO))

    @property
    def compatible(self) -> bool:
        """Whether fresh seeds give every number, and the claim is much likelier than under the stated recipe."""
        return self.whole and self.fresh_ratio is not None and (self.by_counts or self.fresh_ratio >= log(self.needed))

    @property
    def tried(self) -> bool:
        return self.ratio is not None or self.ended.startswith("refuted")


def rung_of(attempts: Sequence[Attempt], seconds: float, why_not: str = "") -> Rung:
    """Rung 5: the outcome in one sentence, and a line for each recipe."""
    held = by_holm(attempts)
    lines = (*(_line(each) for each in held), *([order_told()] if held else []))
    return Rung(5, TITLE, why_not or _outcome(held), seconds, 0, lines)


def by_holm(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """The attempts with the ratio that each needs, in their order: Holm over all that were tried.

    Under the stated recipe a likelihood ratio exceeds 20 m at most once in 20 m times, so that one of m recipes is named wrongly
    at most once in 20 times. The best of m needs 20 m, the next one 20 (m - 1), and so on.
    """
    tried = sum(each.tried for each in attempts)
    ranked = sorted((each for each in attempts if each.fresh_ratio is not None), key=lambda each: -(each.fresh_ratio or 0.0))
    needed = {id(each): LEAST_RATIO * max(tried - place, 1) for place, each in enumerate(ranked)}
    return tuple(replace(each, needed=needed.get(id(each), LEAST_RATIO)) for each in attempts)


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
