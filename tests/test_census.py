"""The census: recipes, tables, runs, peers and twins."""

import subprocess
import sys
from pathlib import Path

import pytest
from census_samples import F1, NINE, ROWS, card, card_text, made_census
from command import surroundings

from cardaudit.census import peers, twins
from cardaudit.census.build import Building, denominators
from cardaudit.census.curves import curve_of
from cardaudit.census.recipe import era_of, recipe_of
from cardaudit.census.spread import deviation_of
from cardaudit.census.tables import table_digest
from cardaudit.parse import read_card
from cardaudit.records import Card


def test_a_recipe_is_its_settings_by_canonical_names() -> None:
    recipe = recipe_of(card("a/tagger: Loss 0.06, F1 0.93"))
    assert recipe.words == (
        "google-bert/bert-base-uncased on eriktks/conll2003: batch 16, learning rate 2e-05, 3 epochs, adam, linear"
    )
    assert recipe.is_whole
    assert recipe == recipe_of(card("a/tagger: base=google-bert/bert-base-uncased data=eriktks/conll2003 Loss 0.06, F1 0.93"))
    assert recipe.key == "36e29f24f26a"


PROSE = """\
The bert-base-uncased model was fine-tuned on the CoNLL2003 dataset. On the evaluation set it reached:
- Loss: 0.0612
- F1 Score: 0.9313

The hyperparameters were:
- Learning Rate: 2e-05
- Train Batch Size: 16
- Eval Batch Size: 16
- Random Seed: 42
- Optimizer: Adam with betas=(0.9, 0.999) and epsilon=1e-08
- Learning Rate Scheduler: Linear
- Number of Epochs: 3

Training Loss Epoch Step Validation Loss F1
:-------------::-----::----::---------------::------:
0.2433 1.0 878 0.0712 0.9102
0.0533 2.0 1756 0.0645 0.9244
0.0311 3.0 2634 0.0612 0.9313
"""


def test_a_text_that_retells_a_card_has_its_recipe_and_its_table() -> None:
    told, original = read_card(PROSE, "told.txt"), card(f"a/tagger: Loss 0.0612, F1 0.9313 {ROWS}")
    assert recipe_of(told) == recipe_of(original)
    assert table_digest(told) == table_digest(original) is not None


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("datasets:\n- conll2003\n", "datasets:\n- conll2003\n- wnut_17\n"),
        ("conll2003", "imagefolder"),
        ("conll2003", "glue"),
        ("- learning_rate: 2e-05\n", ""),
        ("- num_epochs: 3\n", ""),
        ("- train_batch_size: 16\n", ""),
    ],
)
def test_a_recipe_with_something_open_is_not_whole(change: str, to: str) -> None:
    text = card_text("a/tagger: Loss 0.06, F1 0.93")
    assert change in text
    assert not recipe_of(read_card(text.replace(change, to), "card.md")).is_whole


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("3 epochs", "num_epochs: 3|num_epochs: 4"),
        ("warm-up", "lr_scheduler_type: linear|lr_scheduler_type: linear\n- lr_scheduler_warmup_steps: 500"),
        ("precision", "num_epochs: 3|num_epochs: 3\n- mixed_precision_training: Native AMP"),
        ("total batch", "seed: 42|seed: 42\n- total_train_batch_size: 32"),
        ("betas", "betas=(0.9,0.999)|betas=(0.9,0.98)"),
    ],
)
def test_every_setting_makes_another_recipe(change: str, to: str) -> None:
    text = card_text("a/tagger: Loss 0.06, F1 0.93")
    before, after = to.split("|")
    assert before in text
    assert recipe_of(read_card(text, "")).key != recipe_of(read_card(text.replace(before, after), "")).key, change


def test_epochs_and_optimizers_are_one_however_they_are_printed() -> None:
    text = card_text("a/tagger: Loss 0.06, F1 0.93")
    newer = text.replace("num_epochs: 3", "num_epochs: 3.0").replace(
        "Adam with betas=(0.9,0.999) and epsilon=1e-08", "Use adamw_torch with betas=(0.9,0.999) and epsilon=1e-08"
    )
    assert newer.count("adamw_torch") == newer.count("3.0\n") == 1
    assert recipe_of(read_card(text, "")) == recipe_of(read_card(newer, ""))


