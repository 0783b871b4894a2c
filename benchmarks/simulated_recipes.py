"""Simulated recipes: how runs and cards of them come about. Everything is drawn from a seeded generator."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp, sqrt

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

SPAN = Span(0, 0)
SEEDS = tuple(1042 + 1000 * number for number in range(19))
Luck = Callable[[], float]
"""Draws a number of mean 0 and variance 1."""
UNEVEN = 0.4
"""How far the seed standard deviations of two evaluations of a training lie apart, as a standard deviation of logarithms."""


@dataclass(frozen=True)
class Recipe:
    """A metric's mean after each epoch, the standard deviation of its seeds, and how many `unit` the evaluation set holds.

    `uneven`: what the standard deviation is multiplied by in each epoch before the last.
    """

    name: str
    metric: str
    curve: tuple[float, ...]
    deviation: float
    size: int
    task: str = "text_classification"
    uneven: tuple[float, ...] = ()

    def one(self, source: random.Random, less: float = 1.0) -> "Recipe":
        """A recipe like this one, whose earlier epochs vary as they will: `less` times as much in the middle."""
        return replace(self, uneven=tuple(less * exp(source.gauss(0, UNEVEN)) for _ in self.curve[:-1]))

    @property
    def step(self) -> float:
        """What one example is worth."""
        return (2 if self.metric.startswith("matthews") else 1) / self.size

    @property
    def spread(self) -> float:
        """The standard deviation of what is printed, rounding to whole examples included (Sheppard)."""
        return sqrt(self.deviation**2 + self.step**2 / 12)

    def run(self, luck: Luck, shift: float = 0.0, raised: float = 0.0) -> tuple[Evaluation, ...]:
        """One training: a seed's luck holds for all its epochs by half of its variance; the loss and the accuracy follow.

        `raised` is added to the metric in every row before it is rounded to whole examples.
        """
        own, rows = luck(), []
        for number, (mean, times) in enumerate(zip(self.curve, (*self.uneven, 1.0), strict=True), 1):
            score = mean + times * self.deviation * (0.7071 * own + 0.7071 * luck() + shift) + raised
            score = min(1.0, max(0.0, round(score / self.step) * self.step))
            loss = (1.3 - mean) * (1 + 0.02 * luck() - 0.01 * own)
            second = min(1.0, max(0.0, 0.97 + 0.0007 * luck()))
            rows.append(Evaluation(float(number), 100 * number, loss * 1.1, loss, {self.metric: score, "second": second}))
        return tuple(rows)


RECIPES = (
    Recipe("F1 .93, sd .002, 8,939 entities", "f1", (0.905, 0.925, 0.93), 0.002, 8939, "token_classification"),
    Recipe(
        "F1 .94, sd .0006, 5,942 entities (the prior says .0016)",
        "f1",
        (0.92, 0.935, 0.9425),
        0.0006,
        5942,
        "token_classification",
    ),
    Recipe("F1 .42, sd .010, 836 entities", "f1", (0.02, 0.39, 0.42), 0.01, 836, "token_classification"),
    Recipe("F1 .42, sd .020, 836 entities", "f1", (0.02, 0.39, 0.42), 0.02, 836, "token_classification"),
    Recipe("F1 .84, sd .020, 45 entities", "f1", (0.64, 0.83, 0.83, 0.84), 0.02, 45, "token_classification"),
    Recipe(
        "F1 .84, sd .008, 45 entities (the prior says .030)", "f1", (0.64, 0.83, 0.83, 0.84), 0.008, 45, "token_classification"
    ),
    Recipe("accuracy .71, sd .005, 872 examples", "accuracy", (0.64, 0.69, 0.70, 0.705, 0.706), 0.005, 872),
    Recipe("accuracy .90, sd .008, 872 examples", "accuracy", (0.88, 0.895, 0.90), 0.008, 872),
    Recipe("accuracy .90, sd .0010, 872 examples (the prior says .0055)", "accuracy", (0.88, 0.895, 0.90), 0.001, 872),
    Recipe("accuracy .925, sd .0035, 2,000 examples", "accuracy", (0.91, 0.925), 0.0035, 2000),
    Recipe("accuracy .80, sd .020, 9,000 examples (the prior says .0023)", "accuracy", (0.76, 0.79, 0.80), 0.02, 9000),
    Recipe("MCC .54, sd .011, 1,043 examples", "matthews_correlation", (0.40, 0.50, 0.53, 0.54, 0.54), 0.011, 1043),
)


def normal(source: random.Random) -> Luck:
    return lambda: source.gauss(0, 1)


def heavy(source: random.Random) -> Luck:
    """Student's t with 4 degrees of freedom, brought to variance 1."""
    return lambda: source.gauss(0, 1) / sqrt(source.gammavariate(2, 0.5)) / sqrt(2)


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


@dataclass(frozen=True)
class Audited:
    """What became of one card: the primary outcome with its direction, how many seeds it took, exit code 1, other claims."""

    outcome: str
    seeds: int
    accused: bool
    others: bool


def audited(card: Card, recipe: Recipe, luck: Luck) -> Audited:
    """Trains seed after seed until nothing is left to do."""
    plan, runs = plan_of(recipe), ()
    facts = {"evaluation_examples": recipe.size, "gold_entities": recipe.size}
    while seeds := next_seeds(card, plan, runs, False):
        runs += tuple(Run("", seed, recipe.run(luck), "finished", 1.0, {}, facts) for seed in seeds)
    verdicts = compare(card, plan, runs, False)
    primary = primary_outcome(verdicts)
    assert primary is not None
    others = any(v.outcome == "deviates" for v in verdicts if not v.primary)
    return Audited(f"{primary.outcome} {primary.direction or ''}".strip(), len(runs), exit_code(verdicts) == 1, others)
