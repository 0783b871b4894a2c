"""What the calibration makes of runs: cards, copies of them, its table and the atlas, on runs written by hand."""

import json
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from cardaudit.codec import digest
from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Evaluation, Run
from cardaudit.runs import write_run

pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from calibration import wanted_runs
from calibration_cards import ALIKE, CHANGED, COPIES, changes_of, copies
from calibration_crossing import environments, read_crossed
from calibration_recipes import RECIPES, Recipe, card_text, write_data
from calibration_report import interval, report
from calibration_search import Known

TOKENS = Recipe("tokens", "token-classification", 40, 20, 0.1)
TEXTS = Recipe("texts", "text-classification", 40, 20, 0.1)


def run(right: int, seed: int = 1) -> Run:
    """Two epochs of tagging 300 tokens and 80 entities, of which `right` are found among 85."""
    rows = [
        Evaluation(
            float(n), 25 * n, 0.5 / n, 0.4 / n, {"precision": k / 85, "recall": k / 80, "f1": 2 * k / 165, "accuracy": 0.9}
        )
        for n, k in ((1, right - 10), (2, right))
    ]
    return Run("", seed, tuple(rows), "finished", 1.0, {}, {"gold_entities": 80, "evaluation_tokens": 300})


def test_a_card_is_the_stock_writers_and_reads_as_it_was_made() -> None:
    card = read_card(card_text(TOKENS, run(60)))
    assert card.dialect == "trainer"
    assert {name: printed.text for name, printed in card.headline.items()} == {
        "loss": "0.2",
        "precision": "0.7059",
        "recall": "0.75",
        "f1": "0.7273",
        "accuracy": "0.9",
    }
    assert [row.metrics["f1"].text for row in card.epochs] == ["0.6061", "0.7273"]
    assert not [finding for finding in check_card(card).findings if finding.severity == "error"]


def test_a_raised_number_is_raised_wherever_it_is_reported_and_nowhere_else() -> None:
    pool = [run(right) for right in (58, 60, 62)]  # seed standard deviation 2 * 2 / 165
    (number, text), *_ = copies("+5 sd", TOKENS, [run(60)], pool)
    card = read_card(text)
    assert number == 0
    assert card.headline["f1"].text == card.epochs[-1].metrics["f1"].text == "0.8485"
    assert (card.epochs[0].metrics["f1"].text, card.headline["recall"].text) == ("0.6061", "0.75")


def test_each_copy_differs_from_the_honest_card_in_its_own_way() -> None:
    authors, pool = [run(60 + n % 3, n) for n in range(20)], [run(right) for right in (58, 60, 62)]
    honest = dict(copies("honest", TOKENS, authors, pool))
    for kind in COPIES:
        made = dict(copies(kind, TOKENS, authors, pool))
        if kind == "best of 10":
            assert [read_card(text).headline["f1"].text for text in made.values()] == ["0.7515", "0.7515"]
        else:
            assert all((made[number] == honest[number]) == (kind == "honest") for number in honest)
    swapped = read_card(dict(copies("columns swapped", TOKENS, authors, pool))[0])
    assert (swapped.headline["f1"].text, swapped.headline["accuracy"].text) == ("0.9", "0.7273")


def test_a_number_raised_in_all_columns_is_raised_by_whole_entities_and_passes_the_linter() -> None:
    pool = [run(right) for right in (58, 60, 62)]
    ((_, honest),) = copies("honest", TOKENS, [run(60)], pool)
    ((_, text),) = copies(ALIKE, TOKENS, [run(60)], pool)
    card = read_card(text)
    found = {name: float(printed.text) for name, printed in card.headline.items() if name != "loss"}
    assert found == {"precision": 0.8235, "recall": 0.875, "f1": 0.8485, "accuracy": 0.9333}  # 70 of 85 and of 80
    errors = [finding.rule for finding in check_card(card).findings if finding.severity == "error"]
    assert errors == [finding.rule for finding in check_card(read_card(honest)).findings if finding.severity == "error"] == []


