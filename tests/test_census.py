"""The census: recipes, tables, peers, spreads, the file, the commands, and what ships with the package."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import jsonschema
import pytest
from census_samples import card_text, made_census
from command import ROOT, cardaudit, surroundings

from cardaudit.census import peers, twins
from cardaudit.census.build import Building, build, denominators
from cardaudit.census.pooling import Measured, digamma, inverse_trigamma, measured, pooled, trigamma
from cardaudit.census.recipe import era_of, recipe_of
from cardaudit.census.spread import LEAST_PEERS, deviation_of, limit_of
from cardaudit.census.standing import cell_spreads
from cardaudit.census.stored import SHIPPED, StoredCensus, census_lines, shipped
from cardaudit.census.tables import table_digest
from cardaudit.errors import CardauditError
from cardaudit.parse import read_card
from cardaudit.records import Card

SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus" / "cards.parquet"
needs_shared = pytest.mark.skipif(not CORPUS.exists(), reason="the research material does not lie beside the checkout")
F1 = ["0.9298", "0.9312", "0.9319", "0.9321", "0.9325", "0.9331", "0.9308", "0.9340", "0.9317"]
NINE = "".join(f"author{i}/tagger: Loss 0.06{i}1, F1 {f1}\n" for i, f1 in enumerate(F1))
ROWS = "| 1.0 878 0.2433 0.0712 0.9102 | 2.0 1756 0.0533 0.0645 0.9244 | 3.0 2634 0.0311 0.0612 0.9313"


def card(line: str, name: str = "card.md") -> Card:
    return read_card(card_text(line), name)


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


def test_twins_of_a_file_leave_out_one_of_its_name() -> None:
    census = made_census(f"a/tagger: Loss 0.0612, F1 0.9313 {ROWS}\nb/tagger: Loss 0.0612, F1 0.9313 {ROWS}")
    line = f"x/tagger: Loss 0.0612, F1 0.9313 {ROWS}"
    assert [twin.id for twin in twins(card(line, "a/tagger"), census)] == ["b/tagger"]
    assert [twin.id for twin in twins(card(line, "README.md"), census)] == ["b/tagger"]
    assert [twin.id for twin in twins(card(line.replace("x/tagger", "x/mine"), "README.md"), census)] == ["a/tagger", "b/tagger"]


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 9, 10, 11, 20, 35])
def test_qn_is_the_standard_deviation_of_normal_numbers(n: int) -> None:
    chance = random.Random(n)
    found = fmean(deviation_of(tuple(chance.gauss(0, 1) for _ in range(n))) for _ in range(4000))
    assert found == pytest.approx(1, abs=0.05)


def test_qn_bears_nearly_half_of_the_numbers_being_wild() -> None:
    honest = [0.93 + 0.001 * i for i in range(11)]
    assert deviation_of(tuple(honest + [9.0 + 7 * i for i in range(9)])) < 0.05


@pytest.mark.parametrize(("peers_", "share"), [(8, 0.01), (15, 0.004), (40, 0.002)])
def test_honest_runs_are_seldom_atypical(peers_: int, share: float) -> None:
    """One-sided, normal runs, without the floor under the scale: the limit leaves room for heavier tails."""
    chance, above, draws = random.Random(7), 0, 4000
    for _ in range(draws):
        values = sorted(chance.gauss(0, 1) for _ in range(peers_))
        middle = (values[(peers_ - 1) // 2] + values[peers_ // 2]) / 2
        above += chance.gauss(0, 1) - middle > limit_of(peers_) * deviation_of(tuple(values))
    assert above / draws < share


def test_polygamma_functions() -> None:
    assert digamma(1) == pytest.approx(-0.5772156649015329, abs=1e-9)
    assert trigamma(1) == pytest.approx(1.6449340668482264, abs=1e-8)
    assert trigamma(inverse_trigamma(0.37)) == pytest.approx(0.37)


def test_a_census_comes_back_from_its_file(tmp_path: Path) -> None:
    cells = made_census(NINE + f"x/y: base=roberta-base Loss 0.0612, F1 0.9313 {ROWS}").cells
    path = tmp_path / "census.jsonl"
    path.write_text("".join(census_lines(cells, {"source": "a test", "date": "2026-11-21", "version": 1, "cards": 10})))
    stored = StoredCensus(path)
    assert sorted(stored.cells(), key=repr) == sorted(cells, key=repr)
    assert stored.cell(cells[0].recipe.key) == cells[0]
    assert stored.cell("000000000000") is None
    assert [twin.id for twin in stored.twins(table_digest(card(f"x/y: Loss 0.0612, F1 0.9313 {ROWS}")) or "")] == ["x/y"]
    assert stored.source == {
        "schema": "cardaudit.census-runs/1", "source": "a test", "date": "2026-11-21", "version": 1,
        "cards": 10, "recipes": 2, "runs": 10,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "cardaudit.lint/1"}'])
def test_what_is_no_census_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "census.jsonl"
    path.write_text(text)
    with pytest.raises(CardauditError, match=r"is no census: cardaudit census build SOURCE -o FILE writes one"):
        StoredCensus(path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Nine authors' cards as a JSONL file."""
    path = tmp_path / "cards.jsonl"
    lines = [json.dumps({"hub_id": line.partition(":")[0], "card": card_text(line)}) for line in NINE.splitlines()]
    path.write_text("\n".join([*lines, '{"hub_id": "empty/card", "card": ""}']))
    return path


