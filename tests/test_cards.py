"""The folders of cards/: complete, restated in our own words, read as their gold records say; and the demo made again."""

import hashlib
import importlib.util
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from cardaudit.config import beside_card
from cardaudit.exchange import card_json
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan

ROOT = Path(__file__).resolve().parents[1]
CARDS = ROOT / "cards"
DEMO = CARDS / "invoice-demo"
CURED = CARDS / "invoice-demo-cured"
SOURCES = {
    "invoice-sender-name": "0-invoice-sender-ner.txt",
    "conll2003-token-classification": "1-conll2003-token-classification.txt",
    "distilbert-finetuned-ner": "2-distilbert-finetuned-ner.txt",
    "bert-finetuned-ner-sumups": "3-bert-finetuned-ner-sumups.txt",
    "sst2-distilbert-5e": "4-sst2-distilbert-5e.txt",
}
FOLDERS = sorted(path.name for path in CARDS.iterdir() if path.is_dir())
FIGURE = re.compile(r"\d+(?:\.\d+)*(?:[eE]-?\d+)?%?(?:\+cu\d+)?")
TABLE_OR_BULLET = re.compile(r"\s*(?:[-•:'.]|\d\.\d)|.*\||Training Loss +Epoch")


def text_of(folder: str) -> str:
    return (CARDS / folder / "card.md").read_text(encoding="utf-8")


def source_of(folder: str) -> str:
    path = ROOT.parent / "shared" / "sources" / SOURCES[folder]
    if not path.is_file():
        pytest.skip("the research material is not beside this checkout")
    return path.read_text(encoding="utf-8")


def differences(gold: Any, read: Any, path: str = "card") -> Iterator[str]:
    """Every field that the gold record states and the read one does not hold; more fields in the read one are no difference."""
    if isinstance(gold, dict) and isinstance(read, dict):
        for key, value in gold.items():
            yield from differences(value, read.get(key, "absent"), f"{path}.{key}")
    elif isinstance(gold, list) and isinstance(read, list) and len(gold) == len(read):
        for i, (value, other) in enumerate(zip(gold, read, strict=True)):
            yield from differences(value, other, f"{path}[{i}]")
    elif gold != read:
        yield f"{path}: gold {gold!r}, read {read!r}"


def test_the_five_sources_and_the_demo_are_there() -> None:
    assert sorted([*SOURCES, DEMO.name, CURED.name]) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_says_where_its_facts_come_from(folder: str) -> None:
    source = tomllib.loads((CARDS / folder / "source.toml").read_text(encoding="utf-8"))
    assert {"text", "kind", "facts", "date", "licence"} <= set(source)
    assert not re.search(r"https?://|www\.", (CARDS / folder / "source.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_gold_record_is_a_card_document(folder: str) -> None:
    schema = json.loads((ROOT / "cardaudit" / "schemas" / "card.schema.json").read_text(encoding="utf-8"))
    gold = json.loads((CARDS / folder / "card.json").read_text(encoding="utf-8"))
    jsonschema.validate(gold, schema)
    assert gold["source"]["sha256"] == hashlib.sha256((CARDS / folder / "card.md").read_bytes()).hexdigest(), (
        "card.md changed: read it again, correct card.json by eye, then its sha256"
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_reader_agrees_with_the_gold_record(folder: str) -> None:
    gold = json.loads((CARDS / folder / "card.json").read_text(encoding="utf-8"))
    assert list(differences(gold, card_json(read_card(text_of(folder), "card.md")))) == []


@pytest.mark.parametrize("folder", SOURCES)
@pytest.mark.shared
def test_a_card_states_the_figures_of_its_source_and_no_others(folder: str) -> None:
    assert set(FIGURE.findall(text_of(folder))) == set(FIGURE.findall(source_of(folder)))


@pytest.mark.parametrize("folder", SOURCES)
@pytest.mark.shared
def test_a_table_stands_as_it_does_in_its_source(folder: str) -> None:
    """Header, separator line, rows, the row of dots and the shifted row, each to the character and in order."""
    table = re.compile(r"Training Loss .*|[:-]+[-:| ]{20,}|(?:No log|\d\.\d{4}) .*|\.\.\.")
    lines = [line for line in source_of(folder).splitlines() if table.fullmatch(line)]
    assert [line for line in text_of(folder).splitlines() if table.fullmatch(line)] == lines
    assert len(lines) == {"distilbert-finetuned-ner": 0, "invoice-sender-name": 6, "sst2-distilbert-5e": 7}.get(folder, 5)


@pytest.mark.parametrize("folder", SOURCES)
@pytest.mark.shared
def test_the_words_are_ours(folder: str) -> None:
    """No eight words in a row of a source, tables and bullets apart."""
    ours = "\n".join(line for line in text_of(folder).splitlines() if not TABLE_OR_BULLET.match(line))
    assert runs_of_words(ours, 8) & runs_of_words(source_of(folder), 8) == set()


def runs_of_words(text: str, length: int) -> set[str]:
    words = re.findall(r"[\w'-]+", text.lower().replace("’", "'"))
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_base_and_data_of_the_demo_are_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file() and path.suffix != ".pyc") < 6_000_000


def test_the_demo_data_come_out_the_same_byte_for_byte(tmp_path: Path) -> None:
    script().make_data(tmp_path)
    made = {path.relative_to(tmp_path / "invoice-demo"): path.read_bytes() for path in tmp_path.rglob("*.conll")}
    assert made == {path.relative_to(DEMO): path.read_bytes() for path in DEMO.rglob("*.conll")}
    assert len(made) == 4


def test_the_two_labellings_differ_in_nothing_but_the_names_of_the_labels() -> None:
    for split in ("train", "validation"):
        plain, spelled = ((DEMO / "data" / name / f"{split}.conll").read_text(encoding="utf-8") for name in ("int", "iob2"))
        assert re.sub(r"\t[BI]-SENDER$", "\t1", re.sub(r"\tO$", "\t0", spelled, flags=re.M), flags=re.M) == plain


def test_a_sender_of_the_training_lines_is_in_no_validation_line() -> None:
    senders = {split: senders_in(DEMO / "data" / "iob2" / f"{split}.conll") for split in ("train", "validation")}
    assert len(senders["validation"]) > 70
    assert senders["train"] & senders["validation"] == set()


def senders_in(path: Path) -> set[str]:
    """The names labelled as senders, spelled alike: a bad scan and capitals undone as far as they can be."""
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines()]
    names = "".join(f"|{row[0]}" if row[-1] == "B-SENDER" else f" {row[0]}" if row[-1] == "I-SENDER" else "" for row in rows)
    return {name.lower() for name in names.split("|")[1:]}


@pytest.mark.parametrize("folder", [DEMO, CURED])
def test_the_card_prints_what_the_run_gave(folder: Path) -> None:
    """The Trainer's rounding (transformers 5.23.0 modelcard.py): four decimals where a float has more."""
    log = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["log"]
    losses = [row["loss"] for row in log if "loss" in row]
    rows = [row for row in log if "eval_loss" in row]
    printed = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| 0.*$", text_of(folder.name), re.M)
    ]
    keys = ("epoch", "step", "eval_loss", "eval_precision", "eval_recall", "eval_f1", "eval_accuracy")
    measured = [[loss, *(row[key] for key in keys)] for loss, row in zip(losses, rows, strict=True)]
    assert printed == [[f"{cell:.4f}" if len(str(cell).split(".")[-1]) > 4 else str(cell) for cell in row] for row in measured]