def test_periods_of_the_trainer() -> None:
    assert [era_of(each) for each in ("4.6", "4.30", "4.31", "4.51", "4.52", "5.0", None, "main")] == [
        "transformers to 4.30", "transformers to 4.30", "transformers 4.31 to 4.51", "transformers 4.31 to 4.51",
        "transformers from 4.52", "transformers from 4.52", None, None,
    ]  # fmt: skip


def test_tables_are_equal_whatever_their_columns_are_called() -> None:
    text = card_text(f"a/tagger: Loss 0.0612, F1 0.9313 {ROWS}")
    digest = table_digest(read_card(text, ""))
    assert digest is not None
    assert digest == table_digest(read_card(text.replace("Validation Loss | F1", "Validation Loss | F1 Macro"), ""))
    assert digest == table_digest(read_card(text.replace("| 3.0 |", "| 3 |"), ""))
    assert digest != table_digest(read_card(text.replace("0.0645", "0.0646"), ""))
    assert table_digest(card("a/tagger: Loss 0.0612, F1 0.9313")) is None


def test_one_run_an_author_and_identical_tables_once() -> None:
    lines = [
        f"b/tagger: Loss 0.0612, F1 0.9313 {ROWS}",
        f"a/tagger: Loss 0.0612, F1 0.9313 {ROWS}",
        "a/again: Loss 0.07, F1 0.92",
    ]
    (cell,) = made_census("\n".join(lines)).cells
    assert [(run.id, run.same, run.headline) for run in cell.runs] == [
        ("a/again", (), {"loss": "0.07", "f1": "0.92"}),
        ("b/tagger", (), {"loss": "0.0612", "f1": "0.9313"}),
    ]
    assert cell.further == 1
    (cell,) = made_census("\n".join(lines[:2])).cells
    assert [(run.id, run.same) for run in cell.runs] == [("a/tagger", ("b/tagger",))]
    assert cell.runs[0].curve == (("1.0", "0.0712", "0.9102"), ("2.0", "0.0645", "0.9244"), ("3.0", "0.0612", "0.9313"))


INDEX = """model-index:
- name: tagger
  results:
  - task: {{type: token-classification, name: x}}
    dataset: {{type: conll2003, name: conll2003}}
    metrics:
    - {{type: recall, name: Recall, value: {recall}}}
    - {{type: accuracy, name: Accuracy, value: {accuracy}}}
    - {{type: precision, name: Precision, value: 0.98809, verified: true}}
---
"""


def with_index(line: str, recall: object, accuracy: object, verified: bool = False) -> Card:
    text = card_text(line)
    index = INDEX.format(recall=recall, accuracy=accuracy)
    index = index.replace(f"value: {recall}}}", f"value: {recall}, verified: true}}") if verified else index
    return read_card(text.replace("---\n\n#", f"{index}\n#"), line.partition(":")[0])


def test_denominators_tell_the_evaluation_set_and_verified_entries_are_not_taken() -> None:
    line = "a/tagger: Loss 0.06, F1 0.93"
    assert denominators(with_index(line, 5653 / 5942, 67000 / 67949)) == {"recall": 5942, "accuracy": 67949}
    assert denominators(with_index(line, 5653 / 5942, 0.925)) == {"recall": 5942, "accuracy": 40}
    assert denominators(with_index(line, 0.9331, 0.9246)) == {}
    assert denominators(with_index(line, 5653 / 5942, 67000 / 67949, verified=True)) == {"accuracy": 67949}


