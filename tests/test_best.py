"""Cards that report their best evaluation: how it shows, by what it was chosen, and which row of a run then stands beside it."""

import ast
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from wheels import Unreachable, trainer_modules

from cardaudit.compare import compare
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, describe, make_plan
from cardaudit.records import Best, Card, Evaluation, Evidence, Fact, Plan, Run
from cardaudit.runs import plan_digest

CARD = """\
---
base_model: google/bert_uncased_L-2_H-128_A-2
datasets: [stanfordnlp/sst2]
tags: [text-classification]
---
# tiny-sst2

It achieves the following results on the evaluation set:
- Loss: 0.5301
- Accuracy: 0.7500
- F1: 0.7400

### Training hyperparameters

- learning_rate: 5e-05
- train_batch_size: 16
- eval_batch_size: 8
- seed: 42
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: 4

### Training results

| Training Loss | Epoch | Step  | Validation Loss | Accuracy | F1     |
|:-------------:|:-----:|:-----:|:---------------:|:--------:|:------:|
| 0.6848        | 1.0   | 4210  | 0.5701          | 0.7000   | 0.6900 |
| 0.5529        | 2.0   | 8420  | 0.5301          | 0.7500   | 0.7400 |
| 0.4712        | 3.0   | 12630 | 0.5566          | 0.7600   | 0.7600 |
| 0.4101        | 4.0   | 16840 | 0.6019          | 0.7300   | 0.7500 |

### Framework versions

- Transformers 4.44.2
"""
ARGUMENTS = "training_args.bin"


def headline(loss: str, accuracy: str, f1: str, text: str = CARD) -> Card:
    reported = text.replace(
        "- Loss: 0.5301\n- Accuracy: 0.7500\n- F1: 0.7400", f"- Loss: {loss}\n- Accuracy: {accuracy}\n- F1: {f1}"
    )
    return read_card(reported)


BY_LOSS, BY_ACCURACY, LAST = ("0.5301", "0.7500", "0.7400"), ("0.5566", "0.7600", "0.7600"), ("0.6019", "0.7300", "0.7500")


def planned(card: Card, evidence: dict[str, Any] | None = None, **given: str) -> Plan:
    facts = tuple(Fact(key, value, ARGUMENTS, key) for key, value in (evidence or {}).items())
    return make_plan(card, PlanSettings(overrides=given, resolve=False, evidence=Evidence(facts) if facts else None))


def shown(plan: Plan) -> dict[str, tuple[str, str]]:
    keys = ("load_best_model_at_end", "metric_for_best_model", "greater_is_better")
    return {field: (value, origin) for field, value, origin in describe(plan) if field in keys}


def test_a_headline_of_an_earlier_row_is_the_best_of_something() -> None:
    plan = planned(headline(*BY_LOSS))
    assert plan.best == Best("loss", False)
    assert shown(plan) == {
        "load_best_model_at_end": ("true", "the headline is that of row 2 of 4"),
        "metric_for_best_model": ("loss", "that row has the best loss of the table"),
        "greater_is_better": ("false", "follows from metric_for_best_model"),
    }
    assert planned(headline(*BY_ACCURACY)).best == Best("accuracy", True)


def test_the_last_row_and_a_row_that_is_best_in_nothing_are_no_choice() -> None:
    for numbers in (LAST, ("0.5701", "0.7000", "0.6900")):
        plan = planned(headline(*numbers))
        assert plan.best is None
        assert shown(plan) == {}


@pytest.mark.parametrize(
    ("told", "best"),
    [
        ({"load_best_model_at_end": True, "metric_for_best_model": "f1", "greater_is_better": True}, Best("f1", True)),
        ({"load_best_model_at_end": True, "metric_for_best_model": "eval_accuracy"}, Best("accuracy", True)),
        ({"load_best_model_at_end": True, "metric_for_best_model": None}, Best("accuracy", True)),
        ({"load_best_model_at_end": False, "metric_for_best_model": None}, Best("accuracy", True)),
    ],
)
def test_the_arguments_beside_the_card_say_by_what(told: dict[str, Any], best: Best) -> None:
    """Where they name nothing, the table refutes the Trainer's default, the loss."""
    assert planned(headline(*BY_ACCURACY), told).best == best


def test_the_default_criterion_is_the_loss_where_the_table_does_not_refute_it() -> None:
    for text in (CARD, CARD[: CARD.index("### Training results")] + "### Framework versions\n\n- Transformers 4.44.2\n"):
        plan = planned(headline(*BY_LOSS, text=text), {"load_best_model_at_end": True})
        assert plan.best == Best("loss", False)
        assert shown(plan)["metric_for_best_model"] == (
            "loss",
            "assumed: nothing names it; the Trainer's default; or accuracy",
        )


def test_a_best_model_whose_card_reports_the_last_evaluation() -> None:
    """transformers#15547: the checkpoint was restored, and no evaluate() followed."""
    plan = planned(headline(*LAST), {"load_best_model_at_end": True, "metric_for_best_model": "loss"})
    assert plan.best is None
    origin = "training_args.bin says load_best_model_at_end true; but the headline is not that of the best row"
    assert shown(plan) == {"load_best_model_at_end": ("false", origin)}


@pytest.mark.parametrize(
    ("stated", "best"),
    [
        ("- load_best_model_at_end: True\n- metric_for_best_model: f1\n", Best("f1", True)),
        ('args = TrainingArguments(load_best_model_at_end=True, metric_for_best_model="eval_f1")\n', Best("f1", True)),
        ("- load_best_model_at_end: False\n", None),
    ],
)
def test_a_card_may_state_it(stated: str, best: Best | None) -> None:
    text = CARD[: CARD.index("### Training results")].replace("- num_epochs: 4\n", f"- num_epochs: 4\n{stated}")
    plan = planned(read_card(text))
    assert plan.best == best
    if best:
        assert shown(plan)["load_best_model_at_end"][1] == "from the card, line 22"


