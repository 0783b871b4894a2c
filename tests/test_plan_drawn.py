"""Where the card's evaluation examples are surely others than a plan's, the plan says so and the verdict leaves room."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from plan_cards import card, make_conll, make_model

from cardaudit.compare.trial import same_evaluation
from cardaudit.plan import PlanSettings, describe, make_plan
from cardaudit.records import Plan

UNSEEDED = (
    "# m\n\n```python\ndata = load_dataset('csv', data_files='all.csv')\ndata = data['train'].train_test_split(test_size=0.1)\n"
)


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(make_model(tmp_path / "base"))


def planned(model: str, data: Path, text: str = "", **overrides: str) -> Plan:
    settings = PlanSettings(overrides={"base_model": model, "dataset": str(data), "same_dataset": "true", **overrides})
    return make_plan(card(text=text), settings)


def why(plan: Plan) -> str:
    """The plan's row on it, value and origin; empty where it has none."""
    return "; ".join(f"{value} {origin}" for field, value, origin in describe(plan) if field == "same_evaluation")


def test_a_split_without_a_seed_in_the_cards_code_is_another_draw(tmp_path: Path, model: str) -> None:
    plan = planned(model, make_conll(tmp_path / "data", train=9, dev=5), UNSEEDED)
    told = "line 5 of the card draws them by train_test_split without a seed: room is left for another draw; or true"
    assert why(plan) == f"false assumed: {told}"
    assert not same_evaluation(plan)


@pytest.mark.parametrize(
    "text",
    [
        "trained on the train split, evaluated on the validation split",
        "data.train_test_split(test_size=0.1, seed=42)",
        "train_test_split(\n    X, y,\n    test_size=float('0.2'), random_state=SEED\n)",
        "train_test_split(X, y, shuffle=False)",
        "We randomly split the data into train and test (random seed: 7).",
        "a text is split into two parts randomly, and the first predicts the second",
        "random weights; a split infinitive",
    ],
)
def test_a_seed_or_the_datas_own_split_leaves_the_examples_the_same(tmp_path: Path, model: str, text: str) -> None:
    plan = planned(model, make_conll(tmp_path / "data", train=9, dev=5), text)
    assert (why(plan), same_evaluation(plan)) == ("", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The data was randomly split\ninto 80 % train and 20 % test.", ""),
        ("The data was randomly split into 80 % train and 20 % test.", "'randomly split'"),
        ("We used a random 80/20 train/test split.", "'random 80/20 train/test split'"),
        ("train_test_split(X, y, random_state=None)", "train_test_split"),
    ],
)
def test_words_count_where_they_speak_of_an_evaluation_set(tmp_path: Path, model: str, text: str, said: str) -> None:
    told = why(planned(model, make_conll(tmp_path / "data", train=9, dev=5), text))
    assert said in told
    assert bool(said) == bool(told)


def test_a_file_cut_off_data_without_an_evaluation_split_is_another_cut(tmp_path: Path, model: str) -> None:
    data, own = make_conll(tmp_path / "data", train=9), make_conll(tmp_path / "own", test=3) / "test.conll"
    plan = planned(model, data, eval_file=str(own))
    assert "data has no evaluation split, so the card's was cut off it, and eval_file is another cut" in why(plan)
    assert not same_evaluation(plan)
    shipped = planned(model, make_conll(tmp_path / "more", train=9, dev=4), eval_file=str(own))
    assert (why(shipped), same_evaluation(shipped)) == ("", True)
    (data / "held_out.conll").write_text(own.read_text())
    inside = planned(model, data, eval_file="held_out.conll")
    assert (why(inside), same_evaluation(inside)) == ("", True)


def test_the_user_has_the_last_word(tmp_path: Path, model: str) -> None:
    data = make_conll(tmp_path / "data", train=9, dev=5)
    known = planned(model, data, UNSEEDED, same_evaluation="true")
    assert same_evaluation(known)
    assert all(assumption.field != "same_evaluation" for assumption in known.assumptions)
    assert same_evaluation(replace(known, overrides={}, assumptions=()))
    assert not same_evaluation(planned(model, data, same_evaluation="false"))


@pytest.mark.parametrize("part", ["train_test_split(", "randomly split ", "train_test_split(a(b)c", "split a b c d "])
def test_a_megabyte_of_anything_is_looked_through_at_once(tmp_path: Path, model: str, part: str) -> None:
    text, began = part * (1_000_000 // len(part)), time.process_time()
    planned(model, make_conll(tmp_path / "data", train=9, dev=5), text)
    assert time.process_time() - began < 2
