"""Planning: what is read off a card, what is assumed and why, and what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from plan_cards import ADAM, TRAINED, card, make_conll, make_model

from cardaudit import plan as plan_package
from cardaudit.codec import pack, unpack
from cardaudit.errors import CardauditError, NotEnoughFacts
from cardaudit.plan import OVERRIDES, PlanSettings, describe, make_plan
from cardaudit.plan.steps import Between, implied_examples, steps_per_epoch
from cardaudit.records import Assumption, Card, Missing, OptimizerLine, Plan, Schedule, Span

ROOT = Path(__file__).resolve().parents[1]
EPOCHS = ("No_log 1.0 3 0.9 0.1 0.1 0.1 0.8", "No_log 2.0 6 0.8 0.2 0.2 0.2 0.9", "No_log 3.0 9 0.7 0.3 0.3 0.3 0.9")


def unresolved(of: Card, **overrides: str) -> Plan:
    return make_plan(of, PlanSettings(overrides=overrides, resolve=False))


def lacks(of: Card, **overrides: str) -> tuple[Missing, ...]:
    with pytest.raises(NotEnoughFacts) as caught:
        unresolved(of, **overrides)
    missing: tuple[Missing, ...] = caught.value.missing
    return missing


def assumed(plan: Plan, field: str) -> Assumption:
    return next(assumption for assumption in plan.assumptions if assumption.field == field)


@pytest.fixture
def local(tmp_path: Path) -> dict[str, str]:
    """A base model and data on this disk, as overrides."""
    base = make_model(tmp_path / "base")
    return {"base_model": str(base), "dataset": str(make_conll(tmp_path / "data", train=9, dev=5, test=4))}


# whole plans


def test_a_plan_whole(local: dict[str, str]) -> None:
    plan = make_plan(card(table=EPOCHS), PlanSettings(overrides={**local, "same_base": "true"}, seeds=3))
    found = pack(plan)
    sha256 = {kind: found[kind].pop("sha256") for kind in ("model", "dataset")}
    assert all(len(digest) == 64 for digest in sha256.values())
    del found["origins"], found["assumptions"], found["estimate"]
    assert found == {
        "mode": "train",
        "recipe": "token_classification",
        "model": {"id": "base", "revision": None, "path": local["base_model"], "claimed": "some/base", "same": True},
        "dataset": {
            "id": "data",
            "revision": None,
            "path": local["dataset"],
            "claimed": "some/data",
            "same": False,
            "format": "conll",
            "config": None,
            "train_split": "train",
            "eval_split": "dev",
            "text_columns": ["0"],
            "label_column": "-1",
            "files": {"train": "train.conll", "dev": "dev.conll"},
            "labels": [],
            "train_limit": None,
            "eval_limit": None,
        },
        "training": {
            "learning_rate": 2e-05,
            "train_batch_size": 4,
            "eval_batch_size": 8,
            "gradient_accumulation_steps": 1,
            "num_epochs": 3.0,
            "max_steps": None,
            "optimizer": "adamw_torch",
            "adam_beta1": 0.9,
            "adam_beta2": 0.999,
            "adam_epsilon": 1e-08,
            "weight_decay": 0.0,
            "max_grad_norm": 1.0,
            "lr_scheduler_type": "linear",
            "warmup_steps": 0,
            "warmup_ratio": 0.0,
            "label_smoothing_factor": 0.0,
            "precision": "fp32",
            "max_length": 64,
        },
        "schedule": {"strategy": "epoch", "eval_steps": None, "logging_steps": 500},
        "task_options": {"label_all_tokens": False, "metrics": ["precision", "recall", "f1", "accuracy"]},
        "seeds": [1042, 2042, 3042],
        "replay_seed": 42,
        "semantics": "5.23",
        "overrides": {**local, "same_base": "true"},
        "best": None,
    }


def test_every_value_has_its_origin(local: dict[str, str]) -> None:
    plan = make_plan(card(table=EPOCHS), PlanSettings(overrides=local, seeds=3))
    rows = describe(plan)
    assert [row for row in rows if not row[2]] == []
    by_field = {field: (value, origin) for field, value, origin in rows}
    assert by_field["base_model"] == (local["base_model"], "given by --set, against some/base on line 1 of the card")
    assert by_field["dataset"] == (local["dataset"], "given by --set")
    assert by_field["learning_rate"] == ("2e-05", "from the card, line 1")
    assert by_field["eval_strategy"] == ("epoch", "read off the table")
    assert by_field["eval_split"] == ("dev", "assumed: the card does not say which split was evaluated; or test")
    assert by_field["max_grad_norm"] == ("1.0", "assumed: the Trainer never prints it; its default")
    assert by_field["seeds"][0] == "1042,2042,3042"
    assert by_field["train_examples"] == ("9", "counted in the data")
    assert by_field["seconds_cpu"][0] == "1 s"
    assert by_field["same_dataset"] == (
        "false",
        "assumed: the card's is some/data; whether data is that data is not known, so the runs are not comparable unless "
        "same_dataset=true says so; or true",
    )


def test_a_plan_survives_json(local: dict[str, str]) -> None:
    plan = make_plan(card(table=EPOCHS), PlanSettings(overrides=local))
    assert pack(unpack(Plan, json.loads(json.dumps(pack(plan))))) == pack(plan)


def test_the_estimate_counts_what_is_there(local: dict[str, str]) -> None:
    estimate = make_plan(card(table=EPOCHS), PlanSettings(overrides=local)).estimate
    counted = {
        key: estimate[key] for key in ("train_examples", "eval_examples", "steps_per_epoch", "steps", "evaluations", "parameters")
    }
    assert counted == {
        "train_examples": 9,
        "eval_examples": 5,
        "steps_per_epoch": 3,
        "steps": 9,
        "evaluations": 3,
        "parameters": 6,
    }
    assert 0 < estimate["seconds_gpu"] < estimate["seconds_cpu"] < 10
    assert estimate["memory_bytes"] > 5e8


def test_planning_imports_no_training_library(local: dict[str, str]) -> None:
    code = (
        "import sys; from cardaudit.plan import PlanSettings, make_plan; from plan_cards import card\n"
        f"make_plan(card(), PlanSettings(overrides={local!r}))\n"
        "print([m for m in ('torch', 'transformers', 'datasets', 'huggingface_hub', 'numpy', 'pandas') if m in sys.modules])"
    )
    here = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# what is missing


def test_everything_missing_comes_at_once() -> None:
    empty = card(base=None, dataset=None, task=None, said={}, optimizer=None)
    assert lacks(empty) == (
        Missing(
            "task",
            "the card names no task, and prints no metric that tells one",
            "--set task=token-classification or --set task=text-classification",
        ),
        Missing("base_model", "the card names no base model", "--set base_model=ID-OR-PATH"),
        Missing(
            "num_epochs", "the card says neither how many epochs nor how many steps", "--set num_epochs=N or --set max_steps=N"
        ),
        Missing("dataset", "the card names no data set", "--set dataset=ID-OR-PATH"),
    )


def test_the_message_names_each_flag_and_what_the_steps_imply() -> None:
    with pytest.raises(
        NotEnoughFacts, match=r"names no data set; its steps take 9 to 12 training examples \(--set dataset=ID-OR-PATH\)"
    ):
        unresolved(card(dataset=None, table=EPOCHS))


def test_none_is_no_name() -> None:
    assert [fact.field for fact in lacks(card(base="None", dataset="None"))] == ["base_model", "dataset"]


def test_what_is_missing_is_told_before_the_hub_is_asked() -> None:
    with pytest.raises(NotEnoughFacts):
        make_plan(card(base="nobody/has-this-model", dataset=None))


@pytest.mark.parametrize(
    ("key", "value", "because"),
    [
        ("train_batch_size", "0", "the card prints '0', no whole number above 0"),
        ("eval_batch_size", "many", "the card prints 'many', no whole number above 0"),
        ("learning_rate", "-1", "the card prints '-1', no number above 0"),
        ("lr_scheduler_type", "one cycle", "the card prints 'one cycle', no scheduler of the Trainer"),
    ],
)
def test_a_hyperparameter_that_cannot_be_used_is_missing(key: str, value: str, because: str) -> None:
    assert [(fact.field, fact.because) for fact in lacks(card(said={**TRAINED, key: value}))] == [(key, because)]


# the schedule


@pytest.mark.parametrize(
    ("table", "schedule"),
    [
        pytest.param((), Schedule("epoch", None, 500), id="no table"),
        pytest.param(EPOCHS, Schedule("epoch", None, 500), id="nothing logged"),
        pytest.param(
            ("0.7941 1.0 878 0.3", "0.2533 2.0 1756 0.3", "0.2047 3.0 2634 0.3"), Schedule("epoch", None, 500), id="epochs"
        ),
        pytest.param(
            ("0.8 0.99 89 0.3", "0.7 1.99 179 0.3", "0.6 2.99 268 0.3"), Schedule("epoch", None, 50), id="uneven epochs"
        ),
        pytest.param(("0.8 0.57 1 0.3", "0.7 1.57 2 0.3", "0.6 2.57 3 0.3"), Schedule("epoch", None, 1), id="leftover batches"),
        pytest.param(("0.9 1.0 433 0.3", "0.8 2.0 866 0.3"), Schedule("epoch", None, 433), id="logged each epoch"),
        pytest.param(
            ("0.9 1.0 613 0.3", "0.8 2.0 1226 0.3", "0.7 2.5 1533 0.3"), Schedule("epoch", None, 500), id="a last epoch cut"
        ),
        pytest.param(("0.9 0.86 3 0.3", "0.8 1.57 5 0.3"), Schedule("epoch", None, 1), id="one epoch, and one cut"),
        pytest.param(("No_log 0.5 250 0.3", "0.4 1.0 500 0.3", "0.4 1.5 750 0.3"), Schedule("steps", 250, 500), id="steps"),
        pytest.param(("0.9 0.5 200 0.3", "0.4 1.0 400 0.3"), Schedule("steps", 200, 200), id="logged each evaluation"),
        pytest.param(("0.9 1.6 500 0.3",), Schedule("steps", 500, 500), id="a single row inside an epoch"),
        pytest.param(("0.5 1.0 500 0.3", "0.5 2.0 1000 0.3"), Schedule("epoch", None, 500), id="a mean that stayed"),
    ],
)
def test_the_schedule_is_read_off_the_table(table: tuple[str, ...], schedule: Schedule) -> None:
    assert unresolved(card(table=table)).schedule == schedule


def test_elided_rows_leave_a_common_divisor() -> None:
    table = ("0.6744 0.12 50 0.6", "0.4942 0.23 100 0.3", "0.3483 0.46 200 0.3", "- - 2150 0.4125")
    plan = unresolved(card(table=table, elided=True))
    assert plan.schedule == Schedule("steps", 50, 50)
    assert (
        assumed(plan, "eval_steps").reason
        == "rows are left out of the table; this is the largest distance that meets all of its steps"
    )
    assert assumed(plan, "logging_steps") == Assumption(
        "logging_steps",
        "50",
        "the Trainer's default of 500 does not fit: the first logged row is at step 50",
        ("10", "25", "20", "5"),
    )


def test_a_given_schedule_wins() -> None:
    plan = unresolved(card(table=EPOCHS), eval_steps="4", logging_steps="2")
    assert plan.schedule == Schedule("steps", 4, 2)


def test_steps_without_a_number_are_missing() -> None:
    assert [fact.field for fact in lacks(card(), eval_strategy="steps")] == ["eval_steps"]


# the step law


@pytest.mark.parametrize(
    ("table", "batch", "accumulation", "implied"),
    [
        (("0.03 1.0 1956 0.02",), 16, 1, Between(31_281, 31_296)),
        (("No_log 1.0 2 2.0",), 8, 1, Between(9, 16)),
        (("0.6 0.12 50 0.6", "0.4 0.23 100 0.3", "0.3 0.46 200 0.3"), 16, 1, Between(6_881, 6_944)),
        (("0.6 1.0 10 0.6",), 8, 4, Between(8 * 36 + 1, 8 * 43)),
        (("0.6 1.0 10 0.6", "0.5 1.0 30 0.6"), 8, 1, None),
        (("0.6 - 10 0.6",), 8, 1, None),
    ],
)
def test_steps_imply_sizes(table: tuple[str, ...], batch: int, accumulation: int, implied: Between | None) -> None:
    assert implied_examples(card(table=table), batch, accumulation) == implied


def test_accumulation_floors_up_to_4_51_and_ceils_since() -> None:
    assert [steps_per_epoch(7, 1, 4, version) for version in ((4, 24), (4, 53), None)] == [1, 2, 2]


def test_other_steps_than_the_cards_are_told(local: dict[str, str]) -> None:
    plan = make_plan(card(table=("0.5 1.0 7 0.3",)), PlanSettings(overrides=local))
    assert assumed(plan, "steps_per_epoch") == Assumption(
        "steps_per_epoch",
        "3",
        "the card's table has 7 steps an epoch, which take 25 to 28 training examples; the data has 9",
        ("7",),
    )


# hyperparameters


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"lr_scheduler_warmup_steps": "500"}, "warmup_steps", 500),
        ({"lr_scheduler_warmup_steps": "0.1"}, "warmup_ratio", 0.1),
        ({"lr_scheduler_warmup_ratio": "0.06"}, "warmup_ratio", 0.06),
        ({"mixed_precision_training": "Native AMP"}, "precision", "fp16"),
        ({"lr_scheduler_type": "SchedulerType.COSINE"}, "lr_scheduler_type", "cosine"),
        ({"lr_scheduler_type": "Linear"}, "lr_scheduler_type", "linear"),
        ({"label_smoothing_factor": "0.1"}, "label_smoothing_factor", 0.1),
        ({"num_devices": "4"}, "train_batch_size", 16),
        ({"num_devices": "4"}, "eval_batch_size", 8),
        ({"gradient_accumulation_steps": "2", "total_train_batch_size": "8"}, "train_batch_size", 4),
        ({"training_steps": "1000"}, "max_steps", 1000),
        ({"training_steps": "1000"}, "num_epochs", None),
    ],
)
def test_a_line_of_the_card(said: dict[str, str], field: str, value: Any) -> None:
    assert getattr(unresolved(card(said={**TRAINED, **said})).training, field) == value


def test_a_total_batch_alone_is_divided() -> None:
    said = {key: value for key, value in TRAINED.items() if key != "train_batch_size"}
    training = unresolved(card(said={**said, "total_train_batch_size": "32", "gradient_accumulation_steps": "4"})).training
    assert (training.train_batch_size, training.gradient_accumulation_steps) == (8, 4)


def test_epochs_that_only_the_table_shows() -> None:
    said = {key: value for key, value in TRAINED.items() if key != "num_epochs"}
    plan = unresolved(card(said=said, table=EPOCHS))
    assert plan.training.num_epochs == 3.0
    assert assumed(plan, "num_epochs").reason == "the card does not say; the last row of its table is at epoch 3.0"


@pytest.mark.parametrize(
    ("line", "version", "optimizer", "others"),
    [
        (ADAM, "4.24.0", "adamw_hf", ("adamw_torch", "adamw_torch_fused", "adafactor", "sgd")),
        (ADAM, "4.40.0", "adamw_torch", ("adamw_hf", "adamw_torch_fused", "adafactor", "sgd")),
        (None, "4.40.0", "adamw_torch", ("adamw_torch_fused", "adafactor")),
        (OptimizerLine("", "adamw_torch_fused", (0.9, 0.999), 1e-08, Span(0, 1)), "5.23.0", "adamw_torch_fused", None),
        (OptimizerLine("", "adafactor", None, None, Span(0, 1)), "4.24.0", "adafactor", None),
    ],
)
def test_adam_is_printed_for_every_optimizer_of_old(
    line: OptimizerLine | None, version: str, optimizer: str, others: tuple[str, ...] | None
) -> None:
    plan = unresolved(card(optimizer=line, version=version))
    assert plan.training.optimizer == optimizer
    assert ([a.alternatives for a in plan.assumptions if a.field == "optimizer"] or [None]) == [others]


def test_a_tutorials_title_is_a_hint_and_no_value() -> None:
    plan = unresolved(card(title="bert-finetuned-ner-sumups"))
    assert plan.training.weight_decay == 0.0
    assert plan.task_options["label_all_tokens"] is False
    assert assumed(plan, "weight_decay") == Assumption(
        "weight_decay",
        "0.0",
        "the Trainer never prints it; its default; the title is that of chapter 7 of the Hugging Face course, which sets 0.01",
        ("0.01",),
    )
    assert assumed(plan, "label_all_tokens").alternatives == ("true",)


def test_the_tokenizer_and_the_model_bound_the_length(tmp_path: Path, local: dict[str, str]) -> None:
    short = make_model(tmp_path / "short", model_type="roberta", max_position_embeddings=34, pad_token_id=1)
    plan = make_plan(card(), PlanSettings(overrides={**local, "base_model": str(short)}))
    assert plan.training.max_length == 32


# the task and its options


@pytest.mark.parametrize(
    ("of", "recipe"),
    [
        (card(task="Token Classification"), "token_classification"),
        (card(task="named entity recognition"), "token_classification"),
        (card(task="sentiment-analysis"), "text_classification"),
        (card(task=None, table=EPOCHS, title="bert-finetuned-ner"), "token_classification"),
        (card(task=None, table=EPOCHS, text="a model for Named Entity Recognition"), "token_classification"),
        (card(task=None, table=EPOCHS), "text_classification"),
        (card(task=None, table=("0.3 1.0 9 0.3 0.8",), columns=("accuracy",)), "text_classification"),
    ],
)
def test_the_task(of: Card, recipe: str) -> None:
    assert unresolved(of).recipe == recipe


@pytest.mark.parametrize(
    ("of", "because"),
    [
        (card(task="Summarization"), "the card's task is 'Summarization', and cardaudit trains token and text classification"),
        (
            card(task=None, base="google/vit-base-patch16-224", table=("0.3 1.0 9 0.3 0.8",), columns=("accuracy",)),
            "the card names no task, and its base model google/vit-base-patch16-224 does not read text",
        ),
        (
            card(task=None, table=("0.3 1.0 9 0.3 41.2",), columns=("rouge1",)),
            "the card names no task, and its metrics are those of none that cardaudit trains",
        ),
    ],
)
def test_a_task_that_is_not_trained(of: Card, because: str) -> None:
    assert [(fact.because, fact.flag) for fact in lacks(of)] == [(because, "")]


@pytest.mark.parametrize(
    ("table", "average"),
    [
        (("0.3 1.0 9 0.3 0.9137 0.9137 0.9137 0.9137",), "micro"),
        (("0.3 1.0 9 0.3 0.9200 0.9137 0.9101 0.9137",), "weighted"),
        (("0.3 1.0 9 0.3 0.9200 0.8800 0.8500 0.9137",), "macro"),
        (("0.3 1.0 9 0.3 0.8978 0.9302 0.9137 0.9106",), "binary"),
    ],
)
def test_how_metrics_were_averaged_shows_in_the_columns(table: tuple[str, ...], average: str) -> None:
    assert unresolved(card(task="text-classification", table=table)).task_options["average"] == average


def test_regression_shows_in_the_metrics() -> None:
    glue = card(task="text-classification", table=("0.3 1.0 9 0.3 0.88 0.87",), columns=("pearson", "spearmanr"))
    assert unresolved(glue).task_options == {"problem_type": "regression", "metrics": ["pearson", "spearmanr"]}


def test_b_to_i_only_matters_where_all_are_labelled() -> None:
    options = unresolved(card(), label_all_tokens="true", metrics="f1").task_options
    assert options == {"label_all_tokens": True, "metrics": ["f1"], "b_to_i": False}


def test_accumulation_under_5_x_keeps_its_loss() -> None:
    said = {**TRAINED, "gradient_accumulation_steps": "4"}
    kept = [
        unresolved(card(said=said, version=version)).task_options["stock_accumulation_loss"] for version in ("5.23.0", "4.24.0")
    ]
    assert kept == [True, False]


# base model and data: the card's own, or put in its place


@pytest.mark.parametrize(
    ("overrides", "same"),
    [
        ({}, (True, True)),
        ({"base_model": "distilbert/distilbert-base-uncased"}, (True, True)),
        ({"base_model": "other/base"}, (False, True)),
        ({"base_model": "other/base", "same_base": "true"}, (True, True)),
        ({"dataset": "eriktks/conll2003"}, (True, True)),
        ({"dataset": "other/data"}, (True, False)),
        ({"dataset": "/data/conll2003"}, (True, False)),
        ({"dataset": "/data/conll2003", "same_dataset": "true"}, (True, True)),
    ],
)
def test_only_the_cards_own_is_comparable(overrides: dict[str, str], same: tuple[bool, bool]) -> None:
    plan = unresolved(card(base="distilbert-base-uncased", dataset="conll2003"), **overrides)
    assert (plan.model.same, plan.dataset.same) == same


def test_a_folder_of_the_cards_name_proves_nothing(tmp_path: Path, local: dict[str, str]) -> None:
    data = make_conll(tmp_path / "sroie", train=9, dev=5)
    plan = make_plan(card(base="base", dataset="sroie"), PlanSettings(overrides={**local, "dataset": str(data)}))
    assert (plan.model.same, plan.dataset.same) == (False, False)


def test_data_given_where_the_card_names_none_is_not_its_own() -> None:
    assert unresolved(card(dataset=None), dataset="user/data").dataset.same is False


def test_what_the_shipped_facts_know_without_looking() -> None:
    table = ("0.3 1.0 535 0.3 0.5",)
    glue = card(
        dataset="glue",
        task="text-classification",
        table=table,
        columns=("matthews_correlation",),
        said={**TRAINED, "train_batch_size": "16"},
    )
    plan = unresolved(glue)
    assert (plan.dataset.id, plan.dataset.config, plan.dataset.eval_split) == ("nyu-mll/glue", "cola", "validation")
    assert (plan.estimate["train_examples"], plan.estimate["steps"]) == (8551, 1605)


# data on disk


def data_plan(of: Card, folder: Path, base: Path, **overrides: str) -> Any:
    return make_plan(of, PlanSettings(overrides={"base_model": str(base), "dataset": str(folder), **overrides}))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("files", "read"),
    [
        pytest.param(
            {"train.jsonl": '{"text": "a b", "label": 1}\n' * 3, "dev.jsonl": '{"text": "a", "label": 0}\n'},
            ("json", "train.jsonl", "dev.jsonl", ("text",), "label", 3, 1),
            id="jsonl",
        ),
        pytest.param(
            {"train.json": '[{"sentence": "a", "label": 1},\n {"sentence": "b", "label": 0}]',
             "test.json": '[{"sentence": "a", "label": 1}]'},
            ("json", "train.json", "test.json", ("sentence",), "label", 2, 1),
            id="json array",
        ),
        pytest.param(
            {"train.csv": 'review,sentiment\n"a\nb",good\nc,bad\n', "validation.csv": "review,sentiment\na,good\n"},
            ("csv", "train.csv", "validation.csv", ("review",), "sentiment", 2, 1),
            id="csv",
        ),
        pytest.param(
            {"train.tsv": "premise\thypothesis\tlabel\na\tb\t1\n", "valid.tsv": "premise\thypothesis\tlabel\na\tb\t1\n"},
            ("csv", "train.tsv", "valid.tsv", ("premise", "hypothesis"), "label", 1, 1),
            id="pairs",
        ),
        pytest.param(
            {"data/train-00000-of-00002.jsonl": '{"text": "a", "label": 1}\n',
             "data/train-00001-of-00002.jsonl": '{"text": "a", "label": 1}\n',
             "data/test-00000-of-00001.jsonl": '{"text": "a", "label": 1}\n'},
            ("json", "data/train*.jsonl", "data/test*.jsonl", ("text",), "label", 2, 1),
            id="shards",
        ),
        pytest.param(
            {"train/part.jsonl": '{"text": "a", "label": 1}\n', "validation/part.jsonl": '{"text": "a", "label": 1}\n'},
            ("json", "train/*.jsonl", "validation/*.jsonl", ("text",), "label", 1, 1),
            id="folders",
        ),
    ],
)  # fmt: skip
def test_data_files(tmp_path: Path, files: dict[str, str], read: tuple[Any, ...]) -> None:
    for name, text in files.items():
        write(tmp_path / "data" / name, text)
    plan = data_plan(card(task="text-classification"), tmp_path / "data", make_model(tmp_path / "base"))
    data = plan.dataset
    patterns = (data.files[data.train_split], data.files[data.eval_split])
    counts = (plan.estimate["train_examples"], plan.estimate["eval_examples"])
    assert (data.format, *patterns, data.text_columns, data.label_column, *counts) == read


def test_parquet_files(tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    for split, rows in (("train", 3), ("test", 2)):
        (tmp_path / "data").mkdir(exist_ok=True)
        table = pyarrow.table({"id": list(range(rows)), "tokens": [["a", "b"]] * rows, "ner_tags": [[0, 1]] * rows})
        parquet.write_table(table, tmp_path / "data" / f"{split}.parquet")
    plan = data_plan(card(), tmp_path / "data", make_model(tmp_path / "base"))
    assert (plan.dataset.format, plan.dataset.text_columns, plan.dataset.label_column) == ("parquet", ("tokens",), "ner_tags")
    assert (plan.estimate["train_examples"], plan.estimate["eval_examples"]) == (3, 2)


def test_one_file_each(tmp_path: Path, local: dict[str, str]) -> None:
    write(tmp_path / "a" / "mine.jsonl", '{"text": "a", "label": 1}\n')
    write(tmp_path / "b" / "yours.jsonl", '{"text": "a", "label": 1}\n')
    overrides = {
        "base_model": local["base_model"],
        "train_file": str(tmp_path / "a/mine.jsonl"),
        "eval_file": str(tmp_path / "b/yours.jsonl"),
    }
    data = make_plan(card(task="text-classification"), PlanSettings(overrides=overrides)).dataset
    assert (data.path, data.files) == (str(tmp_path), {"train": "a/mine.jsonl", "evaluation": "b/yours.jsonl"})


def test_a_single_file_lacks_what_to_evaluate_on(tmp_path: Path, local: dict[str, str]) -> None:
    write(tmp_path / "all.jsonl", '{"text": "a", "label": 1}\n')
    with pytest.raises(NotEnoughFacts) as caught:
        data_plan(card(task="text-classification"), tmp_path / "all.jsonl", Path(local["base_model"]))
    assert caught.value.missing == (
        Missing(
            "eval_split",
            "all.jsonl has only the split train, and what its author cut off it cannot be known",
            "--set eval_file=PATH or --set eval_split=NAME",
        ),
    )


def test_a_missing_label_column_names_those_there_are(tmp_path: Path, local: dict[str, str]) -> None:
    for split in ("train", "dev"):
        write(tmp_path / f"d/{split}.jsonl", '{"text": "a", "gold": 1}\n')
    with pytest.raises(
        NotEnoughFacts,
        match=r"d has the columns text, gold, none of which is known to hold the labels \(--set label_column=NAME\)",
    ):
        data_plan(card(task="text-classification"), tmp_path / "d", Path(local["base_model"]))
    plan = data_plan(card(task="text-classification"), tmp_path / "d", Path(local["base_model"]), label_column="gold")
    assert plan.dataset.label_column == "gold"


def test_fractions_are_a_regression_and_lists_many_labels(tmp_path: Path, local: dict[str, str]) -> None:
    kinds = []
    for label in ("3.8", '["a", "b"]', "1"):
        write(tmp_path / "d/train.jsonl", f'{{"text": "a", "label": {label}}}\n')
        write(tmp_path / "d/dev.jsonl", f'{{"text": "a", "label": {label}}}\n')
        kinds.append(
            data_plan(card(task="text-classification"), tmp_path / "d", Path(local["base_model"])).task_options["problem_type"]
        )
    assert kinds == ["regression", "multi_label_classification", "single_label_classification"]


@pytest.mark.parametrize(
    ("title", "column", "others"),
    [("m-finetuned-ner", "-1", ("1", "2")), ("m-finetuned-pos", "1", ("-1", "2")), ("m-finetuned-chunk", "2", ("-1", "1"))],
)
def test_columns_of_conll_2003_by_title(
    tmp_path: Path, local: dict[str, str], title: str, column: str, others: tuple[str, ...]
) -> None:
    for split in ("train", "valid"):
        write(
            tmp_path / f"d/{split}.txt", "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n"
        )
    plan = data_plan(card(title=title), tmp_path / "d", Path(local["base_model"]))
    assert plan.dataset.label_column == column
    assert assumed(plan, "label_column").alternatives == others
    assert plan.estimate["train_examples"] == 2


def test_a_config_of_a_folder(tmp_path: Path, local: dict[str, str]) -> None:
    make_conll(tmp_path / "d" / "en", train=9, dev=5)
    make_conll(tmp_path / "d" / "de", train=9, dev=5)
    with pytest.raises(NotEnoughFacts, match=r"d has the configs de, en \(--set dataset_config=NAME\)"):
        data_plan(card(), tmp_path / "d", Path(local["base_model"]))
    plan = data_plan(card(), tmp_path / "d", Path(local["base_model"]), dataset_config="en")
    assert plan.dataset.path == str(tmp_path / "d" / "en")


def test_splits_go_by_any_of_their_names(local: dict[str, str]) -> None:
    plan = make_plan(card(), PlanSettings(overrides={**local, "eval_split": "validation"}))
    assert plan.dataset.eval_split == "dev"
    stated = make_plan(card(split="test"), PlanSettings(overrides=local))
    assert (stated.dataset.eval_split, stated.origins["eval_split"]) == ("test", "the card's model-index")


def test_limits_count(local: dict[str, str]) -> None:
    plan = make_plan(card(), PlanSettings(overrides={**local, "train_limit": "5", "eval_limit": "99"}))
    assert (plan.estimate["train_examples"], plan.estimate["eval_examples"]) == (5, 5)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "holds no training data: expected train and validation, dev or test files"),
        ({"train.conll": ""}, "train.conll holds no examples"),
        (
            {"train.conll": "one\nword\n"},
            "train.conll cannot be read as conll: expected a token and its label a line, found 'one'",
        ),
        ({"train.jsonl": "[1, 2]\n"}, r"train.jsonl cannot be read as json: expected one object an example, found '1'"),
        ({"train.jsonl": '{"text": \n'}, "train.jsonl cannot be read as json: Expecting value"),
    ],
)
def test_data_that_cannot_be_read(tmp_path: Path, local: dict[str, str], files: dict[str, str], sentence: str) -> None:
    (tmp_path / "d").mkdir()
    for name, text in files.items():
        write(tmp_path / "d" / name, text)
    with pytest.raises(CardauditError, match=sentence):
        data_plan(card(), tmp_path / "d", Path(local["base_model"]))


# models on disk


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: (f / "config.json").unlink(), "holds no config.json"),
        (lambda f: (f / "config.json").write_text('{"auto_map": {"AutoModel": "evil.py"}}'), "needs code of its own"),
        (lambda f: (f / "config.json").write_text("{"), "config.json cannot be read as JSON"),
        (lambda f: (f / "tokenizer.json").unlink(), "holds no tokenizer"),
        (
            lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"),
            "has its weights as a pickle only, which can run code",
        ),
        (lambda f: (f / "model.safetensors").unlink(), "holds no weights"),
        (
            lambda f: (f / "model.safetensors").write_bytes(b"\xff" * 9),
            "is no safetensors file: its header is longer than the file",
        ),
    ],
)
def test_a_folder_that_is_no_base_model(local: dict[str, str], change: Any, sentence: str) -> None:
    change(Path(local["base_model"]))
    with pytest.raises(CardauditError, match=sentence):
        make_plan(card(), PlanSettings(overrides=local))


def test_a_pickle_that_is_allowed(local: dict[str, str]) -> None:
    weights = Path(local["base_model"]) / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))
    plan = make_plan(card(), PlanSettings(overrides=local, allow_pickle=True))
    assert plan.task_options["allow_pickle"] is True


# settings


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"lerning_rate": "1"}, "--set lerning_rate=1: unknown key 'lerning_rate'; did you mean 'learning_rate'?"),
        ({"num_epochs": "three"}, "--set num_epochs=three: expected a number of at least 0, found 'three'"),
        ({"learning_rate": "nan"}, "--set learning_rate=nan: expected a number of at least 0, found 'nan'"),
        ({"train_batch_size": "0"}, "--set train_batch_size=0: expected a whole number of at least 1, found '0'"),
        ({"precision": "fp8"}, "--set precision=fp8: expected fp32 or tf32 or fp16 or bf16, found 'fp8'"),
        ({"same_base": "yes"}, "--set same_base=yes: expected true or false, found 'yes'"),
        ({"warmup_ratio": "2"}, "--set warmup_ratio=2: expected a number from 0 to 1, found '2'"),
        ({"labels": ","}, "--set labels=,: expected names, separated by commas, found ','"),
    ],
)
def test_settings_that_are_wrong(overrides: dict[str, str], sentence: str) -> None:
    with pytest.raises(CardauditError) as caught:
        unresolved(card(), **overrides)
    assert str(caught.value) == sentence


def test_every_key_is_documented() -> None:
    words = set((plan_package.__doc__ or "").replace(",", " ").replace("(", " ").replace(")", " ").split())
    assert set(OVERRIDES) - words == set()


def test_a_flag_beats_the_table_and_paths_start_where_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_model(tmp_path / "card" / "base")
    make_conll(tmp_path / "card" / "data", train=9, dev=5)
    monkeypatch.chdir(tmp_path)
    table = {"base_model": "base", "dataset": "data", "num_epochs": "5", "same_dataset": "true"}
    plan = make_plan(card(), PlanSettings(overrides={"num_epochs": "7"}, table=table, folder=tmp_path / "card"))
    assert (plan.model.path, plan.dataset.path) == (str(tmp_path / "card" / "base"), str(tmp_path / "card" / "data"))
    assert (plan.training.num_epochs, plan.dataset.same) == (7.0, True)
    assert plan.origins["num_epochs"] == "given by --set, against 3.0 on line 1 of the card"
    assert plan.origins["dataset"] == "given by the [plan] table"
    assert plan.overrides == {**table, "num_epochs": "7"}


@pytest.mark.parametrize(
    ("seed", "replay", "planned"),
    [
        ("42", True, ((1042, 2042), 42)),
        ("42", False, ((1042, 2042), None)),
        ("7", True, ((1007, 2007), 7)),
        (None, True, ((1042, 2042), None)),
    ],
)
def test_seeds_are_spaced_and_never_the_cards_own(seed: str | None, replay: bool, planned: tuple[Any, Any]) -> None:
    said = {key: value for key, value in TRAINED.items() if key != "seed"} | ({"seed": seed} if seed else {})
    plan = make_plan(card(said=said), PlanSettings(resolve=False, seeds=2, replay=replay))
    assert (plan.seeds, plan.replay_seed) == planned


@pytest.mark.parametrize("seeds", [0, 20])
def test_a_number_of_seeds_out_of_range(seeds: int) -> None:
    with pytest.raises(CardauditError, match=f"{seeds} seeds were asked for: give a number from 1 to 19"):
        make_plan(card(), PlanSettings(resolve=False, seeds=seeds))