def test_build_and_show(source: Path, tmp_path: Path) -> None:
    census, mine = tmp_path / "census.jsonl", tmp_path / "mine.md"
    mine.write_text(card_text("me/mine: Loss 0.0601, F1 0.9713"))
    done = cardaudit("census", "build", source, "-o", census, "--about", "nine authors", "--date", "2026-11-21")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "9 cards: 9 runs of 1 recipes; 1 could not be read\n"
    key = recipe_of(card("a/b: Loss 0.06, F1 0.93")).key
    listed = cardaudit("census", "show", "--census", census)
    assert listed.stdout.splitlines()[1].startswith(f"{key}    9 authors  google-bert/bert-base-uncased on eriktks/conll2003")
    shown = cardaudit("census", "show", mine, "--census", census)
    assert shown.returncode == 0
    assert shown.stdout == SHOWN.replace("KEY", key).replace("MINE", str(mine))
    assert "9 authors, median 0.9319" in cardaudit("census", "show", key, "--census", census).stdout


SHOWN = """\
MINE: 9 runs of 9 cards (nine authors, 2026-11-21)
recipe KEY: google-bert/bert-base-uncased on eriktks/conll2003: batch 16, learning rate 2e-05, 3 epochs, adam, linear
  9 other authors
  written by transformers to 4.30

f1: 9 authors, median 0.9319, robust standard deviation 0.0015
  0.929 | ..:o..                                                     | 0.9721
                                                                   ^
  0.9713 claimed, above them: 15.6 times 0.0025 above the median (limit 6.3)

loss: 9 authors, median 0.0641, robust standard deviation 0.0039
  0.05994 | .      .      .      .       .      .      .      .      . | 0.06826
            ^
  0.0601 claimed, among them: 1.0 times 0.0039 below the median (limit 6.3)

The spread is one between authors, with their environments and hidden settings in it: no seed variance.
"""


def test_show_json_keeps_its_schema(source: Path, tmp_path: Path) -> None:
    schema = json.loads(cardaudit("schema", "census").stdout)
    census, mine, bare = tmp_path / "census.jsonl", tmp_path / "mine.md", tmp_path / "bare.md"
    cardaudit("census", "build", source, "-o", census, "-q")
    mine.write_text(card_text("me/mine: Loss 0.0601, F1 0.9713"))
    bare.write_text("# a model\n\nNo numbers.\n")
    key = recipe_of(card("a/b: Loss 0.06, F1 0.93")).key
    for what, code in ((mine, 0), (key, 0), (bare, 3), (None, 0)):
        done = cardaudit("census", "show", *([what] if what else []), "--census", census, "--format", "json")
        assert done.returncode == code, done.stderr
        jsonschema.validate(json.loads(done.stdout), schema)
    said = cardaudit("census", "show", bare, "--census", census).stdout
    assert "the card does not state base model, one data set, batch size, learning rate, number of epochs or steps" in said
    assert cardaudit("census", "show", "0123456789ab", "--census", census).returncode == 2


def test_what_ships_is_small_and_says_where_it_is_from() -> None:
    census = shipped()
    assert SHIPPED.stat().st_size < 2_000_000
    assert census.source["cards"] == 20_230
    assert census.source["date"] == "2023-01-31"
    for cell in census.cells():
        assert len({run.author for run in cell.runs}) == len(cell.runs)
        assert len({run.table for run in cell.runs if run.table}) == sum(run.table is not None for run in cell.runs)
        for run in cell.runs:
            assert all(len(text) <= 24 and not text.isalpha() for text in run.headline.values())


