"""What each setting of the protocol costs: variants of it on the leading metric alone, through the same test."""

import random
from collections.abc import Iterator
from dataclasses import replace

from simulated_recipes import RECIPES, Luck, Recipe, normal

from cardaudit.compare.measured import Size
from cardaudit.compare.protocol import Protocol, protocol_in_force
from cardaudit.compare.scale import scale_of
from cardaudit.compare.weighing import Distance, nearby, weigh

HALF_PRINT = 5e-5
WHY = """Without the seeds' other evaluations no schedule of looks and errors was found that catches 90 % with 6 seeds on average
at an accused share below 1 %: 400 steps of a random search over the error and the equivalence of every look, for four widths of
the prior, ended between 6.5 and 7.4 seeds at 90.7 % caught and 0.85 % accused. Of recipes whose spread the prior knows, 5 to 6
seeds are enough; those whose spread it takes for far wider need 8 to 10, because only seeds can tell. What seeds cost the most is
knowing the spread, so the other evaluations of the same runs are asked for it too.
"""


def variants() -> Iterator[tuple[str, Protocol]]:
    """Protocols beside the one in force, each with the name of what differs."""
    law = protocol_in_force()
    yield "in force", law
    yield "without the seeds' other evaluations", replace(law, row_share=0.0)
    yield "other evaluations taken for evaluations of their own", replace(law, row_share=1.0, row_spread=0.0)
    yield "looks up to 12", _looking(law, tuple(range(3, 13)))
    yield "looks at 3, 4, 5, 7, 10, 14, 19", _looking(law, (3, 4, 5, 7, 10, 14, 19))
    for factor in (0.5, 2.0):
        name = "half" if factor < 1 else "twice"
        yield f"{name} the error at each look", replace(law, alpha_flattering=tuple(factor * a for a in law.alpha_flattering))
        below, above = factor * law.prior_below, factor * law.prior_above
        yield f"a prior {name} as uncertain", replace(law, prior_below=below, prior_above=above)
    yield "no room for another environment", replace(law, environment_shift=0.0, margin=3.35)
    yield "the same within 2.5 deviations", replace(law, margin=2.5)
    yield "the same within 4 deviations", replace(law, margin=4.0)


def _looking(law: Protocol, looks: tuple[int, ...]) -> Protocol:
    flattering, modest = (law.alpha_flattering[0],) * len(looks), (law.alpha_modest[0],) * len(looks)
    return replace(law, looks=looks, alpha_flattering=flattering, alpha_modest=modest)


def frontier(cards: int) -> Iterator[str]:
    """A table of the variants as Markdown, and what it was chosen from."""
    yield "\n## The frontier\n"
    yield WHY
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
    source = random.Random(f"{recipe.name} {raised}")
    luck = normal(source)
    results = [_outcome(recipe.one(source), law, raised, luck) for _ in range(cards)]
    accused, undecided = (sum(outcome == name for outcome, _ in results) / cards for name in ("accused", "undecided"))
    return accused, undecided, sum(number for _, number in results) / cards


def _outcome(recipe: Recipe, law: Protocol, raised: float, luck: Luck) -> tuple[str, int]:
    unit = "entities" if recipe.task.startswith("token") else "examples"
    scale = scale_of(recipe.metric, Size(recipe.size, unit))
    claim = round(_scores(recipe, luck, 0.5 * luck(), raised * recipe.spread)[-1], 4)
    table = [[scale.to(value) for value in _scores(recipe, luck)] for _ in range(law.looks[-1])]
    *others, even = (list(column) for column in zip(*table, strict=True))
    others = [column for place, column in enumerate(others, 1) if 2 * place >= len(recipe.curve)]
    for look, flattering, modest in zip(law.looks, law.alpha_flattering, law.alpha_modest, strict=True):
        mean = sum(even[:look]) / look
        distance = Distance(*(scale.beside(mean, claim + end) for end in (-HALF_PRINT, 0.0, HALF_PRINT)))
        rows = nearby(even[:look], [row[:look] for row in others], law)
        test = weigh(distance, even[:look], scale.prior(mean), scale.step(mean, HALF_PRINT), protocol=law, rows=rows)
        if test.p_above < flattering:
            return "accused", look
        if test.equivalent or test.p_below < modest:
            return "passed", look
    return "undecided", law.looks[-1]


def _scores(recipe: Recipe, luck: Luck, shift: float = 0.0, raised: float = 0.0) -> list[float]:
    return [row.metrics[recipe.metric] for row in recipe.run(luck, shift, raised)]