def test_a_card_names_the_versions_of_its_author() -> None:
    theirs = replace(run(60), environment={"versions": {"transformers": "4.57.6", "tokenizers": "0.22.2", "torch": "2.13.0"}})
    versions = read_card(card_text(TOKENS, theirs)).framework_versions
    assert (versions["transformers"].text, versions["tokenizers"].text) == ("4.57.6", "0.22.2")
    assert read_card(card_text(TOKENS, run(60))).framework_versions["transformers"].text != "4.57.6"


def test_what_was_explained_is_kept_and_asked_for_by_the_cards_text(tmp_path: Path) -> None:
    line = {"recipe": "tokens", "kind": "+5 sd", "card": 3, "digest": digest({"text": "# a"}), "named": ["x"], "seconds": 1.5}
    (tmp_path / "explained.jsonl").write_text(json.dumps(line) + "\n")
    known = Known(tmp_path)
    assert known.get(TOKENS, "+5 sd", "# a") == ("x",)
    assert known.get(TOKENS, "+5 sd", "# b") is known.get(TOKENS, "+6 sd", "# a") is known.get(TEXTS, "+5 sd", "# a") is None


def test_authors_in_other_environments_are_kept_by_its_name(tmp_path: Path) -> None:
    own = environments(None)
    assert [(where.name, where.precision, where.first) for where in own] == [("bf16", "bf16", 300_001)]
    assert environments(sys.executable)[0].name == f"transformers {version('transformers')}"
    assert read_crossed(tmp_path) == {}
    for seed in (300_002, 300_001):
        write_run(run(60, seed), tmp_path / "authors" / "bf16" / str(seed) / "run.json")
    assert {name: [one.seed for one in runs] for name, runs in read_crossed(tmp_path).items()} == {"bf16": [300_001, 300_002]}


def test_only_taggers_have_other_columns_and_labellings() -> None:
    assert changes_of("", TEXTS) == {}
    assert [kind for kind in CHANGED if changes_of(kind, TEXTS) is None] == ["another labelling", "another column"]
    assert changes_of("twice the epochs", TEXTS) == {"num_epochs": "6"}


def test_runs_are_wanted_in_turns_and_no_author_shares_a_seed_with_the_pool() -> None:
    wanted = list(wanted_runs(2))
    assert wanted[:3] == [("", 1042), ("", 100_001), ("another learning rate", 100_001)]
    assert len(wanted) == len(set(wanted)) == 60 + 2 + 6 * len(CHANGED)


def test_twelve_recipes_have_data_of_their_own(tmp_path: Path) -> None:
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES) >= 12
    write_data(TOKENS, tmp_path / "one")
    write_data(TOKENS, tmp_path / "two")
    text = (tmp_path / "one" / "train.conll").read_text()
    assert text == (tmp_path / "two" / "train.conll").read_text() != (tmp_path / "one" / "validation.conll").read_text()
    assert {len(line.split()) for line in text.splitlines()} == {0, 4}
    write_data(TEXTS, tmp_path / "three")
    assert (tmp_path / "three" / "train.jsonl").read_text().count('"label"') == 40


LINE = {
    **{"outcome": "reproduced", "direction": None, "seeds": 3, "accused": False, "errors": 0, "truth": "", "explained": None},
    **{"threads": 1, "loop": "reference", "transformers": "5.23.0", "precision": "fp32"},
}


def test_the_interval_knows_that_cards_of_a_recipe_are_alike() -> None:
    clustered = [{**LINE, "recipe": f"{n // 10}", "kind": "honest", "accused": n < 10} for n in range(50)]
    scattered = [{**LINE, "recipe": f"{n // 10}", "kind": "honest", "accused": n % 5 == 0} for n in range(50)]
    assert interval(scattered, lambda line: line["accused"]) == (0.2, 0.2)
    low, high = interval(clustered, lambda line: line["accused"])
    assert (low, high) == (0.0, 0.6)