# recipe, metric, authors, median, robust standard deviation
FIGURES = [
    ("distilbert/distilbert-base-uncased on eriktks/conll2003: batch 16, learning rate 2e-05, 3 epochs", "f1", 34, 0.932, 0.0016),
    ("distilbert/distilbert-base-uncased on nyu-mll/glue/cola: batch 16, learning rate 2e-05, 5 epochs",
     "matthews_correlation", 43, 0.5416, 0.0108),
    ("distilbert/distilbert-base-uncased on dair-ai/emotion: batch 64, learning rate 2e-05, 2 epochs", "f1", 62, 0.9247, 0.0031),
    ("google-bert/bert-base-cased on eriktks/conll2003: batch 8, learning rate 2e-05, 3 epochs", "f1", 24, 0.9425, 0.0023),
]  # fmt: skip


@pytest.mark.parametrize(("recipe", "metric", "authors", "median", "deviation"), FIGURES)
def test_figures_of_well_known_recipes(recipe: str, metric: str, authors: int, median: float, deviation: float) -> None:
    cell = next(cell for cell in shipped().cells() if cell.recipe.words.startswith(recipe))
    spread = next(spread for spread in cell_spreads(cell) if spread.metric == metric)
    assert (len(spread.peers), round(spread.median, 4), round(spread.deviation or 0, 4)) == (authors, median, deviation)


def cards_like(*words: str) -> Iterator[Card]:
    parquet = pytest.importorskip("pyarrow.parquet")
    for batch in parquet.ParquetFile(CORPUS).iter_batches(500, columns=["hub_id", "card"], use_threads=False):
        for name, text in zip(batch["hub_id"].to_pylist(), batch["card"].to_pylist(), strict=True):
            if text and all(word in text for word in words):
                yield read_card(text, name)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("words", [("distilbert-base-uncased", "conll2003", "num_epochs: 3\n"), ("xlm-roberta-base", "PAN-X.fr")])
def test_what_ships_is_what_the_corpus_gives(words: tuple[str, ...]) -> None:
    cells = {cell.recipe.key: cell for cell in build(cards_like(*words)).cells() if cell.recipe.is_whole and len(cell.runs) > 4}
    assert cells
    assert cells == {key: shipped().cell(key) for key in cells}


@pytest.mark.shared
@needs_shared
def test_the_retold_card_lies_far_from_every_run_of_its_recipe() -> None:
    (path,) = (SHARED / "sources").glob("1-*.txt")
    found = peers(read_card(path.read_text(encoding="utf-8"), path.name))
    assert found is not None
    standing = {spread.metric: (spread.text, spread.standing, round(spread.distance or 0)) for spread in found.spreads}
    assert standing["f1"] == ("0.9126", "below", -12)
    assert standing["accuracy"][:2] == ("0.9246", "below")
    assert all(spread.values[0] > 0.9126 for spread in found.spreads if spread.metric in ("f1", "accuracy"))
    assert len(found.runs) >= LEAST_PEERS


def test_pooling_finds_the_deviation_and_how_far_recipes_differ() -> None:
    chance = random.Random(1)
    rows = []
    for number in range(1000):
        own = 0.7 * (6 / chance.gammavariate(3, 2)) ** 0.5  # an inverse chi-squared variance of 6 degrees of freedom
        values = tuple(chance.gauss(0, own) for _ in range(21))
        rows.append(Measured(str(number), "f1", 21, 0.9, deviation_of(values), None, "share", 1.0))
    (found,) = pooled(rows)
    assert found.deviation == pytest.approx(0.7, rel=0.05)
    assert found.degrees == pytest.approx(6, rel=0.3)
    assert found.low < 0.7 < found.high
    assert found.recipes == 1000


def test_what_ships_pools_to_plausible_deviations() -> None:
    rows = measured(shipped().cells())
    found = {each.kind: each for each in pooled(rows)}
    assert set(found) == {"entities", "examples", "loss", "other", "share", "tokens"}
    assert all(each.low < each.deviation < each.high for each in found.values())
    assert 0.4 < found["entities"].deviation < 1.2


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