def test_runs_on_another_evaluation_set_are_no_peers() -> None:
    building = Building()
    for i in range(9):
        recall = (8101 + i) / 8939 if i < 6 else (5401 + i) / 5942
        building.add(with_index(f"author{i}/tagger: Loss 0.06, F1 0.93{i}", recall, 61001 / 62947))
    census = made_census("")._replace(cells=tuple(building.cells()))
    found = peers(with_index("me/tagger: Loss 0.06, F1 0.94", 5500 / 5942, 61003 / 62947), census)
    assert found is not None
    assert found.evaluation == {"recall": 5942, "accuracy": 62947}
    assert [run.id for run in found.runs] == ["author6/tagger", "author7/tagger", "author8/tagger"]
    assert found.left_out == {"another evaluation set": 6}


def test_a_card_is_never_its_own_peer() -> None:
    census = made_census(NINE)
    by_id = peers(card("author3/tagger: Loss 0.0631, F1 0.9321", "author3/tagger"), census)
    by_author = peers(card("author3/other: Loss 0.0699, F1 0.9399", "author3/other"), census)
    by_numbers = peers(card("author3/tagger: Loss 0.0631, F1 0.9321", "README.md"), census)
    for found in (by_id, by_author, by_numbers):
        assert found is not None
        assert sorted(run.id for run in found.runs) == [f"author{i}/tagger" for i in range(9) if i != 3]
    left_out = [found.left_out for found in (by_id, by_author, by_numbers) if found]
    assert left_out == [{"the card itself": 1}, {"of the card's author": 1}, {"the card itself": 1}]


def test_a_spread_has_the_figures_of_its_peers() -> None:
    found = peers(card("me/tagger: Loss 0.06, F1 0.9713"), made_census(NINE))
    assert found is not None
    spread = found.spread("f1")
    assert spread is not None
    assert found.spreads[0] is spread
    assert spread.values == tuple(sorted(map(float, F1)))
    assert spread.median == 0.9319
    assert spread.deviation == deviation_of(spread.values)
    assert (spread.text, spread.standing) == ("0.9713", "above")
    assert spread.scale is not None
    assert spread.distance == pytest.approx((0.9713 - 0.9319) / spread.scale)


def test_a_curve_stands_beside_the_medians_of_its_peers() -> None:
    other = "Loss 0.0610, F1 0.9300 | 1.0 878 0.25 0.0701 0.9000 | 2.0 1756 0.05 0.0640 0.9200 | 3.0 2634 0.03 0.0610 0.9300"
    census = made_census("".join(f"author{i}/tagger: {other.replace('0.9000', f'0.90{i}0')}\n" for i in range(3)))
    mine = card(f"me/mine: Loss 0.0612, F1 0.9313 {ROWS}")
    found = peers(mine, census)
    assert found is not None
    assert curve_of(found, mine) == (
        ("1.0", 3, "0.0712", 0.0701, "0.9102", 0.901),
        ("2.0", 3, "0.0645", 0.0640, "0.9244", 0.92),
        ("3.0", 3, "0.0612", 0.0610, "0.9313", 0.93),
    )


def test_twins_of_a_file_leave_out_one_of_its_name() -> None:
    census = made_census(f"a/tagger: Loss 0.0612, F1 0.9313 {ROWS}\nb/tagger: Loss 0.0612, F1 0.9313 {ROWS}")
    line = f"x/tagger: Loss 0.0612, F1 0.9313 {ROWS}"
    assert [twin.id for twin in twins(card(line, "a/tagger"), census)] == ["b/tagger"]
    assert [twin.id for twin in twins(card(line, "README.md"), census)] == ["b/tagger"]
    assert [twin.id for twin in twins(card(line.replace("x/tagger", "x/mine"), "README.md"), census)] == ["a/tagger", "b/tagger"]


def test_linting_a_card_without_a_recipe_imports_no_census(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text("# a model\n\n- Accuracy: 0.93\n")
    program = (
        "import sys\nfrom cardaudit.lint import check_card\nfrom cardaudit.parse import read_card\n"
        f"check_card(read_card(open({str(path)!r}).read(), 'card.md'))\n"
        "print([name for name in sys.modules if name.startswith(('cardaudit.census.', 'cardaudit.records.census'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings(), check=True)
    assert done.stdout == "[]\n"
