"""The census on disk, its commands, what ships with the package, and the report's section."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from census_samples import NINE, ROWS, card, card_text, made_census
from command import ROOT, cardaudit

from cardaudit.audit import lint_audit
from cardaudit.census import peers
from cardaudit.census.build import build
from cardaudit.census.pooling import measured, pooled
from cardaudit.census.recipe import recipe_of
from cardaudit.census.spread import LEAST_PEERS
from cardaudit.census.standing import cell_spreads
from cardaudit.census.stored import SHIPPED, StoredCensus, census_lines, shipped
from cardaudit.census.tables import table_digest
from cardaudit.errors import CardauditError
from cardaudit.parse import read_card
from cardaudit.records import Card
from cardaudit.report import render_html, render_markdown
from cardaudit.report.peers import peer_section

SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus" / "cards.parquet"
needs_shared = pytest.mark.skipif(not CORPUS.exists(), reason="the research material does not lie beside the checkout")


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


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "cardaudit.lint/1"}', '{"schema": "cardaudit.census-runs/1"}'])
def test_what_is_no_census_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "census.jsonl"
    path.write_text(text)
    with pytest.raises(CardauditError, match=r"is no census: cardaudit census build SOURCE -o FILE writes one"):
        StoredCensus(path)


def test_a_damaged_census_is_said(tmp_path: Path) -> None:
    lines = list(census_lines(made_census(NINE).cells, {"source": "a test", "date": "2026-11-21", "version": 1, "cards": 9}))
    path = tmp_path / "census.jsonl"
    path.write_text(lines[0] + lines[1][:200])
    with pytest.raises(CardauditError, match="is damaged: cardaudit census build SOURCE -o FILE writes it anew"):
        list(StoredCensus(path).cells())


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
    assert done.stderr == "9 cards: 9 runs of 1 recipe; 1 could not be read\n"
    key = recipe_of(card("a/b: Loss 0.06, F1 0.93")).key
    listed = cardaudit("census", "show", "--census", census)
    assert listed.stdout.splitlines()[1].startswith(f"{key}    9 authors  google-bert/bert-base-uncased on eriktks/conll2003")
    shown = cardaudit("census", "show", mine, "--census", census)
    assert shown.returncode == 0
    assert shown.stdout == SHOWN.replace("KEY", key).replace("MINE", str(mine))
    assert "9 authors, median 0.9319" in cardaudit("census", "show", key, "--census", census).stdout


def test_lint_compares_with_the_census_that_it_is_given(source: Path, tmp_path: Path) -> None:
    census, mine = tmp_path / "census.jsonl", tmp_path / "mine.md"
    mine.write_text(card_text("me/mine: Loss 0.0601, F1 0.9713"))
    assert cardaudit("census", "build", source, "-o", census, "--date", "2026-11-21").returncode == 0
    given = cardaudit("lint", mine, "--census", census, "--select", "atypical-result", "--format", "concise").stdout
    assert "all 9 other authors' of the same recipe, 0.929" in given
    shipped_one = cardaudit("lint", mine, "--select", "atypical-result", "--format", "concise").stdout
    assert "all 9 other authors'" not in shipped_one


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

by epoch, with the median of the others in brackets
     3.0  f1 0.9713 (0.9319), validation loss 0.0601 (0.0641)  9 authors

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


def test_every_line_that_ships_keeps_its_schema() -> None:
    schema = json.loads((ROOT / "cardaudit" / "schemas" / "census-runs.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for line in [*lines[:12], *lines[12::20]]:
        validator.validate(json.loads(line))


def test_what_ships_is_small_and_says_where_it_is_from() -> None:
    census = shipped()
    assert SHIPPED.stat().st_size < 2_000_000
    assert census.source["cards"] == 20_230
    assert census.source["date"] == "2023-01-31"
    for cell in census.cells():
        assert len({run.author for run in cell.runs}) == len(cell.runs) or not cell.recipe.is_whole
        assert len({run.table for run in cell.runs if run.table}) == sum(run.table is not None for run in cell.runs)
        for run in cell.runs:
            assert all(len(text) <= 24 and not text.isalpha() for text in run.headline.values())


def test_the_variance_priors_are_those_of_the_shipped_census() -> None:
    spec = importlib.util.spec_from_file_location("census_benchmark", ROOT / "benchmarks" / "census.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    rows, text = measured(shipped().cells()), benchmark.PRIORS.read_text(encoding="utf-8")
    assert benchmark.with_census(text, rows, pooled(rows)) == text


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


def test_what_ships_pools_to_plausible_deviations() -> None:
    rows = measured(shipped().cells())
    found = {each.kind: each for each in pooled(rows)}
    assert set(found) == {"entities", "examples", "loss", "other", "share", "tokens"}
    assert all(each.low < each.deviation < each.high for each in found.values())
    assert 0.4 < found["entities"].deviation < 1.2


def test_the_report_shows_where_the_claim_stands() -> None:
    path = ROOT / "cards" / "conll2003-token-classification" / "card.md"
    audit = lint_audit(read_card(path.read_text(encoding="utf-8"), "card.md"))
    section = peer_section(audit.card)
    assert section is not None
    assert section.recipe == FIGURES[0][0] + ", adam, linear"
    assert section.metrics[0].sentence == (
        "34 other authors: median 0.932, robust standard deviation 0.0016. "
        "0.9126 is below them: 12.1 times 0.0016 below the median; 6.0 times is the limit."
    )
    assert section.curve[0] == ("1.0", "0.9011", "0.9182", "0.3504", "0.07015", "34")
    assert len(section.rows) == 34
    for metric in section.metrics:
        strip = metric.strip
        assert len(strip.dots) == 34
        assert all(0 <= dot.x <= strip.width and strip.top <= dot.y <= strip.base for dot in strip.dots)
        assert strip.claim is not None
        assert strip.band is not None
        assert not strip.band[0] <= strip.claim.x <= strip.band[0] + strip.band[1]
    page = render_html(audit)
    assert page.count('<svg class="chart strip"') == len(section.metrics) == 5
    assert section.metrics[0].sentence in page
    assert "34 other authors: median 0.932" in render_markdown(audit)


def test_a_report_without_peers_has_no_section() -> None:
    audit = lint_audit(read_card("# a model\n\n- Accuracy: 0.93\n", "card.md"))
    assert 'id="peers"' not in render_html(audit)
    assert "Other authors" not in render_markdown(audit)
