"""Other recipes that give a claim: small models, trained here in this process, with cards as the stock card writer makes them."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from cardaudit.compare import compare, next_seeds, primary_outcome
from cardaudit.compare.likelihood import Cell, Fit, log_ratio
from cardaudit.explain import explain, explicable, named
from cardaudit.explain.alternatives import alternatives
from cardaudit.explain.shape import Tried, shape
from cardaudit.explain.words import Attempt, by_holm, rung_of
from cardaudit.parse import read_card
from cardaudit.records import Assumption, Plan, Run, Rung, Verdict

pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from calibration_recipes import Recipe, card_text, engine, plan_of, settings_of, stated_settings, trained, write_base, write_data

RECIPE = Recipe("test", "token-classification", 150, 60, 0.08, learning_rate=3e-3, batch=16, epochs=2, words=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    made = tmp_path_factory.mktemp("explain")
    write_data(RECIPE, made / "data")
    write_base(made / "base", RECIPE.words)
    yield made
    torch.set_num_threads(threads)


def author(folder: Path, changes: Mapping[str, str] | None = None) -> Run:
    """What an author gets who does something else than the card will say."""
    return trained(plan_of(RECIPE, folder, changes), folder / "audit", 100_001, "reference")


def audited(folder: Path, text: str) -> tuple[tuple[Verdict, ...], Rung | None]:
    """The verdicts on a card, and where there is something to explain, what was found."""
    card, plan, runs = read_card(text), plan_of(RECIPE, folder), ()
    while seeds := next_seeds(card, plan, runs, False):
        runs = (*runs, *(trained(plan, folder / "audit", seed) for seed in seeds))
    verdicts = compare(card, plan, runs, False)
    if not explicable(verdicts):
        return verdicts, None
    return verdicts, explain(card, plan, stated_settings(RECIPE, folder), folder / "audit", 600, engine=engine)


@pytest.mark.train
class TestSearch:
    def test_an_honest_card_needs_no_explanation(self, folder: Path) -> None:
        verdicts, rung = audited(folder, card_text(RECIPE, author(folder)))
        assert (primary_outcome(verdicts).outcome, rung) == ("reproduced", None)

    def test_another_learning_rate_is_named(self, folder: Path) -> None:
        verdicts, rung = audited(folder, card_text(RECIPE, author(folder, {"learning_rate": "0.0006"})))
        assert primary_outcome(verdicts).outcome == "deviates"
        assert rung is not None
        assert "learning_rate 0.0006 instead of 0.003" in named(rung)
        assert rung.outcome.startswith("compatible with ")

    def test_another_column_is_named_by_its_counts_and_its_fit(self, folder: Path) -> None:
        verdicts, rung = audited(folder, card_text(RECIPE, author(folder, {"label_column": "1"})))
        assert primary_outcome(verdicts).because.startswith("protocol mismatch: the claimed recall ")
        assert rung is not None
        assert named(rung) == ("label_column 1 instead of -1",)
        assert any(line.startswith("label_column 2 instead of -1: refuted without training: ") for line in rung.details)

    def test_twice_the_epochs_are_named(self, folder: Path) -> None:
        verdicts, rung = audited(folder, card_text(RECIPE, author(folder, {"num_epochs": "4"})))
        assert primary_outcome(verdicts).outcome == "not measured"
        assert rung is not None
        assert "num_epochs 4 instead of 2" in named(rung)

    def test_an_inflated_number_is_not_explained(self, folder: Path) -> None:
        run = author(folder)
        f1 = run.rows[-1].metrics["f1"]
        text = card_text(RECIPE, run).replace(f"{f1:.4f}", f"{f1 + 0.15:.4f}").replace(repr(f1), repr(f1 + 0.15))
        verdicts, rung = audited(folder, text)
        assert (primary_outcome(verdicts).outcome, primary_outcome(verdicts).direction) == ("deviates", "above")
        assert rung is not None
        assert named(rung) == ()
        assert rung.outcome.startswith("none of ")

    def test_what_no_budget_allows_is_told(self, folder: Path) -> None:
        card = read_card(card_text(RECIPE, author(folder)))
        rung = explain(card, plan_of(RECIPE, folder), stated_settings(RECIPE, folder), folder / "none", 0.0, engine=engine)
        assert {line.partition(": ")[2] for line in rung.details[:-1]} == {"not tried within the budget"}
        assert rung.outcome.startswith("none of 0 other recipes gives the card's numbers; ")


@pytest.mark.train
class TestAlternatives:
    def test_the_likeliest_and_cheapest_come_first(self, folder: Path) -> None:
        plan = plan_of(RECIPE, folder)
        known = Assumption("weight_decay", "0.0", "a card never says", ("0.01",))
        names = [each.name for each in alternatives(replace(plan, assumptions=(known,)), settings_of(RECIPE, folder))]
        assert names[:4] == [
            "weight_decay 0.01 instead of 0.0",
            "num_epochs 1 instead of 2",
            "evaluated on the training split",
            "learning_rate 0.03 instead of 0.003",
        ]
        assert names[-1] == "num_epochs 4 instead of 2"

    def test_what_was_assumed_may_have_been_otherwise(self, folder: Path) -> None:
        names = {each.name for each in alternatives(plan_of(RECIPE, folder), settings_of(RECIPE, folder))}
        assert {"label_column 1 instead of -1", "every sub-token labelled like its word"} <= names


class TestWords:
    def test_each_attempt_is_told_and_the_best_named_first(self) -> None:
        plan = Plan.__new__(Plan)
        tried = Attempt("A", plan=plan, ratio=log(5), seeds=1, fits=(9, 9))
        good = replace(tried, name="B", fresh_ratio=log(300), fresh_seeds=3, whole=True)
        better = replace(good, name="C", fresh_ratio=log(1e7))
        unfit = replace(good, name="D", whole=False, fits=(7, 9))
        rung = rung_of(
            [tried, good, better, unfit, Attempt("E", "refuted without training: x"), Attempt("F", "gave no run")], 1.0
        )
        assert rung.outcome == "compatible with C or with B; 5 other recipes were tried; 1 more was not tried"
        assert rung.details == (
            "A: likelihood ratio 5 over the stated recipe with 1 seed, 9 of 9 numbers fit: no better",
            "B: likelihood ratio 5 over the stated recipe with 1 seed, 300 with 3 fresh seeds, 9 of 9 numbers fit: compatible",
            "C: likelihood ratio 5 over the stated recipe with 1 seed, over 1,000,000 with 3 fresh seeds, 9 of 9 numbers fit: "
            "compatible",
            "D: likelihood ratio 5 over the stated recipe with 1 seed, 300 with 3 fresh seeds, 7 of 9 numbers fit: not confirmed",
            "E: refuted without training: x",
            "F: gave no run",
            "tried in the order of how often cards that tell do otherwise (weight decay 410 of 460, label all tokens 33 of 67, "
            "eval split 160 of 211); for the rest that is a judgement",
        )
        assert named(rung) == ("B", "C")

    def test_the_more_recipes_are_tried_the_more_one_must_explain(self) -> None:
        tried = Attempt("A", plan=Plan.__new__(Plan), ratio=log(5), seeds=1, fresh_ratio=log(90), fresh_seeds=3, whole=True)
        rivals = [Attempt(f"R{n}", "refuted without training: x") for n in range(9)]
        assert named(rung_of([tried, *rivals[:3]], 1.0)) == ("A",)
        assert named(rung_of([tried, *rivals], 1.0)) == ()
        assert [each.needed for each in by_holm([replace(tried, fresh_ratio=log(9)), tried, *rivals[:2]])[:2]] == [60.0, 80.0]


class TestLikelihood:
    def test_cells_of_one_run_count_as_fewer(self) -> None:
        def fit(count: int, density: float) -> Fit:
            return Fit({(f"row {n}", "f1"): Cell("f1", 1.0, density) for n in range(count)}, 3)

        assert log_ratio(fit(1, 2.0), fit(1, 0.0)) == 2.0
        assert log_ratio(fit(3, 2.0), fit(3, 0.0)) == pytest.approx(3.0)
        assert log_ratio(fit(99, 2.0), fit(99, 0.0)) < 4.0


class TestShape:
    def test_spans_lost_for_each_wrong_token(self) -> None:
        assert shape({"f1": 0.9126, "accuracy": 0.9246}) == pytest.approx(1.159, abs=1e-3)
        assert shape({"f1": 0.0, "accuracy": 0.8}) is shape({"f1": 1.0, "accuracy": 0.8}) is shape({"f1": 0.5}) is None

    def test_a_column_is_told_with_what_speaks_against_it(self) -> None:
        assert Tried("C 1", " (NN ...)", ratios=(1.2, 1.3)).told(1.16) == (
            "C 1 (NN ...): 1.25 spans lost for each wrong token with 2 seeds, the card 1.16: compatible"
        )
        assert Tried("C 2", ratios=(1.2, 1.9)).told(1.16).endswith("with 2 seeds, the card 1.16: another shape")
        assert Tried("C 3", refuted="no whole numbers", ratios=(5.0,)).told(1.16) == (
            "C 3: refuted without training: no whole numbers: 5.00 spans lost for each wrong token with 1 seed, the card 1.16: "
            "another shape"
        )
        assert Tried("C 4", ended="gave no run").told(1.16) == "C 4: gave no run"


def card_of_chunks(folder: Path) -> str:
    """The card of an author who learned the phrases and says nothing of it, with numbers as a card prints them."""
    return card_text(RECIPE, author(folder, {"label_column": "2"}), full=False)


@pytest.mark.train
def test_a_stand_in_tells_by_its_shape_which_column_was_learned(folder: Path) -> None:
    card, stated = read_card(card_of_chunks(folder)), stated_settings(RECIPE, folder)
    strange = replace(stated, overrides={**stated.overrides, "same_base": "false"})
    plan, runs = replace(plan_of(RECIPE, folder, {"same_base": "false"}), replay_seed=None), ()
    while seeds := next_seeds(card, plan, runs, False):
        runs = (*runs, *(trained(plan, folder / "audit", seed) for seed in seeds))
    verdicts = compare(card, plan, runs, False)
    assert primary_outcome(verdicts).outcome == "not comparable"
    assert explicable(verdicts)
    rung = explain(card, plan, strange, folder / "audit", 600, engine=engine)
    assert rung.outcome.startswith("compatible in shape with label column 2 (B-NP")
    assert any(line.startswith("label column -1, as assumed (B-LOC") and "the card" in line for line in rung.details)
