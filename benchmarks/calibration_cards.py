"""The cards of the calibration: honest ones, copies of them with other numbers, and those of authors who did something else."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import stdev

from calibration_recipes import Recipe, card_text

from cardaudit.records import Run

SIZES = (1, 2, 3, 4, 5, 6, 8)
ALIKE = "+5 sd in all columns"
RAISED = {**{f"+{size} sd": size for size in SIZES}, ALIKE: 5}


@dataclass(frozen=True)
class Change:
    """What an author did instead of what the card states: settings of a plan, and what the search calls them."""

    settings: Callable[[Recipe], Mapping[str, str]]
    words: Callable[[Recipe], str]
    tokens_only: bool = False


CHANGED: Mapping[str, Change] = {
    "another learning rate": Change(
        lambda r: {"learning_rate": f"{r.learning_rate / 5:.6g}"},
        lambda r: f"learning_rate {r.learning_rate / 5:.3g} instead of {r.learning_rate:.3g}",
    ),
    "twice the epochs": Change(
        lambda r: {"num_epochs": f"{2 * r.epochs}"}, lambda r: f"num_epochs {2 * r.epochs} instead of {r.epochs}"
    ),
    "evaluated on the training split": Change(lambda _: {"eval_split": "train"}, lambda _: "evaluated on the training split"),
    "another labelling": Change(
        lambda _: {"label_all_tokens": "true", "b_to_i": "false"}, lambda _: "every sub-token labelled like its word", True
    ),
    "another column": Change(lambda _: {"label_column": "1"}, lambda _: "label_column 1 instead of -1", True),
}


def changes_of(kind: str, recipe: Recipe) -> Mapping[str, str] | None:
    """The settings of a kind for a recipe, none for the stated one; None where the recipe has no such choice."""
    if not kind:
        return {}
    change = CHANGED[kind]
    return None if change.tokens_only and not recipe.task.startswith("token") else change.settings(recipe)


def lead(recipe: Recipe) -> str:
    """The metric that decides."""
    return "f1" if recipe.task.startswith("token") else "accuracy"


def copies(kind: str, recipe: Recipe, authors: Sequence[Run], pool: Sequence[Run]) -> Iterator[tuple[int, str]]:
    """The cards of one kind, numbered; `pool` tells the seed standard deviation, by which numbers are raised."""
    if kind == "best of 10":
        for number in range(len(authors) // 10):
            best = max(authors[10 * number : 10 * number + 10], key=lambda run: run.rows[-1].metrics[lead(recipe)])
            yield number, card_text(recipe, best)
        return
    deviation = stdev(run.rows[-1].metrics[lead(recipe)] for run in pool)
    for number, run in enumerate(authors):
        if kind in RAISED and run.rows[-1].metrics[lead(recipe)] + RAISED[kind] * deviation > 1:
            continue  # a recipe that varies so widely that nothing can be raised so far
        yield number, card_text(recipe, COPIES[kind](run, recipe, deviation, random.Random(f"{kind} {number}")))


Copy = Callable[[Run, Recipe, float, random.Random], Run]


def _honest(run: Run, *_: object) -> Run:
    return run


def _raised(by: float) -> Copy:
    def copy(run: Run, recipe: Recipe, deviation: float, _: random.Random) -> Run:
        value = run.rows[-1].metrics[lead(recipe)]
        return _with(run, {lead(recipe): value + by * deviation})

    return copy


def _alike(by: float) -> Copy:
    """Precision, recall and F1 of more right entities, accuracies of more right tokens or texts: whole numbers that agree."""

    def copy(run: Run, recipe: Recipe, deviation: float, _: random.Random) -> Run:
        told = run.rows[-1].metrics
        if lead(recipe) == "accuracy":
            more = round(by * deviation * recipe.evaluation) / recipe.evaluation
            return _with(run, {name: min(1.0, value + more) for name, value in told.items()})
        gold, tokens = int(run.facts["gold_entities"]), int(run.facts["evaluation_tokens"])
        found = round(told["recall"] * gold)
        guessed = round(found / told["precision"])
        right = min(found + round(by * deviation * (gold + guessed) / 2), gold, guessed)
        scores = {"precision": right / guessed, "recall": right / gold, "f1": 2 * right / (gold + guessed)}
        return _with(run, {**scores, "accuracy": min(1.0, told["accuracy"] + (right - found) / tokens)})

    return copy


def _digit(run: Run, recipe: Recipe, _: float, draw: random.Random) -> Run:
    """One of the first three decimals of the leading number is another one."""
    digits = list(f"{run.rows[-1].metrics[lead(recipe)]:.4f}")
    place = draw.choice((2, 3, 4))
    digits[place] = draw.choice([digit for digit in "0123456789" if digit != digits[place]])
    return _with(run, {lead(recipe): float("".join(digits))})


def _swapped(run: Run, recipe: Recipe, *_: object) -> Run:
    """The leading metric and another one stand in each other's place."""
    metrics, other = run.rows[-1].metrics, "accuracy" if lead(recipe) == "f1" else "f1"
    return _with(run, {lead(recipe): metrics[other], other: metrics[lead(recipe)]})


def _with(run: Run, metrics: Mapping[str, float]) -> Run:
    last = replace(run.rows[-1], metrics={**run.rows[-1].metrics, **metrics})
    return replace(run, rows=(*run.rows[:-1], last))


COPIES: Mapping[str, Copy] = {
    "honest": _honest,
    **{kind: _raised(size) for kind, size in RAISED.items() if kind != ALIKE},
    ALIKE: _alike(5),
    "a digit changed": _digit,
    "columns swapped": _swapped,
    "best of 10": _honest,
}
