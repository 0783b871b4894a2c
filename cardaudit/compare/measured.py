"""What runs measured for a claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, lcm
from typing import NamedTuple

from cardaudit.compare.claims import Claim, Selection, lower_flatters
from cardaudit.records import Card, EpochRow, Evaluation, Plan, Run

ALIASES = {"mcc": "matthews_correlation", "matthews": "matthews_correlation", "spearman": "spearmanr", "pearsonr": "pearson"}
MOST_ENTITIES = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """The runs of a plan: the author's own seed, the others in the order trained, and in words those that ended badly."""

    replay: Run | None
    seeds: tuple[Run, ...]
    lost: tuple[str, ...]


class Size(NamedTuple):
    """How many things a metric counts, and what they are."""

    number: int
    unit: str


def sort_runs(card: Card, plan: Plan, runs: Sequence[Run], replay: bool) -> Field:
    """Which runs count as what. The author's seed is never an independent one, whether or not it is replayed."""
    latest = {run.seed: run for run in runs}
    own = author_seed(card, plan)
    whole = {seed: run for seed, run in latest.items() if run.outcome == "finished" and run.rows}
    lost = tuple(f"seed {seed}: {run.outcome}" for seed, run in latest.items() if seed not in whole)
    seeds = tuple(run for seed, run in whole.items() if seed != own)
    return Field(whole.get(own) if replay and own is not None else None, seeds, lost)


def author_seed(card: Card, plan: Plan) -> int | None:
    """The seed that the card prints or that the plan replays."""
    if plan.replay_seed is not None:
        return plan.replay_seed
    printed = card.hyperparameters.seed
    return int(printed.value) if printed is not None and printed.value is not None and printed.value.is_finite() else None


def measure(run: Run, claim: Claim, card: Card, selection: Selection) -> float | None:
    """The run's number for a claim, by the author's own selection; None where it has no such row or column. May be nan."""
    evaluation = _evaluation(run, claim, card, selection)
    return None if evaluation is None else cell(evaluation, claim.column)


def other_evaluations(runs: Sequence[Run], claim: Claim, card: Card, selection: Selection) -> tuple[tuple[float, ...], ...]:
    """What the runs' other evaluations give in a claim's column: a value for each run, an evaluation at a time.

    Only those from the middle of the reported one's epochs on: before, runs differ by how soon they began to learn. None where
    the runs were not evaluated equally often, or the claim's evaluation is not the same one in all of them.
    """
    places = {(len(run.rows), _place(run, _evaluation(run, claim, card, selection))) for run in runs}
    if len(places) != 1:
        return ()
    _, reported = places.pop()
    if reported < 0:
        return ()
    middle = runs[0].rows[reported].epoch / 2
    late = [place for place, row in enumerate(runs[0].rows) if row.epoch >= middle and place != reported]
    table = [[cell(run.rows[place], claim.column) for run in runs] for place in late]
    return tuple(row for values in table if len(row := tuple(v for v in values if v is not None and isfinite(v))) == len(runs))


def _place(run: Run, evaluation: Evaluation | None) -> int:
    return next((place for place, each in enumerate(run.rows) if each is evaluation), -1)


def cell(evaluation: Evaluation, column: str) -> float | None:
    """One column of a measured row."""
    if column == "training_loss":
        return evaluation.training_loss
    if column == "validation_loss":
        return evaluation.validation_loss
    return evaluation.metrics.get(column, evaluation.metrics.get(ALIASES.get(column, column)))


def same_evaluation(run: Run, row: EpochRow) -> Evaluation | None:
    """The evaluation that a printed row stands for: at its step, else at its epoch as printed."""
    if row.step is not None and row.step.value is not None:
        at_step = [e for e in run.rows if e.step == row.step.value]
        if at_step:
            return at_step[-1]
    if row.epoch is None or row.epoch.value is None:
        return None
    epoch, room = float(row.epoch.value), max(float(row.epoch.slack), 0.005) + 1e-9
    return next((e for e in reversed(run.rows) if abs(e.epoch - epoch) <= room), None)


def evaluation_size(column: str, recipe: str, runs: Sequence[Run]) -> Size | None:
    """How large the evaluation set is in what the metric counts, as the runs tell it; None for losses and where they do not.

    Where no run tells its gold entities, the recalls do: they are whole numbers of them.
    """
    facts: Mapping[str, object] = runs[-1].facts if runs else {}
    if column.endswith("loss"):
        return None
    if "token" not in recipe:
        return _told(facts, "evaluation_examples", "examples")
    if column == "accuracy":
        return _told(facts, "evaluation_tokens", "tokens")
    return _told(facts, "gold_entities", "entities") or _counted(runs)


def _told(facts: Mapping[str, object], key: str, unit: str) -> Size | None:
    number = facts.get(key)
    return Size(number, unit) if isinstance(number, int) and number > 0 else None


def _counted(runs: Sequence[Run]) -> Size | None:
    recalls = [e.metrics["recall"] for run in runs for e in run.rows if isfinite(e.metrics.get("recall", float("nan")))]
    number = 1
    for recall in recalls:
        number = lcm(number, Fraction(recall).limit_denominator(MOST_ENTITIES).denominator)
        if number > MOST_ENTITIES:
            return None
    return Size(number, "entities") if number > 1 else None


def _evaluation(run: Run, claim: Claim, card: Card, selection: Selection) -> Evaluation | None:
    if claim.row is not None:
        return same_evaluation(run, card.epochs[claim.row])
    if selection.kind == "best":
        chosen = _best(run, selection.column, selection.greater) if selection.column else None
        return chosen or _best(run, claim.column)  # what the author chose by may be none of the metrics that runs compute
    if selection.row is not None:
        return same_evaluation(run, card.epochs[selection.row])
    return run.rows[-1]


def _best(run: Run, column: str, greater: bool | None = None) -> Evaluation | None:
    """The first evaluation that no other beats, as the Trainer keeps it: see plan/best.py."""
    known = [(value, e) for e in run.rows if (value := cell(e, column)) is not None and isfinite(value)]
    if not known:
        return None
    greater = not lower_flatters(column) if greater is None else greater
    return (max if greater else min)(known, key=lambda pair: pair[0])[1]
