"""Data sets of several configs and splits on the Hub: only the files that a plan needs are downloaded, pinned to the commit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_server import commit_of
from hub_user import NOWHERE, Hub, user
from plan_cards import make_model

pyarrow, writer = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

CARD = "card(base='user/base', dataset='user/many', task='text-classification', title={!r}, columns=('accuracy',))"
CONFIGS = """---
configs:
- config_name: plain
  data_files:
  - {split: train, path: plain/train-*}
  - {split: validation, path: plain/validation-*}
  - {split: test, path: plain/test-*}
- config_name: other
  data_files: other/*.parquet
dataset_info:
- config_name: plain
  features:
  - {name: text, dtype: string}
  - {name: label, dtype: CLASSES}
  splits:
  - {name: train, num_bytes: 1, num_examples: 9}
  - {name: validation, num_bytes: 1, num_examples: 5}
  - {name: test, num_bytes: 1, num_examples: 4}
---
# many
"""
CLASSES = "{class_label: {names: {'0': bad, '1': good}}}"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with user(tmp_path) as someone:
        make_model(someone.root / "models/user--base/main")
        yield someone


def parquet(path: Path, rows: int, declared: bool = False) -> None:
    """So many texts with a label; `declared`: with the note that datasets leaves in its own files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pyarrow.table({"text": ["a"] * rows, "label": [0] * rows})
    writer.write_table(table.replace_schema_metadata({"huggingface": "{}"}) if declared else table, path)


def many(hub: Hub, dtype: str = "int64", declared: bool = False) -> Path:
    folder = hub.root / "datasets/user--many/main"
    for split, rows in (("train", 9), ("validation", 5), ("test", 4)):
        parquet(folder / f"plain/{split}-00000-of-00001.parquet", rows, declared)
    parquet(folder / "other/0.parquet", 3)
    (folder / "README.md").write_text(CONFIGS.replace("CLASSES", dtype))
    return folder


def had(hub: Hub) -> list[str]:
    """The files of user/many in the cache."""
    snapshots = hub.home / "hub/datasets--user--many/snapshots"
    return sorted(p.relative_to(snapshots).as_posix().partition("/")[2] for p in snapshots.rglob("*") if p.is_file())


def data(plan: dict[str, Any], *keys: str) -> list[Any]:
    return [plan["dataset"][key] for key in keys]


@pytest.mark.parametrize(("dtype", "declared"), [("int64", False), (CLASSES, True)], ids=["numbers", "classes in the files"])
def test_only_the_files_of_the_splits_of_the_config(hub: Hub, dtype: str, declared: bool) -> None:
    folder = many(hub, dtype, declared)
    plan = hub.ask(f"make_plan({CARD.format('base-finetuned-plain')})")
    files = {"train": "plain/train-*", "validation": "plain/validation-*"}
    assert data(plan, "revision", "format", "config", "files") == [commit_of(folder), "parquet", "plain", files]
    assert (plan["estimate"]["train_examples"], plan["estimate"]["eval_examples"]) == (9, 5)
    assert had(hub) == ["README.md", "plain/train-00000-of-00001.parquet", "plain/validation-00000-of-00001.parquet"]


def test_where_only_the_readme_names_the_classes_it_reads_the_config(hub: Hub) -> None:
    many(hub, CLASSES)
    plan = hub.ask(f"make_plan({CARD.format('base-finetuned-plain')})")
    assert data(plan, "format", "config", "files", "eval_split") == ["hub", "plain", {}, "validation"]
    assert "other/0.parquet" not in had(hub)
    assert "plain/test-00000-of-00001.parquet" in had(hub)


def test_data_of_classes_that_the_readme_names_is_read_with_them(hub: Hub) -> None:
    pytest.importorskip("datasets")
    many(hub, CLASSES)
    read = f"read_split(make_plan({CARD.format('m-plain')}).dataset, 'test', 2)"
    split = hub.ask(read, before="from cardaudit.engine.splits import read_split", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
    assert (split["names"], split["labels"]) == (["bad", "good"], ["bad", "bad"])


def test_a_split_of_ones_own_choice(hub: Hub) -> None:
    many(hub)
    settings = "PlanSettings(overrides={'eval_split': 'test', 'dataset_config': 'plain'})"
    plan = hub.ask(f"make_plan({CARD.format('mine')}, {settings})")
    assert (plan["estimate"]["train_examples"], plan["estimate"]["eval_examples"]) == (9, 4)
    assert "plain/validation-00000-of-00001.parquet" not in had(hub)


def test_a_config_of_one_pattern_is_all_training_data(hub: Hub) -> None:
    many(hub)
    code, sentence = hub.ask(f"make_plan({CARD.format('base-finetuned-other')})")
    assert code == 3
    assert "user/many has only the split train, and what its author cut off it cannot be known" in sentence


def test_a_config_that_is_not_named_is_asked_for_before_anything_is_downloaded(hub: Hub) -> None:
    many(hub)
    code, sentence = hub.ask(f"make_plan({CARD.format('mine')})")
    assert (code, "user/many has the configs plain, other (--set dataset_config=NAME)" in sentence) == (3, True)
    assert had(hub) == ["README.md"]


@pytest.mark.parametrize(
    ("more", "format_", "files"),
    [
        ((), "parquet", {"train": "data/train-*", "test": "data/test-*"}),
        (("extra",), "hub", {}),
    ],
    ids=["all are splits", "one is of no split"],
)
def test_files_of_a_readme_that_says_nothing(hub: Hub, more: tuple[str, ...], format_: str, files: dict[str, str]) -> None:
    folder = hub.root / "datasets/user--many/main"
    for name in ("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001", *more):
        parquet(folder / f"data/{name}.parquet", 3)
    (folder / "README.md").write_text("# many\n")
    plan = hub.ask(f"make_plan({CARD.format('mine')})")
    globs = {split: f"{glob}.parquet".replace("-*", "*") for split, glob in files.items()}
    assert data(plan, "format", "files") == [format_, globs]
    assert ("data/extra.parquet" in had(hub)) == bool(more)


def test_lines_of_json_are_read_by_themselves_where_nothing_is_declared(hub: Hub) -> None:
    for split in ("train", "validation", "test"):
        hub.put(f"datasets/user--many/main/{split}.jsonl", '{"text": "a", "label": 1}\n')
    plan = hub.ask(f"make_plan({CARD.format('mine')})")
    assert data(plan, "format", "files") == ["json", {"train": "train.jsonl", "validation": "validation.jsonl"}]
    assert had(hub) == ["train.jsonl", "validation.jsonl"]


def test_offline_what_is_not_in_the_cache_is_said(hub: Hub) -> None:
    many(hub)
    card = CARD.format("base-finetuned-plain")
    online = hub.ask(f"make_plan({card})")
    offline = hub.ask(f"make_plan({card}, PlanSettings(offline=True))", endpoint=NOWHERE)
    assert (offline["dataset"], offline["estimate"]) == (online["dataset"], online["estimate"])
    again = "is not in the cache and the Hub is switched off: run once without --offline, or give a local folder"
    settings = "PlanSettings(offline=True, overrides={'eval_split': 'test'})"
    assert hub.ask(f"make_plan({card}, {settings})") == [2, f"the split 'test' of user/many {again}"]
    other = CARD.format("base-finetuned-other")
    settings = "PlanSettings(offline=True, overrides={'eval_split': 'train'})"
    assert hub.ask(f"make_plan({other}, {settings})") == [2, f"the split 'train' of user/many {again}"]


def test_offline_a_config_in_the_cache_is_not_taken_for_another(hub: Hub) -> None:
    """Of the conversion of GLUE the cache holds one config; a card of another one must not be trained on it."""
    hub.put("datasets/nyu-mll--glue/main/glue.py", "raise SystemExit('a loading script was run')")
    converted = hub.root / "datasets/nyu-mll--glue/refs--convert--parquet"
    for config in ("cola", "sst2"):
        for split, rows in (("train", 9), ("validation", 5)):
            parquet(converted / f"{config}/{split}/0000.parquet", rows)
    hub.rules(moved={"datasets/glue": "nyu-mll/glue"})
    glue = CARD.replace("user/many", "glue")
    assert data(hub.ask(f"make_plan({glue.format('m-cola')})"), "config") == ["cola"]
    again = "is not in the cache and the Hub is switched off: run once without --offline, or give a local folder"
    answer = hub.ask(f"make_plan({glue.format('m-sst2')}, PlanSettings(offline=True))")
    assert answer == [2, f"the config 'sst2' of nyu-mll/glue {again}"]
    assert data(hub.ask(f"make_plan({glue.format('m-cola')}, PlanSettings(offline=True))"), "config") == ["cola"]


@pytest.mark.parametrize("path", ["../../evil-*", "/etc/passwd", "plain/../../x", "**/*", "plain/train-[0-9]*"])
def test_patterns_that_lead_elsewhere_fetch_nothing_outside(hub: Hub, path: str) -> None:
    folder = many(hub)
    (folder / "README.md").write_text(CONFIGS.replace("plain/train-*", path))
    (hub.root / "evil-0.parquet").write_text("x")
    plan = hub.ask(f"make_plan({CARD.format('base-finetuned-plain')})")
    assert isinstance(plan, list) or data(plan, "format", "files") == ["hub", {}]
    assert not list(hub.home.rglob("*evil*"))
    assert not list(hub.home.rglob("passwd"))