def test_the_user_has_the_last_word() -> None:
    card = headline(*BY_ACCURACY)
    given = planned(card, load_best_model_at_end="true", metric_for_best_model="f1", greater_is_better="false")
    assert given.best == Best("f1", False)
    assert planned(card, load_best_model_at_end="false").best is None


def test_it_changes_no_run() -> None:
    plan = planned(headline(*BY_LOSS))
    assert plan_digest(plan) == plan_digest(replace(plan, best=None, origins={}))


# --- the runs' own best -------------------------------------------------------------------------------------------------

ROWS = ((0.60, 0.70, 0.72), (0.52, 0.74, 0.73), (0.52, 0.76, 0.71), (0.58, 0.76, 0.74))


def run(seed: int, rows: tuple[tuple[float, float, float], ...] = ROWS) -> Run:
    evaluations = [Evaluation(float(n), 4210 * n, None, loss, {"accuracy": a, "f1": f}) for n, (loss, a, f) in enumerate(rows, 1)]
    return Run("", seed, tuple(evaluations), "finished", 1.0, {}, {"evaluation_examples": 872})


@pytest.mark.parametrize(
    ("best", "measured"),
    [
        (Best("loss", False), (0.52, 0.74, 0.73)),
        (Best("accuracy", True), (0.52, 0.76, 0.71)),
        (Best("f1", True), (0.58, 0.76, 0.74)),
        (Best("f1", False), (0.52, 0.76, 0.71)),
        (None, (0.58, 0.76, 0.74)),
    ],
)
def test_the_headline_is_held_against_the_runs_best_row(best: Best | None, measured: tuple[float, float, float]) -> None:
    """The first of equals, chosen by the author's criterion for all numbers of the headline alike."""
    card = headline(*LAST)
    plan = replace(planned(card), best=best)
    verdicts = {verdict.metric: verdict for verdict in compare(card, plan, [run(1042)]) if verdict.where == "headline"}
    assert tuple(verdicts[name].measured[0] for name in ("loss", "accuracy", "f1")) == measured


def test_no_best_is_chosen_where_the_user_denies_it() -> None:
    card = headline(*BY_ACCURACY)
    for given, accuracy in (({}, 0.76), ({"load_best_model_at_end": "false"}, 0.74)):
        rows = (ROWS[0], ROWS[2], ROWS[1], ROWS[0])
        verdicts = compare(card, planned(card, **given), [run(1042, rows)])
        assert next(v.measured for v in verdicts if (v.where, v.metric) == ("headline", "accuracy")) == (accuracy,)


# --- as transformers does it --------------------------------------------------------------------------------------------


@pytest.mark.train
@pytest.mark.parametrize("metric", [None, "f1", "eval_loss", "accuracy"])
def test_the_choice_is_that_of_transformers(metric: str | None, tmp_path: Any) -> None:
    """transformers 5.x: its default criterion, its direction, and its own comparison over the rows, equals and all."""
    transformers = pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
    assert transformers.__version__.startswith("5."), "plan/best.py names the version that it follows: look again"
    every = {"eval_strategy": "epoch", "save_strategy": "epoch", "load_best_model_at_end": True}
    arguments = transformers.TrainingArguments(output_dir=str(tmp_path), **every, metric_for_best_model=metric)
    trainer = SimpleNamespace(args=arguments, state=SimpleNamespace(best_metric=None, global_step=0, best_global_step=None))
    for row in (measured := run(1042)).rows:
        trainer.state.global_step = row.step
        logged = {"eval_loss": row.validation_loss, **{f"eval_{name}": value for name, value in row.metrics.items()}}
        transformers.Trainer._determine_best_metric(trainer, logged, None)
    told = {"load_best_model_at_end": True, **({"metric_for_best_model": metric} if metric else {})}
    card = headline(*BY_LOSS, text=CARD[: CARD.index("### Training results")])
    plan = planned(card, told)
    assert plan.best == Best((metric or "loss").removeprefix("eval_"), arguments.greater_is_better)
    [loss] = next(v.measured for v in compare(card, plan, [measured]) if (v.where, v.metric) == ("headline", "loss"))
    [accuracy] = next(v.measured for v in compare(card, plan, [measured]) if (v.where, v.metric) == ("headline", "accuracy"))
    chosen = next(row for row in measured.rows if row.step == trainer.state.best_global_step)
    assert (loss, accuracy) == (chosen.validation_loss, chosen.metrics["accuracy"])


@pytest.mark.parametrize("version", ["4.24.0", "4.40.2", "4.43.4", "4.57.6", "5.3.0"])
def test_which_direction_a_release_takes_for_better(version: str) -> None:
    """The release's own expression, out of training_args.py of its wheel."""
    try:
        source = (trainer_modules(version) / "training_args.py").read_text(encoding="utf-8")
    except Unreachable:
        pytest.skip(f"transformers {version} cannot be fetched from PyPI")
    [better] = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "self.greater_is_better"
    ]
    text = CARD[: CARD.index("### Training results")] + f"### Framework versions\n\n- Transformers {version}\n"
    for metric in ("loss", "f1", "mse", "entity_loss"):
        theirs = eval(
            compile(ast.Expression(better), "training_args.py", "eval"), {"self": SimpleNamespace(metric_for_best_model=metric)}
        )
        plan = planned(read_card(text), {"load_best_model_at_end": True, "metric_for_best_model": metric})
        assert plan.best == Best(metric, theirs), metric
