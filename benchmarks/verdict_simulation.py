"""How often the verdict is right: honest, inflated and selected cards through `compare` and `next_seeds` themselves.

    python benchmarks/verdict_simulation.py [--cards 400] [--jobs 2] [--write]

The table is the same on every machine. Replay is off. A recipe has a mean, a seed standard deviation and an evaluation set, in
whose examples its metric moves; its earlier epochs vary more or less than the last (a standard deviation of 0.4 in logarithms,
drawn anew for each card). A card is one run of it in another environment (shifted by half a seed standard deviation, drawn anew
too), printed with four decimals. Of the two scenarios whose figures are published there are MANY times as many. --write puts
those figures into cardaudit/facts/verdict_protocol.json, where reports take them from.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from simulated_recipes import RECIPES, Luck, Recipe, audited, card_of, heavy, normal  # noqa: E402
from verdict_frontier import frontier  # noqa: E402

from cardaudit.compare.protocol import protocol_in_force  # noqa: E402
from cardaudit.facts import load  # noqa: E402
from cardaudit.records import Evaluation  # noqa: E402

RESULTS = HERE / "results" / "verdict-simulation.md"
FACTS = HERE.parent / "cardaudit" / "facts" / "verdict_protocol.json"
MANY = 5


@dataclass(frozen=True)
class Scenario:
    """How a card comes about: the best of `best_of` runs, its metric raised by `raised` seed standard deviations and `plus`.

    `shift`: the environment's standard deviation in seed standard deviations; `tails`: how luck is drawn; `prior`: what
    the prior's standard deviations are multiplied by; `earlier`: how much the epochs before the last vary, in the middle.
    """

    name: str
    raised: float = 0.0
    plus: float = 0.0
    best_of: int = 1
    shift: float = 0.5
    tails: Callable[[random.Random], Luck] = normal
    prior: float = 1.0
    earlier: float = 1.0


HONEST, FIVE = PUBLISHED = Scenario("honest"), Scenario("+5 sd", raised=5)
SCENARIOS = (
    HONEST,
    *(Scenario(f"+{size} sd", raised=size) for size in (1, 2, 3, 4)),
    FIVE,
    *(Scenario(f"+{size} sd", raised=size) for size in (6, 8, 15)),
    Scenario("+0.05", plus=0.05),
    Scenario("best of 10", best_of=10),
    Scenario("honest, the prior half as wide", prior=0.5),
    Scenario("honest, the prior twice as wide", prior=2.0),
    Scenario("+5 sd, the prior half as wide", raised=5, prior=0.5),
    Scenario("+5 sd, the prior twice as wide", raised=5, prior=2.0),
    Scenario("honest, no other environment", shift=0.0),
    Scenario("honest, environments a whole sd apart", shift=1.0),
    Scenario("honest, heavy tails (Student's t, 4 degrees of freedom)", tails=heavy),
    Scenario("+5 sd, heavy tails", raised=5, tails=heavy),
    Scenario("honest, earlier epochs vary two thirds as much", earlier=2 / 3),
    Scenario("+5 sd, earlier epochs vary half as much again", raised=5, earlier=1.5),
)


class Tally(NamedTuple):
    """What became of the cards of one recipe and scenario."""

    outcomes: Counter[str]
    seeds: float
    accused: int
    others: int
    cards: int


def tally(recipe: Recipe, scenario: Scenario, cards: int) -> Tally:
    """`cards` cards written and audited, with a random generator of their own."""
    luck, source = (scenario.tails(random.Random(f"{recipe.name} {scenario.name}")), random.Random(f"{recipe.name} epochs"))
    with_prior(scenario.prior)
    recipes = [recipe.one(source, scenario.earlier) for _ in range(cards)]
    results = [audited(card_of(_claimed(each, scenario, luck)), each, luck) for each in recipes]
    with_prior(1.0)
    return Tally(
        Counter(each.outcome for each in results),
        sum(each.seeds for each in results) / cards,
        sum(each.accused for each in results),
        sum(each.others for each in results),
        cards,
    )


def _claimed(recipe: Recipe, scenario: Scenario, luck: Luck) -> tuple[Evaluation, ...]:
    raised = scenario.raised * recipe.spread + scenario.plus
    runs = (recipe.run(luck, scenario.shift * luck(), raised) for _ in range(scenario.best_of))
    return max(runs, key=lambda rows: rows[-1].metrics[recipe.metric])


RATIOS = dict(load("variance_priors")["prior"]["ratio"])


def with_prior(factor: float) -> None:
    """Multiplies the standard deviations that the prior begins with, for this process."""
    load("variance_priors")["prior"]["ratio"].update({unit: factor * ratio for unit, ratio in RATIOS.items()})


def tallies(scenarios: Sequence[Scenario], recipes: Sequence[Recipe], cards: int, jobs: int) -> dict[str, list[Tally]]:
    """One tally for each recipe, by the scenario's name."""
    asked = list(product(scenarios, recipes))
    numbers = [cards * (MANY if scenario in PUBLISHED else 1) for scenario, _ in asked]
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            done = list(pool.map(tally, [r for _, r in asked], [s for s, _ in asked], numbers))
    else:
        done = [tally(recipe, scenario, number) for (scenario, recipe), number in zip(asked, numbers, strict=True)]
    found: dict[str, list[Tally]] = {}
    for (scenario, _), one in zip(asked, done, strict=True):
        found.setdefault(scenario.name, []).append(one)
    return found


