"""What each setting of the protocol costs: variants of it on the leading metric alone, through the same test."""

import random
from collections.abc import Iterator
from dataclasses import replace

from simulated_recipes import RECIPES, Luck, Recipe, normal

from cardaudit.compare.measured import Size
from cardaudit.compare.protocol import Protocol, protocol_in_force
from cardaudit.compare.scale import scale_of
from cardaudit.compare.weighing import Distance, weigh

HALF_PRINT = 5e-5


def variants() -> Iterator[tuple[str, Protocol]]:
    """Protocols beside the one in force, each with the name of what differs."""
    law = protocol_in_force()
    four = {"alpha_flattering": (0.003, 0.005, 0.005, 0.0045), "alpha_modest": (0.0006,) * 4}
    every = tuple(range(3, 20))
    yield "in force", law
    yield "looks at 3, 5, 10, 19", replace(law, looks=(3, 5, 10, 19), **four)
    yield (
        "a look after every seed, .004 each",
        replace(law, looks=every, alpha_flattering=(0.004,) * 17, alpha_modest=(0.0006,) * 17),
    )
    for factor in (0.5, 2.0):
        name = "half" if factor < 1 else "twice"
        yield f"{name} the error at each look", replace(law, alpha_flattering=tuple(factor * a for a in law.alpha_flattering))
        below, above = factor * law.prior_below, factor * law.prior_above
        yield f"a prior {name} as uncertain", replace(law, prior_below=below, prior_above=above)
    yield "no room for another environment", replace(law, environment_shift=0.0, margin=3.35)
    yield "the same within 2.5 deviations", replace(law, margin=2.5)
    yield "the same within 4 deviations", replace(law, margin=4.0)


def frontier(cards: int) -> Iterator[str]:
    """A table of the variants as Markdown."""
    yield "\n## The frontier\n"
    yield "The leading metric alone, without stopping for futility. A variant that gains in one column loses in another.\n"
    yield "| protocol | honest accused % | most in a recipe % | undecided % | honest seeds | +5 sd caught % | its seeds |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, law in variants():
        honest = [_shares(recipe, law, 0.0, cards) for recipe in RECIPES]
        five = [_shares(recipe, law, 5.0, cards) for recipe in RECIPES]
        accused, open_, seeds = (sum(column) / len(RECIPES) for column in zip(*honest, strict=True))
        caught, _, more = (sum(column) / len(RECIPES) for column in zip(*five, strict=True))
        most = max(share for share, _, _ in honest)
        shares = " | ".join(f"{100 * accused:.2f} {100 * most:.1f} {100 * open_:.1f}".split())
        yield f"| {name} | {shares} | {seeds:.1f} | {100 * caught:.1f} | {more:.1f} |"


def _shares(recipe: Recipe, law: Protocol, raised: float, cards: int) -> tuple[float, float, float]:
    """Accused, undecided, seeds: of `cards` cards of a recipe, raised by so many seed standard deviations."""
    luck = normal(random.Random(f"{recipe.name} {raised}"))
    results = [_outcome(recipe, law, raised, luck) for _ in range(cards)]
    accused, undecided = (sum(outcome == name for outcome, _ in results) / cards for name in ("accused", "undecided"))
    return accused, undecided, sum(number for _, number in results) / cards


def _outcome(recipe: Recipe, law: Protocol, raised: float, luck: Luck) -> tuple[str, int]:
    unit = "entities" if recipe.task.startswith("token") else "examples"
    scale = scale_of(recipe.metric, Size(recipe.size, unit))
    claim = _score(recipe, luck, shift=0.5, raised=raised)
    values = [_score(recipe, luck) for _ in range(law.looks[-1])]
    even = [scale.to(value) for value in values]
    for look, flattering, modest in zip(law.looks, law.alpha_flattering, law.alpha_modest, strict=True):
        mean = sum(even[:look]) / look
        ends = (round(claim, 4) - HALF_PRINT, round(claim, 4), round(claim, 4) + HALF_PRINT)
        distance = Distance(*(scale.beside(mean, end) for end in ends))
        test = weigh(distance, even[:look], scale.prior(mean), scale.step(mean, HALF_PRINT), protocol=law)
        if test.p_above < flattering:
            return "accused", look
        if test.equivalent or test.p_below < modest:
            return "passed", look
    return "undecided", law.looks[-1]


def _score(recipe: Recipe, luck: Luck, shift: float = 0.0, raised: float = 0.0) -> float:
    score = recipe.curve[-1] + recipe.deviation * (luck() + shift * luck()) + raised * recipe.spread
    return min(1.0, max(0.0, round(score / recipe.step) * recipe.step))
