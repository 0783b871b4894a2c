"""A plan that trains nothing: the published weights, scored on the split that the card claims, as its numbers identify it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cardaudit.errors import NotEnoughFacts
from cardaudit.plan.dataset import plan_dataset
from cardaudit.plan.hyperparameters import plan_training
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.model import MAX_JSON, describe_model
from cardaudit.plan.schedule import plan_schedule
from cardaudit.plan.settings import PlanSettings
from cardaudit.plan.steps import implied_examples
from cardaudit.plan.task import plan_options, plan_task
from cardaudit.records import Card, Evidence, Fact, ModelPlan, Plan

NEEDED = frozenset(("task", "dataset", "dataset_config", "eval_split", "text_columns", "label_column"))
SEED = 0
AVERAGES = ("macro", "weighted", "micro")


def make_scoring_plan(card: Card, published: ModelPlan, settings: PlanSettings) -> Plan:
    """How the weights in `published` are scored. What only training needs may be missing.

    Raises NotEnoughFacts with every missing fact at once, and CardauditError where the weights or the data cannot be had.
    """
    model = describe_model(published, settings.allow_pickle)
    known = settings.evidence or Evidence()
    settings = replace(settings, evidence=replace(known, facts=(*known.facts, *_cut(Path(published.path)))))
    ledger = Ledger(card, settings)
    task = plan_task(ledger)
    training = plan_training(ledger, model.longest)
    schedule = plan_schedule(ledger)
    implied = implied_examples(card, training.train_batch_size, training.gradient_accumulation_steps)
    data = plan_dataset(ledger, task or "token_classification", implied)
    missing = tuple(fact for fact in ledger.missing if fact.field in NEEDED)
    if task is None or data is None or missing:
        words = "; ".join(f"{fact.because} ({fact.flag})" if fact.flag else fact.because for fact in missing)
        raise NotEnoughFacts(f"the card does not say on what its numbers were measured: {words}", missing)
    options = plan_options(ledger, task, data.label, training)
    if any(each.field == "average" for each in ledger.assumptions):
        options["metrics"] = [*options["metrics"], *_every_average(options["metrics"])]
    return Plan(
        mode="evaluate",
        recipe=task,
        model=published,
        dataset=data.plan,
        training=training,
        schedule=schedule,
        task_options=options,
        seeds=(SEED,),
        replay_seed=None,
        semantics="5.x",
        assumptions=tuple(ledger.assumptions),
        overrides={**settings.table, **settings.overrides},
        estimate={"eval_examples": data.eval_examples, "train_examples": data.train_examples},
        origins=ledger.origins,
    )


def _every_average(metrics: Sequence[str]) -> list[str]:
    """The names of all averages of metrics whose average the card does not say: compare.scoring tells which it was."""
    return [f"{name}_{average}" for name in metrics if name in ("precision", "recall", "f1") for average in AVERAGES]


def _cut(folder: Path) -> Iterator[Fact]:
    """Where the published tokenizer was left cutting texts; the engine takes less where tokenizer or model hold less."""
    truncation = _json(folder / "tokenizer.json").get("truncation")
    length = truncation.get("max_length") if isinstance(truncation, dict) else None
    if isinstance(length, int) and length > 0:
        yield Fact("max_length", length, "tokenizer.json", "truncation at")


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file() or path.stat().st_size > MAX_JSON:
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