def test_the_table_tells_what_was_caught_and_named() -> None:
    wrong = {**LINE, "recipe": "a", "kind": "twice the epochs", "truth": "num_epochs 6 instead of 3", "outcome": "deviates"}
    lines = [
        {**LINE, "recipe": "a", "kind": "honest"},
        {**wrong, "card": 0, "explained": ("num_epochs 6 instead of 3", "x"), "accused": True},
        {**wrong, "card": 1, "explained": (), "seeds": 5},
        {**wrong, "card": 2},
    ]
    table = [line for line in report(lines) if line.startswith("| twice")]
    assert table == [
        "| twice the epochs | 3 | 33.3 (33.3 to 33.3) | 0.0 | 0.0 | 0.0 | 0.0 | 33.3 | 3.7 | 50.0 | 50.0 |",
        "| twice the epochs | 2 | 1 | 1 | 1 | 1 |",
    ]


def test_honest_cards_are_told_apart_by_what_their_authors_trained_with() -> None:
    other = {"loop": "own script", "transformers": "4.57.6", "threads": 2}
    lines = [{**LINE, "recipe": f"{n % 2}", "kind": "honest", "card": n} for n in range(8)]
    lines += [{**LINE, **other, "recipe": f"{n}", "kind": "honest", "card": 1000 + n, "accused": n == 1} for n in range(2)]
    lines += [{**LINE, "recipe": "0", "kind": "honest", "card": 2000, "precision": "bf16", "outcome": "undecided", "seeds": 16}]
    told = list(report(lines))
    table = told[told.index("\n## Honest cards by author\n") + 3 :]
    assert table[:8] == [
        "| threads: 1 | 9 | 0 | 0.0 (0.0 to 0.0) | 0 | 11.1 | 4.4 |",
        "| threads: 2 | 2 | 1 | 50.0 (0.0 to 100.0) | 0 | 0.0 | 3.0 |",
        "| loop: own script | 2 | 1 | 50.0 (0.0 to 100.0) | 0 | 0.0 | 3.0 |",
        "| loop: the stock Trainer's, set up by the engine | 9 | 0 | 0.0 (0.0 to 0.0) | 0 | 11.1 | 4.4 |",
        "| transformers: 4.57.6 | 2 | 1 | 50.0 (0.0 to 100.0) | 0 | 0.0 | 3.0 |",
        "| transformers: 5.23.0 | 9 | 0 | 0.0 (0.0 to 0.0) | 0 | 11.1 | 4.4 |",
        "| precision: bf16 | 1 | 0 | 0.0 (0.0 to 0.0) | 0 | 100.0 | 16.0 |",
        "| precision: fp32 | 10 | 1 | 10.0 (0.0 to 20.0) | 0 | 0.0 | 3.0 |",
    ]


def test_the_goals_stand_first_with_what_was_measured_and_the_curve_after_them() -> None:
    raised = {**LINE, "kind": "+5 sd", "seeds": 5, "outcome": "deviates", "accused": True}
    lines = [{**LINE, "recipe": f"{n}", "kind": "honest", "card": n} for n in range(4)]
    lines += [{**raised, "recipe": f"{n}", "card": n, "errors": int(n == 2), "explained": () if n else ("x",)} for n in range(3)]
    lines += [{**raised, "recipe": "3", "card": 3, "accused": False, "outcome": "undecided", "seeds": 16}]
    told = list(report(lines))
    assert told[1].startswith("4 honest cards, 600 wanted, over 4 recipes;")
    assert told[4:13] == [
        "| honest cards accused | at most 1 % | 0.0 % (0.0 to 0.0) | 4 |",
        "| honest cards undecided | at most 10 % | 0.0 % (0.0 to 0.0) | 4 |",
        "| +5 sd caught, arithmetic first | at least 90 % | 75.0 % (25.0 to 100.0) | 4 |",
        "| seeds for it, none for what arithmetic catches | at most 6 | 6.5 | 4 |",
        "| +5 sd caught by training alone |  | 75.0 % (25.0 to 100.0) | 4 |",
        "| seeds for it on average | | 7.8 | 4 |",
        "| +5 sd caught where all columns rise together |  | not measured | 0 |",
        "| true alternative among those named | at least 80 % | not measured | 0 |",
        "| inflated cards explained | at most 10 % | 33.3 % (0.0 to 100.0) | 3 |",
    ]
    curve = told[told.index("## The curve\n") + 1 :]
    assert curve[3] == "| +5 sd | 4 | 75.0 (25.0 to 100.0) | ███████████████ | 0.0 | 25.0 | 7.8 |"