def whole(parts: Sequence[Tally]) -> Tally:
    """The recipes' tallies as one."""
    seeds = sum(one.seeds for one in parts) / len(parts)
    outcomes: Counter[str] = sum((one.outcomes for one in parts), Counter())
    return Tally(outcomes, seeds, sum(p.accused for p in parts), sum(p.others for p in parts), sum(p.cards for p in parts))


def published(found: dict[str, list[Tally]]) -> dict[str, Any]:
    """The figures that a report gives for the protocol."""
    honest, five = whole(found[HONEST.name]), whole(found[FIVE.name])
    return {
        "version": protocol_in_force().version,
        "cards": found[HONEST.name][0].cards,
        "recipes": len(RECIPES),
        "honest_accused": round(honest.accused / honest.cards, 5),
        "honest_accused_most": round(max(one.accused / one.cards for one in found[HONEST.name]), 5),
        "honest_undecided": round(honest.outcomes["undecided"] / honest.cards, 5),
        "five_caught": round(five.accused / five.cards, 5),
        "five_seeds": round(five.seeds, 3),
    }


def report(found: dict[str, list[Tally]], cards: int) -> Iterator[str]:
    """The results as Markdown, line by line."""
    yield "# Operating characteristics of the verdict, simulated\n"
    yield f"Protocol {protocol_in_force().version}. Written by"
    yield f"`python benchmarks/verdict_simulation.py --cards {cards} --write`; {cards} cards for each recipe, {MANY * cards} of"
    yield f"{' and '.join(scenario.name for scenario in PUBLISHED)}; replay off.\n"
    yield "above, below: `deviates` thus; accused: exit code 1; others: cards with a secondary claim that deviates."
    yield "sd: of what a recipe's seeds print, rounding to whole examples included. An inflated number ends at 1.\n"
    yield "## All recipes\n"
    yield "| cards | accused % | most in a recipe % | reproduced % | undecided % | others % | mean seeds |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, parts in found.items():
        one, most = whole(parts), max(100 * part.accused / part.cards for part in parts)
        told = (one.outcomes["reproduced"], one.outcomes["undecided"], one.others)
        shares = " | ".join(f"{100 * number / one.cards:.1f}" for number in told)
        yield f"| {name} | {100 * one.accused / one.cards:.2f} | {most:.1f} | {shares} | {one.seeds:.1f} |"
    for name, parts in found.items():
        yield f"\n## {name}\n"
        yield "| recipe | above % | below % | reproduced % | undecided % | accused % | others % | mean seeds |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        yield from (_line(recipe.name, one) for recipe, one in zip(RECIPES, parts, strict=True))
        yield _line("**all**", whole(parts))


def _line(name: str, one: Tally) -> str:
    shares = [one.outcomes[key] for key in ("deviates above", "deviates below", "reproduced", "undecided")]
    numbers = " | ".join(f"{100 * number / one.cards:.1f}" for number in (*shares, one.accused, one.others))
    return f"| {name} | {numbers} | {one.seeds:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name} and the published figures")
    given = parser.parse_args()
    found = tallies(SCENARIOS, RECIPES, given.cards, given.jobs)
    text = "\n".join([*report(found, given.cards), *frontier(given.cards)]) + "\n"
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")
        settings, _, _ = FACTS.read_text(encoding="utf-8").partition('"simulated"')
        figures = json.dumps(published(found), indent=1).replace("\n", "\n ")
        FACTS.write_text(f'{settings}"simulated": {figures}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