def test_integer_labels_are_what_makes_the_f1_zero() -> None:
    """One base, recipe and text: nine of a sender's words in ten are found either way; F1 is 0, or clearly above 0.6."""
    disease, cure = (json.loads((folder / "truth.json").read_text(encoding="utf-8")) for folder in (DEMO, CURED))
    for truth in (disease, cure):
        assert truth["validation_words"]["rightly"] >= 0.9 * truth["validation_words"]["of_senders"]
    scores = [[row[f"eval_{name}"] for name in ("precision", "recall", "f1")] for row in disease["log"] if "eval_f1" in row]
    assert scores == [[0.0, 0.0, 0.0]] * 4
    accuracies = {row["eval_accuracy"] for row in disease["log"] if "eval_f1" in row}
    assert len(accuracies) == 4
    assert all(0.985 < accuracy < 0.995 for accuracy in accuracies)
    assert [row["eval_f1"] for row in cure["log"] if "eval_f1" in row][-1] > 0.6


@pytest.mark.parametrize("folder", [DEMO, CURED])
def test_a_demo_card_and_its_source_toml_make_a_plan(folder: Path) -> None:
    table, beside = beside_card(str(folder / "card.md"))
    plan = make_plan(read_card(text_of(folder.name), "card.md"), PlanSettings(table=table, folder=beside, offline=True, seeds=3))
    assert (plan.model.same, plan.dataset.same, plan.replay_seed) == (True, True, 42)
    assert (plan.schedule.strategy, plan.schedule.logging_steps) == ("epoch", 288)
    assert (plan.training.weight_decay, plan.training.max_length, plan.task_options["label_all_tokens"]) == (0.0, 128, False)


@pytest.mark.train
def test_the_base_model_is_made_again_in_the_same_structure(tmp_path: Path) -> None:
    """The vocabulary to the byte; the weights by name and shape, because their digits depend on the machine."""
    from safetensors import safe_open

    script().make_base(tmp_path, epochs=0.01)
    made, kept = tmp_path / "invoice-demo" / "base", DEMO / "base"
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (made / name).read_bytes() == (kept / name).read_bytes()
    shapes = []
    for folder in (made, kept):
        with safe_open(folder / "model.safetensors", "np") as weights:
            shapes.append({name: weights.get_slice(name).get_shape() for name in weights.keys()})  # noqa: SIM118
    assert shapes[0] == shapes[1]


def script() -> ModuleType:
    """cards/invoice-demo/make_demo.py as a module."""
    spec = importlib.util.spec_from_file_location("make_demo", DEMO / "make_demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
