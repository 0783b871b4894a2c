"""What was trained, with what, and where: the plan, the runs and their environment as rows of names and texts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from cardaudit.durations import exactly
from cardaudit.records import Audit, Card, Plan, Run
from cardaudit.report.words import plain

MISSING_HERE = "–"
PLANNED_AS = {
    "lr_scheduler_warmup_steps": "warmup_steps",
    "lr_scheduler_warmup_ratio": "warmup_ratio",
    "training_steps": "max_steps",
    "mixed_precision_training": "precision",
}
CALLED = {"pytorch": "torch"}  # a card's name of a library, where the package is called otherwise


class Row(NamedTuple):
    """A name, its text, and what stands beside it (the card's own word, where it has one)."""

    name: str
    text: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """One run: `role` says whether its seed is the card's own."""

    seed: int
    role: str
    rows: int
    outcome: str
    seconds: str
    facts: tuple[Row, ...]


def planned_values(audit: Audit) -> tuple[Row, ...]:
    """Every value that was trained with, beside the card's own word for it."""
    plan = audit.plan
    if plan is None:
        return ()
    claimed = _claimed_hyperparameters(audit.card)
    training = [Row(f.name, _text(getattr(plan.training, f.name)), claimed.get(f.name, "")) for f in fields(plan.training)]
    return (*_identities(plan), *(row for row in training if row.text), *_shape(plan))


def seed_rows(audit: Audit) -> tuple[SeedRow, ...]:
    """The runs in their order."""
    replay = audit.plan.replay_seed if audit.plan else None
    if audit.plan is not None and audit.plan.mode == "evaluate":
        return tuple(_seed_row(run, "the published weights, scored") for run in audit.runs)
    return tuple(_seed_row(run, "the card's own seed" if run.seed == replay else "") for run in audit.runs)


def environment_rows(audit: Audit) -> tuple[Row, ...]:
    """Where the runs were made: equal values once, others seed by seed; beside a library's version the card's own."""
    flat = {run.seed: _flat(run.environment) for run in audit.runs}
    names = dict.fromkeys(name for values in flat.values() for name in values)
    claimed = {CALLED.get(name.lower(), name.lower()): printed.text for name, printed in audit.card.framework_versions.items()}
    rows = [Row(name, _across(flat, name), claimed.get(name, "")) for name in names]
    return (*rows, *(Row(name, "", text) for name, text in claimed.items() if name not in names))


def _identities(plan: Plan) -> tuple[Row, ...]:
    model, dataset = plan.model, plan.dataset
    data = ", ".join(filter(None, (dataset.id, dataset.config, _revision(dataset.revision))))
    splits = f"{dataset.train_split} for training, {dataset.eval_split} for evaluation"
    return (
        Row("model", " ".join(filter(None, (model.id, _revision(model.revision)))), model.claimed or ""),
        Row("dataset", data, dataset.claimed or ""),
        Row("splits", splits),
        Row("columns", f"{', '.join(dataset.text_columns)}; labels in {dataset.label_column}"),
    )


def _revision(revision: str | None) -> str:
    return f"at {revision[:12]}" if revision else ""


def _shape(plan: Plan) -> tuple[Row, ...]:
    schedule = plan.schedule
    every = f"every {schedule.eval_steps} steps" if schedule.strategy == "steps" else "after every epoch"
    return (
        Row("evaluated", every),
        Row("logged", f"every {schedule.logging_steps} steps"),
        *((Row("reported", f"the evaluation with the best {plan.best.metric}"),) if plan.best else ()),
        Row("task", plan.recipe.replace("_", " ")),
        *(Row(name, plain(value)) for name, value in plan.task_options.items()),
        *(Row(name, plain(value)) for name, value in plan.estimate.items()),
    )


def _claimed_hyperparameters(card: Card) -> dict[str, str]:
    values = {f.name: getattr(card.hyperparameters, f.name) for f in fields(card.hyperparameters) if f.name != "other"}
    claimed = {name: printed.text for name, printed in values.items() if printed is not None}
    claimed = {PLANNED_AS.get(name, name): text for name, text in claimed.items()}
    return claimed | ({"optimizer": card.optimizer.text} if card.optimizer else {})


def _seed_row(run: Run, role: str) -> SeedRow:
    return SeedRow(run.seed, role, len(run.rows), run.outcome, exactly(run.seconds), _facts(run))


def _facts(run: Run) -> tuple[Row, ...]:
    return tuple(Row(name.replace("_", " "), plain(value)) for name, value in run.facts.items())


def _across(flat: Mapping[int, Mapping[str, str]], name: str) -> str:
    texts = {seed: values.get(name, MISSING_HERE) for seed, values in flat.items()}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"seed {seed}: {text}" for seed, text in texts.items())


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in values.items():
        words = name if prefix == "versions" else f"{prefix} {name}".strip().replace("_", " ")
        flat |= _flat(value, words) if isinstance(value, dict) else {words: plain(value)}
    return flat


def _text(value: object) -> str:
    return "" if value is None else json.dumps(value) if isinstance(value, float) else str(value)
