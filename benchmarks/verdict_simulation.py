"""How often the verdict is right: honest cards, inflated cards and best-of-k cards through `compare` and `next_seeds` themselves.

    python benchmarks/verdict_simulation.py [--cards 400] [--write]

Every number comes from a seeded random generator of the standard library: the table is the same on every machine. Replay is off.
A recipe has a mean, a seed standard deviation and an evaluation set, in whose examples its metric moves; a card is one run
of it in another environment (shifted by half a seed standard deviation, drawn anew for each card), printed with four decimals.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from cardaudit.compare import compare, exit_code, next_seeds, primary_outcome
from cardaudit.records import (
    Card,
    DatasetPlan,
    EpochRow,
    Evaluation,
    ModelPlan,
    Plan,
    Printed,
    Run,
    Schedule,
    Source,
    Span,
    Training,
)

RESULTS = Path(__file__).with_name("results") / "verdict-simulation.md"
SPAN = Span(0, 0)
SHIFT = 0.5
SEEDS = tuple(1042 + 1000 * number for number in range(19))


@dataclass(frozen=True)
class Recipe:
    """A metric's mean after each epoch, the standard deviation of its seeds, and how many `unit` the evaluation set holds."""

    name: str
    metric: str
    curve: tuple[float, ...]
    deviation: float
    size: int
    task: str = "text_classification"

    def run(self, luck: random.Random, shift: float = 0.0) -> tuple[Evaluation, ...]:
        """One training: a seed's luck holds for all its epochs by half of its variance; the loss and the accuracy follow."""
        own, rows = luck.gauss(0, 1), []
        for number, mean in enumerate(self.curve, 1):
            score = mean + self.deviation * (0.7071 * own + 0.7071 * luck.gauss(0, 1) + shift)
            score = min(1.0, max(0.0, round(score * self.size) / self.size))
            loss = (1.3 - mean) * (1 + 0.02 * luck.gauss(0, 1) - 0.01 * own)
            second = min(1.0, max(0.0, 0.97 + 0.0007 * luck.gauss(0, 1)))
            rows.append(Evaluation(float(number), 100 * number, loss * 1.1, loss, {self.metric: score, "second": second}))
        return tuple(rows)


RECIPES = (
    Recipe("F1 .93, sd .002, 8,939 entities", "f1", (0.905, 0.925, 0.93), 0.002, 8939, "token_classification"),
    Recipe("F1 .94, sd .0006, 5,942 entities", "f1", (0.92, 0.935, 0.9425), 0.0006, 5942, "token_classification"),
    Recipe("F1 .42, sd .010, 836 entities", "f1", (0.02, 0.39, 0.42), 0.01, 836, "token_classification"),
    Recipe("F1 .42, sd .020, 836 entities", "f1", (0.02, 0.39, 0.42), 0.02, 836, "token_classification"),
    Recipe("F1 .84, sd .020, 45 entities", "f1", (0.64, 0.83, 0.83, 0.84), 0.02, 45, "token_classification"),
    Recipe("F1 .84, sd .008, 45 entities", "f1", (0.64, 0.83, 0.83, 0.84), 0.008, 45, "token_classification"),
    Recipe("accuracy .71, sd .005, 872 examples", "accuracy", (0.64, 0.69, 0.70, 0.705, 0.706), 0.005, 872),
    Recipe("accuracy .90, sd .008, 872 examples", "accuracy", (0.88, 0.895, 0.90), 0.008, 872),
    Recipe("accuracy .90, sd .0010, 872 examples", "accuracy", (0.88, 0.895, 0.90), 0.001, 872),
    Recipe("accuracy .925, sd .0035, 2,000 examples", "accuracy", (0.91, 0.925), 0.0035, 2000),
    Recipe("accuracy .80, sd .020, 9,000 examples (the prior says .0025)", "accuracy", (0.76, 0.79, 0.80), 0.02, 9000),
    Recipe("MCC .54, sd .011, 1,043 examples", "matthews_correlation", (0.40, 0.50, 0.53, 0.54, 0.54), 0.011, 1043),
)


def printed(value: float) -> Printed:
    """A number as the Trainer's card writer prints it: 4 decimals, exact where fewer do."""
    short = str(value)
    text = short if len(short.split(".")[-1]) <= 4 and "e" not in short else f"{value:.4f}"
    return Printed(text, Decimal(text), Decimal("0.00005") if text != short else Decimal(0), SPAN)


def card_of(rows: tuple[Evaluation, ...]) -> Card:
    """The card of a training: its table, and its last row as the headline."""
    epochs = tuple(
        EpochRow(
            SPAN,
            printed(row.epoch),
            Printed(str(row.step), Decimal(row.step), Decimal(0), SPAN),
            None,
            printed(row.validation_loss),
            {name: printed(value) for name, value in row.metrics.items()},
        )
        for row in rows
    )
    headline = {"loss": printed(rows[-1].validation_loss), **epochs[-1].metrics}
    return Card(Source("card.md", "", "trainer"), "", (0,), headline=headline, epochs=epochs)


