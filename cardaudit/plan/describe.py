"""A plan as rows for a reader: field, value, where it is from."""

from dataclasses import fields
from typing import Any

from cardaudit.durations import roughly
from cardaudit.facts import load
from cardaudit.plan.ledger import spell
from cardaudit.records import Assumption, Plan

FOLLOWS = {"warmup_steps": "warmup_ratio", "warmup_ratio": "warmup_steps", "greater_is_better": "metric_for_best_model"}
LOADS = "load_best_model_at_end"


def describe(plan: Plan) -> tuple[tuple[str, str, str], ...]:
    """Rows of field, value and origin: "from the card, line 34", "assumed: ...; or ..., ...", "given by --set".

    What is assumed about a value that has a row of its own is told there; the rest follows at the end.
    """
    assumed = {assumption.field: assumption for assumption in plan.assumptions}
    rows = [(field, value, _origin(plan, field, assumed)) for field, value in _values(plan)]
    shown = {field for field, _, _ in rows}
    rest = [(a.field, a.value, _assumed(a)) for a in plan.assumptions if a.field not in shown]
    return (*rows, *rest)


def _values(plan: Plan) -> list[tuple[str, str]]:
    model, data = plan.model, plan.dataset
    rows: list[tuple[str, Any]] = [
        ("task", plan.recipe),
        ("base_model", _pinned(model.id, model.revision, model.path)),
        ("dataset", _pinned(data.id, data.revision, data.path)),
        ("dataset_config", data.config),
        ("format", data.format),
        ("train_split", data.train_split),
        ("eval_split", data.eval_split),
        ("text_columns", data.text_columns),
        ("label_column", data.label_column),
        ("labels", data.labels or None),
        ("train_limit", data.train_limit),
        ("eval_limit", data.eval_limit),
        *((field.name, getattr(plan.training, field.name)) for field in fields(plan.training)),
        ("eval_strategy", plan.schedule.strategy),
        ("eval_steps", plan.schedule.eval_steps),
        ("logging_steps", plan.schedule.logging_steps),
        *_best(plan),
        *plan.task_options.items(),
        ("seeds", _few(plan.seeds)),
        ("seed", plan.replay_seed),
        ("semantics", plan.semantics),
        *((key, _amount(key, value)) for key, value in plan.estimate.items() if key != "basis" and value is not None),
    ]
    return [(field, spell(value)) for field, value in rows if value is not None]


def _best(plan: Plan) -> list[tuple[str, Any]]:
    """What the headline is the best of; false where a file says so and the card reports another evaluation all the same."""
    if plan.best is None:
        return [(LOADS, False)] if LOADS in plan.origins else []
    return [(LOADS, True), ("metric_for_best_model", plan.best.metric), ("greater_is_better", plan.best.greater_is_better)]


def _few(seeds: tuple[int, ...]) -> str:
    if len(seeds) <= 4:
        return spell(seeds)
    counting = min(len(seeds), load("verdict_protocol")["protocol"]["looks"][-1])
    return f"{seeds[0]},{seeds[1]},...,{seeds[-1]} (at most {counting})"


def _pinned(name: str, revision: str | None, path: str) -> str:
    return f"{name}@{revision}" if revision else path or name


def _origin(plan: Plan, field: str, assumed: dict[str, Assumption]) -> str:
    if field in plan.origins:
        return plan.origins[field]
    if field in assumed:
        return _assumed(assumed[field])
    if field in FOLLOWS:
        return f"follows from {FOLLOWS[field]}"
    if field == "seeds":
        return (
            "a thousand apart, because the data orders of neighbouring seeds overlap; never the card's own; "
            "the rest are for runs that fail"
        )
    return _estimated(plan, field) if field in plan.estimate else ""


def _estimated(plan: Plan, field: str) -> str:
    if field in ("train_examples", "eval_examples"):
        return "counted in the data" if plan.dataset.path else "the shipped facts on data sets"
    if field == "parameters":
        return "the weights' header"
    return (
        "follows" if field in ("steps_per_epoch", "steps", "evaluations") else f"roughly, for one seed; {plan.estimate['basis']}"
    )


def _amount(field: str, value: Any) -> str:
    """A number of an estimate with its unit."""
    if field == "memory_bytes":
        return f"{value / 1e9:.2g} GB"
    if field.startswith("seconds"):
        return roughly(value)
    return f"{value:,}"


def _assumed(assumption: Assumption) -> str:
    others = f"; or {', '.join(assumption.alternatives)}" if assumption.alternatives else ""
    return f"assumed: {assumption.reason}{others}"
