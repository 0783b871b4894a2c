"""A zoo: a page over all cards with a page for each; one bad card stops nobody; what was measured before stays."""

import json
import re
import shutil
from pathlib import Path

import pytest
from command import CARDS, cardaudit
from zoo_samples import write_snapshot

from cardaudit.zoo.reading import Reading

SST2 = (CARDS / "sst2-distilbert-5e" / "card.md").read_text(encoding="utf-8")
INVOICES = (CARDS / "invoice-sender-name" / "card.md").read_text(encoding="utf-8")


def test_a_folder_becomes_an_index_with_a_page_for_each_card(tmp_path: Path) -> None:
    done = cardaudit("zoo", CARDS, "-o", tmp_path / "zoo")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("7 cards: ")
    index = (tmp_path / "zoo" / "index.html").read_text(encoding="utf-8")
    for folder in (path.parent.name for path in CARDS.glob("*/card.md")):
        assert f'href="cards/{folder}/report.html"' in index
        assert (tmp_path / "zoo" / "cards" / folder / "report.html").is_file()
        audit = json.loads((tmp_path / "zoo" / "cards" / folder / "audit.json").read_text(encoding="utf-8"))
        assert audit["schema"] == "cardaudit.audit/1"


def test_a_card_that_cannot_be_read_is_shown_and_the_others_go_on(tmp_path: Path) -> None:
    for name, content in (("good", SST2.encode()), ("bad", b"\x00\x01\x02")):
        (tmp_path / "cards" / name).mkdir(parents=True)
        (tmp_path / "cards" / name / "README.md").write_bytes(content)
    done = cardaudit("zoo", tmp_path / "cards", "-o", tmp_path / "zoo")
    assert done.returncode == 2
    assert "bad" in done.stderr
    assert "binary" in done.stderr
    index = (tmp_path / "zoo" / "index.html").read_text(encoding="utf-8")
    assert 'href="cards/good/report.html"' in index
    assert "binary" in index


def test_cards_of_one_name_get_pages_of_their_own(tmp_path: Path) -> None:
    lines = [{"hub_id": "a/model", "card": SST2}, {"hub_id": "a_model", "card": INVOICES}, {"modelId": "b/empty", "card": ""}]
    path = tmp_path / "cards.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = cardaudit("zoo", path, "-o", tmp_path / "zoo", "--fail-on", "never")
    assert done.returncode == 2
    assert "b/empty: the card is empty" in done.stderr
    assert sorted(folder.name for folder in (tmp_path / "zoo" / "cards").iterdir()) == ["a_model", "a_model-2"]


def timeless(page: Path) -> str:
    return re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+)?", "", page.read_text(encoding="utf-8"))


def test_pages_are_written_by_all_cores_alike_and_again_only_where_one_is_gone(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 100)
    for jobs in ("1", "2"):
        options = ("-o", tmp_path / jobs, "--jobs", jobs, "--fail-on", "never", "-q")
        assert cardaudit("zoo", source, *options).returncode == 0
    alone, together = ({path.parent.name: path for path in (tmp_path / jobs).glob("cards/*/report.html")} for jobs in "12")
    assert len(alone) == 100
    assert {name: timeless(path) for name, path in alone.items()} == {name: timeless(path) for name, path in together.items()}
    before = {name: path.stat().st_mtime_ns for name, path in together.items()}
    together["user-3_model-3"].unlink()
    assert cardaudit("zoo", source, *options).returncode == 0
    changed = [name for name, path in together.items() if path.stat().st_mtime_ns != before[name]]
    assert changed == ["user-3_model-3"]


def test_the_cards_that_matter_most_come_first(tmp_path: Path) -> None:
    lines = [{"modelId": f"u/{name}", "card": text, "downloads": downloads} for name, text, downloads in (
        ("quiet", SST2, 1), ("popular", SST2, 10**6), ("faulty", INVOICES, 10**6), ("empty", "", 10**9)
    )]  # fmt: skip
    path = tmp_path / "cards.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cardaudit("zoo", path, "-o", tmp_path / "zoo", "--no-pages")
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        names = dict(reading.connection.execute("SELECT id, name FROM current"))
        foremost = [{names[card] for card in reading.foremost(most)} for most in (1, 2, 9)]
    assert foremost == [{"u/faulty"}, {"u/faulty", "u/popular"}, {"u/faulty", "u/popular", "u/quiet"}]


def test_a_parquet_file_of_cards_is_read(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, of the extra zoo")
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow, of the extra zoo")
    parquet.write_table(pyarrow.table({"modelId": ["a/b", "c/d"], "card": [SST2, INVOICES]}), tmp_path / "cards.parquet")
    done = cardaudit("lint", tmp_path / "cards.parquet", "--format", "json", "--fail-on", "never")
    assert [card["source"] for card in json.loads(done.stdout)["cards"]] == ["a/b", "c/d"]
    parquet.write_table(pyarrow.table({"name": ["a/b"]}), tmp_path / "other.parquet")
    told = cardaudit("lint", tmp_path / "other.parquet")
    assert told.returncode == 2
    assert "has the columns name: expected card" in told.stderr


def test_a_name_that_no_card_has_is_told(tmp_path: Path) -> None:
    done = cardaudit("zoo", CARDS / "sst2-distilbert-5e", "--reproduce", "nobody", "-o", tmp_path / "zoo", "--fail-on", "never")
    assert done.returncode == 2
    assert "--reproduce nobody: no card of" in done.stderr


def test_a_card_that_says_too_little_for_a_run_keeps_its_page(tmp_path: Path) -> None:
    done = cardaudit("zoo", CARDS / "sst2-distilbert-5e", "--reproduce", "*", "-o", tmp_path / "zoo", "--offline")
    assert done.returncode == 2
    assert "the card names no data set" in done.stderr
    assert "--set dataset=" in (tmp_path / "zoo" / "cards" / "sst2-distilbert-5e" / "report.html").read_text(encoding="utf-8")


@pytest.mark.train
def test_a_card_is_retrained_as_asked_and_its_runs_stay_when_the_zoo_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "cards" / "invoice-demo"
    shutil.copytree(CARDS / "invoice-demo", folder)
    short = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1")
    first = cardaudit(
        "zoo", tmp_path / "cards", "--reproduce", "invoice-demo", *short, "-o", tmp_path / "zoo", "--seeds", "1", "-q"
    )
    assert first.returncode == 1, first.stderr
    assert "retrained: 1 " in first.stdout
    page = tmp_path / "zoo" / "cards" / "invoice-demo" / "report.html"
    assert "labels-without-entities" in page.read_text(encoding="utf-8")
    runs = {path: path.read_bytes() for path in page.parent.glob("runs/*/*/run.json")}
    assert runs
    second = cardaudit("zoo", tmp_path / "cards", "-o", tmp_path / "zoo", "-q")
    assert "retrained: 1 " in second.stdout
    assert {path: path.read_bytes() for path in page.parent.glob("runs/*/*/run.json")} == runs