def plan_of(recipe: Recipe) -> Plan:
    """The plan that the runs of a recipe belong to."""
    training = Training(2e-5, 16, 16, 1, 3.0, None, "adamw", 0.9, 0.999, 1e-8, 0.0, 1.0, "linear", 0, 0.0, 0.0, "fp32", 128)
    model = ModelPlan("tiny", None, "tiny", "tiny", True)
    dataset = DatasetPlan("data", None, "data", "data", True, "csv", None, "train", "validation", ("text",), "label")
    return Plan("train", recipe.task, model, dataset, training, Schedule("epoch", None, 500), {}, SEEDS, None, "current")


def audited(card: Card, recipe: Recipe, luck: random.Random) -> tuple[str, int, bool, bool]:
    """Trains seed after seed until nothing is left to do: outcome, seeds, exit code 1, whether another claim deviates."""
    plan, runs = plan_of(recipe), ()
    facts = {"evaluation_examples": recipe.size, "gold_entities": recipe.size}
    while seeds := next_seeds(card, plan, runs, False):
        runs += tuple(Run("", seed, recipe.run(luck), "finished", 1.0, {}, facts) for seed in seeds)
    verdicts = compare(card, plan, runs, False)
    primary = primary_outcome(verdicts)
    assert primary is not None
    others = any(v.outcome == "deviates" for v in verdicts if not v.primary)
    return f"{primary.outcome} {primary.direction or ''}".strip(), len(runs), exit_code(verdicts) == 1, others


class Scenario(NamedTuple):
    """How a card of a recipe comes about."""

    name: str
    write: Callable[[Recipe, random.Random], Card]


def honest(recipe: Recipe, luck: random.Random) -> tuple[Evaluation, ...]:
    return recipe.run(luck, SHIFT * luck.gauss(0, 1))


def inflated(recipe: Recipe, luck: random.Random, by: float) -> Card:
    """An honest card whose metric was raised by `by` in every row and in the headline."""
    rows = honest(recipe, luck)
    raise_by = {recipe.metric: by}
    return card_of(tuple(replace(r, metrics={k: min(1.0, v + raise_by.get(k, 0.0)) for k, v in r.metrics.items()}) for r in rows))


def best_of(recipe: Recipe, luck: random.Random, count: int) -> Card:
    return card_of(max((honest(recipe, luck) for _ in range(count)), key=lambda rows: rows[-1].metrics[recipe.metric]))


SCENARIOS = (
    Scenario("honest", lambda recipe, luck: card_of(honest(recipe, luck))),
    Scenario("+3 sd", lambda recipe, luck: inflated(recipe, luck, 3 * recipe.deviation)),
    Scenario("+5 sd", lambda recipe, luck: inflated(recipe, luck, 5 * recipe.deviation)),
    Scenario("+15 sd", lambda recipe, luck: inflated(recipe, luck, 15 * recipe.deviation)),
    Scenario("+0.05", lambda recipe, luck: inflated(recipe, luck, 0.05)),
    Scenario("best of 10", lambda recipe, luck: best_of(recipe, luck, 10)),
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
    luck = random.Random(f"{recipe.name} {scenario.name}")
    results = [audited(scenario.write(recipe, luck), recipe, luck) for _ in range(cards)]
    outcomes = Counter(outcome for outcome, _, _, _ in results)
    return Tally(
        outcomes, sum(n for _, n, _, _ in results) / cards, sum(a for *_, a, _ in results), sum(o for *_, o in results), cards
    )


def report(cards: int) -> Iterator[str]:
    """The results as Markdown, line by line."""
    yield "# Operating characteristics of the verdict, simulated\n"
    yield f"Written by `python benchmarks/verdict_simulation.py --cards {cards} --write`; {cards} cards a line, replay off.\n"
    yield "above, below: `deviates` thus; accused: exit code 1; others: cards with a secondary claim that deviates."
    yield "An inflated number ends at 1.\n"
    for scenario in SCENARIOS:
        yield f"## {scenario.name}\n"
        yield "| recipe | above % | below % | reproduced % | undecided % | accused % | others % | mean seeds |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        tallies = [(recipe.name, tally(recipe, scenario, cards)) for recipe in RECIPES]
        for name, one in tallies:
            yield _line(name, one)
        outcomes: Counter[str] = sum((one.outcomes for _, one in tallies), Counter())
        total = sum(one.cards for _, one in tallies)
        seeds = sum(one.seeds for _, one in tallies) / len(tallies)
        yield _line(
            "**all**",
            Tally(outcomes, seeds, sum(one.accused for _, one in tallies), sum(one.others for _, one in tallies), total),
        )
        yield ""


def _line(name: str, one: Tally) -> str:
    shares = [one.outcomes[key] for key in ("deviates above", "deviates below", "reproduced", "undecided")]
    numbers = " | ".join(f"{100 * number / one.cards:.1f}" for number in (*shares, one.accused, one.others))
    return f"| {name} | {numbers} | {one.seeds:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cards", type=int, default=400)
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    given = parser.parse_args()
    text = "\n".join(report(given.cards))
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
