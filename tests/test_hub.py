"""The Hub, by its real client, against a Hub on loopback: what is found, what is pinned, and a sentence for each refusal."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import cardaudit
from hub_server import commit_of
from hub_user import IMPORTED, NOWHERE, Hub, user
from plan_cards import make_model

from cardaudit.hub import canonical_dataset, canonical_model, conversion_files, is_repo_id, split_revision


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with user(tmp_path) as someone:
        yield someone


@pytest.fixture
def model(hub: Hub) -> Path:
    """user/base: a model with a card, weights, a pickle beside them, and another format's files in a folder."""
    folder = make_model(hub.root / "models/user--base/main")
    (folder / "README.md").write_text("# base\n")
    (folder / "pytorch_model.bin").write_text("never read")
    (folder / "onnx").mkdir()
    (folder / "onnx/config.json").write_text("{}")
    return folder


# names


@pytest.mark.parametrize("name", ["bert-base-cased", "user/model", "user/model@v1", "user/model@refs/pr/1", "U_1/m.2"])
def test_ids(name: str) -> None:
    assert is_repo_id(name)


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../model", "a/b/c", "user/..", "an unknown model", "~/model", "user/mo\x1bdel"]
)
def test_no_ids(name: str) -> None:
    assert not is_repo_id(name)


def test_ids_of_today() -> None:
    assert canonical_dataset("conll2003") == "eriktks/conll2003"
    assert canonical_dataset("CoNLL-2003") == "eriktks/conll2003"
    assert canonical_dataset("user/data") == "user/data"
    assert canonical_dataset("my data") == "my data"
    assert canonical_model("distilbert-base-uncased") == "distilbert/distilbert-base-uncased"
    assert canonical_model("distilbert-base-uncased-finetuned-ner") == "distilbert-base-uncased-finetuned-ner"
    assert split_revision("user/model@refs/pr/1") == ("user/model", "refs/pr/1")


# cards


def test_a_card_by_id_revision_and_address(hub: Hub, model: Path) -> None:
    commit = commit_of(model)
    fetched = {"text": "# base\n", "revision": commit, "name": "user/base"}
    for target in (
        "user/base",
        "user/base@main",
        f"user/base@{commit}",
        f"{hub.endpoint}/user/base",
        f"{hub.endpoint}/user/base/blob/main/README.md",
    ):
        assert hub.ask(f"fetch_card({target!r})") == fetched


@pytest.mark.usefixtures("model")
def test_a_renamed_repository_is_followed(hub: Hub) -> None:
    hub.rules(moved={"models/old/name": "user/base"})
    assert hub.ask("fetch_card('old/name')")["name"] == "user/base"


@pytest.mark.usefixtures("model")
def test_a_busy_hub_is_asked_again(hub: Hub) -> None:
    hub.rules(busy={"models/user/base": 2})
    assert hub.ask("fetch_card('user/base')")["text"] == "# base\n"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("nobody/none", "model nobody/none is not on the Hub, or is private: check the id, or log in with `hf auth login`"),
        ("user/base@v9", "model user/base has no revision v9: leave the revision out, or give a commit, branch or tag"),
        ("user/secret", "model user/secret is not on the Hub, or is private: check the id, or log in with `hf auth login`"),
        ("user/gated", "model user/gated is gated: accept its terms on the Hub, then log in with `hf auth login`"),
        ("user/bare", "model user/bare has no README.md: give a repository that has one"),
        ("user/broken", "the Hub at {endpoint} gave no answer that can be read for model user/broken: check HF_ENDPOINT"),
        ("user/down", "the Hub failed on model user/down with status 503: try again later"),
        ("a b", "a b is no id of a model on the Hub: give it as user/model, user/model@revision, or its web address"),
    ],
)
def test_refusals_of_cards(hub: Hub, target: str, sentence: str) -> None:
    for name in ("secret", "gated", "broken", "down"):
        hub.put(f"models/user--{name}/main/README.md", "# card\n")
    hub.put("models/user--bare/main/config.json", "{}")
    hub.rules(
        private=["models/user/secret"], gated=["models/user/gated"], broken=["models/user/broken"], busy={"models/user/down": 99}
    )
    assert hub.ask(f"fetch_card({target!r})") == [2, sentence.format(endpoint=hub.endpoint)]


@pytest.mark.usefixtures("model")
def test_a_rate_limit_is_waited_for_within_reason(hub: Hub) -> None:
    hub.rules(limited={"models/user/base": [1, 1]})
    words = "the Hub answers that there were too many requests for model user/base: waiting 1 second, then asking again (2 of 3)"
    assert hub.ask("fetch_card('user/base')", told=f"cardaudit: {words}\n")["text"] == "# base\n"
    hub.put("models/user--much/main/README.md", "# card\n")
    hub.rules(limited={"models/user/much": [9, 3600]})
    sentence = "the Hub answers that there were too many requests for model user/much: wait 3600 seconds, or log in with"
    code, seen = hub.ask("fetch_card('user/much')")
    assert (code, seen) == (2, f"{sentence} `hf auth login`")
    assert hub.asked("/user/much") == 1


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("stalls", "the Hub at {endpoint} was too slow for model user/base: try again later, or raise HF_HUB_DOWNLOAD_TIMEOUT"),
        ("cut", "the answer of the Hub at {endpoint} for model user/base breaks off: try again later"),
        ("misstated", "the answer of the Hub at {endpoint} for model user/base breaks off: try again later"),
    ],
)
def test_slow_and_broken_answers(hub: Hub, rule: str, sentence: str) -> None:
    hub.rules(**{rule: {"models/user/base": 5} if rule == "stalls" else ["models/user/base"]})
    answer = hub.ask("resolve_model('user/base')", HF_HUB_DOWNLOAD_TIMEOUT="1")
    assert answer == [2, sentence.format(endpoint=hub.endpoint)]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "says", [{"sha": "../../../evil"}, {"sha": None}, {"sha": "main"}, {"id": "../../evil"}, {"id": "user/\x1b[31mred"}]
)
def test_nothing_is_loaded_without_a_commit(hub: Hub, says: dict[str, Any]) -> None:
    hub.rules(says={"models/user/base": says})
    sentence = f"the Hub at {hub.endpoint} names no repository and commit for user/base: check HF_ENDPOINT"
    for question in ("fetch_card('user/base')", "resolve_model('user/base')"):
        assert hub.ask(question) == [2, sentence]
    assert not list(hub.home.rglob("snapshots/*"))


def test_a_card_of_any_size_is_not_downloaded(hub: Hub) -> None:
    with hub.put("models/user--vast/main/README.md", "# vast\n").open("r+b") as file:
        file.truncate(9 * 2**20)
    sentence = "the README.md of user/vast has 9 MB, a card has at most 8"
    assert hub.ask("fetch_card('user/vast')") == [2, sentence]
    assert hub.asked("/README.md") == 0


@pytest.mark.usefixtures("model")
def test_nothing_is_downloaded_twice(hub: Hub) -> None:
    first = hub.ask("resolve_model('user/base')")
    before = hub.asked("GET /user/base/resolve/")
    assert before > 0
    assert hub.ask("resolve_model('user/base')") == first
    assert hub.asked("GET /user/base/resolve/") == before


def test_no_network(hub: Hub) -> None:
    code, sentence = hub.ask("fetch_card('user/base')", endpoint=NOWHERE)
    assert (code, sentence.split(" (")[0]) == (2, f"the Hub at {NOWHERE} cannot be reached for model user/base")


SECRET = "hf_" + "secret" * 6


@pytest.mark.usefixtures("model")
def test_a_token_is_sent(hub: Hub) -> None:
    hub.rules(token={"models/user/base": SECRET})
    assert hub.ask("fetch_card('user/base')")[0] == 2
    assert hub.ask("fetch_card('user/base')", HF_TOKEN=SECRET)["text"] == "# base\n"
    hub.home.mkdir(exist_ok=True)
    (hub.home / "token").write_text(SECRET)
    assert hub.ask("fetch_card('user/base')")["text"] == "# base\n"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "rule", [{}, {"gated": ["models/user/base"]}, {"private": ["models/user/base"]}, {"broken": ["models/user/base"]}]
)
def test_a_token_is_never_printed(hub: Hub, tmp_path: Path, rule: dict[str, Any]) -> None:
    hub.rules(**rule)
    wordy = {"HF_TOKEN": SECRET, "HF_HUB_VERBOSITY": "debug", "HF_DEBUG": "1", "PYTHONPATH": IMPORTED}
    streams = []
    for command in ("plan", "show", "lint"):
        done = cardaudit(command, "user/base", "-v", cwd=tmp_path, HF_ENDPOINT=hub.endpoint, HF_HOME=str(hub.home), **wordy)
        streams += [done.stdout, done.stderr]
    done = cardaudit("plan", "user/base", cwd=tmp_path, HF_ENDPOINT=NOWHERE, HF_HOME=str(tmp_path / "none"), **wordy)
    streams += [done.stdout, done.stderr]
    assert SECRET not in "".join(streams)
    assert any(streams)


@pytest.mark.usefixtures("model")
def test_a_token_is_in_no_traceback(hub: Hub) -> None:
    hub.rules(gated=["models/user/base"])
    code = """
def traced(target):
    import traceback
    try:
        fetch_card(target)
    except CardauditError:
        return FetchedCard(traceback.format_exc(), "", "")
"""
    text = hub.ask("traced('user/base')", before=code, HF_TOKEN=SECRET)["text"]
    assert ("GatedRepoError" in text, SECRET in text) == (True, False)


def test_a_password_in_the_endpoint_is_not_printed(hub: Hub) -> None:
    _, sentence = hub.ask("fetch_card('user/base')", endpoint="http://somebody:word@127.0.0.1:9")
    assert (sentence.startswith("the Hub at http://127.0.0.1:9 cannot be reached"), "word" in sentence) == (True, False)


# models


def test_a_model_is_pinned_and_holds_no_pickle(hub: Hub, model: Path) -> None:
    snapshot = hub.ask("resolve_model('user/base')")
    assert (snapshot["id"], snapshot["revision"]) == ("user/base", commit_of(model))
    names = sorted(path.relative_to(snapshot["path"]).as_posix() for path in Path(snapshot["path"]).rglob("*"))
    assert names == ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]


def test_a_pickle_needs_leave(hub: Hub) -> None:
    hub.put("models/user--old/main/pytorch_model.bin", "x")
    hub.put("models/user--old/main/config.json", "{}")
    sentence = "user/old has its weights as a pickle only, which can run code: --allow-pickle loads it with weights_only"
    assert hub.ask("resolve_model('user/old')") == [2, sentence]
    path = Path(hub.ask("resolve_model('user/old', allow_pickle=True)")["path"])
    assert sorted(p.name for p in path.iterdir()) == ["config.json", "pytorch_model.bin"]


@pytest.mark.usefixtures("model")
def test_a_file_outside_the_repository_is_not_downloaded(hub: Hub) -> None:
    hub.rules(also={"datasets/user/evil": ["data/../../../evil.csv"]})
    hub.put("datasets/user--evil/main/train.csv", "text,label\na,1\n")
    answer = hub.ask("download_dataset(find_dataset('user/evil'))")
    assert answer == [2, "user/evil names a file outside its folder ('data/../../../evil.csv'): it is not downloaded"]


@pytest.mark.usefixtures("model")
def test_offline_uses_what_is_cached(hub: Hub) -> None:
    online = hub.ask("resolve_model('user/base')")
    assert hub.ask("resolve_model('user/base', offline=True)", endpoint=NOWHERE) == online
    assert hub.ask("resolve_model('user/base')", endpoint=NOWHERE, HF_HUB_OFFLINE="1") == online
    assert hub.ask(f"resolve_model('user/base', {online['revision'][:8]!r}, offline=True)") == online
    sentence = "is not in the cache and the Hub is switched off: run once without --offline, or give a local folder"
    assert hub.ask("resolve_model('user/other', offline=True)") == [2, f"user/other {sentence}"]
    assert hub.ask("resolve_model('user/base', 'v9', offline=True)") == [2, f"user/base at v9 {sentence}"]


def test_a_bare_id_is_found_offline_under_its_owner(hub: Hub) -> None:
    make_model(hub.root / "models/google-bert--bert-base-cased/main")
    hub.rules(moved={"models/bert-base-cased": "google-bert/bert-base-cased"})
    online = hub.ask("resolve_model('bert-base-cased')")
    assert online["id"] == "google-bert/bert-base-cased"
    assert hub.ask("resolve_model('bert-base-cased', offline=True)") == online


# data sets


def script(hub: Hub, *splits: str) -> Path:
    """conll2003, moved to eriktks/conll2003: a loading script and its Parquet conversion. Returns the conversion's folder."""
    hub.put("datasets/eriktks--conll2003/main/conll2003.py", "raise SystemExit('a loading script was run')")
    converted = hub.root / "datasets/eriktks--conll2003/refs--convert--parquet"
    for split in splits:
        hub.put(f"datasets/eriktks--conll2003/refs--convert--parquet/conll2003/{split}/0000.parquet", "x")
    hub.rules(moved={"datasets/conll2003": "eriktks/conll2003"})
    return converted


def test_a_loading_script_stands_for_its_conversion(hub: Hub) -> None:
    converted = script(hub, "train", "validation", "partial-test")
    repo = hub.ask("find_dataset('conll2003')")
    assert repo == {
        "id": "eriktks/conll2003",
        "revision": commit_of(converted),
        "converted": True,
        "sizes": {f"conll2003/{split}/0000.parquet": 1 for split in ("partial-test", "train", "validation")},
        "configs": ["conll2003"],
        "front": {},
        "folder": None,
    }
    snapshot = hub.ask("download_dataset(find_dataset('conll2003'), ['conll2003/train/0000.parquet'])")
    assert snapshot["revision"] == commit_of(converted)
    assert [path.name for path in Path(snapshot["path"], "conll2003").iterdir()] == ["train"]
    offline = hub.ask("find_dataset('conll2003', offline=True)", endpoint=NOWHERE)
    assert (offline["revision"], offline["folder"]) == (snapshot["revision"], snapshot["path"])


def test_a_bare_id_where_the_server_redirects_nothing(hub: Hub) -> None:
    converted = script(hub, "train")
    hub.rules()
    repo = hub.ask("find_dataset('conll2003')")
    assert (repo["id"], repo["revision"]) == ("eriktks/conll2003", commit_of(converted))
    make_model(hub.root / "models/google-bert--bert-base-cased/main")
    assert hub.ask("resolve_model('bert-base-cased')")["id"] == "google-bert/bert-base-cased"
    sentence = "data set glue is not on the Hub, or is private: check the id, or log in with `hf auth login`"
    assert hub.ask("find_dataset('glue')") == [2, sentence.replace("glue", "nyu-mll/glue")]


def test_a_loading_script_without_a_conversion(hub: Hub) -> None:
    hub.put("datasets/user--data/main/data.py", "raise SystemExit")
    sentence = (
        "user/data is a loading script, which cardaudit never runs, and the Hub has no Parquet conversion of it: "
        "give the data as files with --set dataset=PATH"
    )
    assert hub.ask("find_dataset('user/data')") == [2, sentence]


def test_conversions_new_and_old() -> None:
    new = ["c/train/0000.parquet", "c/train/0001.parquet", "c/partial-test/0000.parquet", "d/train/0000.parquet"]
    assert conversion_files(new, "c") == {"train": "c/train/*.parquet"}
    old = ["c/data-train-00000-of-00002.parquet", "c/data-train-00001-of-00002.parquet", "c/data-validation.parquet"]
    assert conversion_files(old, "c") == {"train": "c/*-train*.parquet", "validation": "c/*-validation*.parquet"}


# plans by id


def parquet(path: Path, rows: int) -> None:
    pyarrow, writer = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write_table(
        pyarrow.table({"tokens": [["a", "b"]] * rows, "pos_tags": [[0, 1]] * rows, "ner_tags": [[0, 1]] * rows}), path
    )


def test_a_plan_from_bare_ids_alone(hub: Hub, model: Path) -> None:
    converted = script(hub)
    for split, rows in (("train", 9), ("validation", 5), ("test", 4)):
        parquet(converted / f"conll2003/{split}/0000.parquet", rows)
    plan = hub.ask("make_plan(card(base='user/base', dataset='conll2003'))")
    assert (plan["model"]["id"], plan["model"]["revision"], plan["model"]["same"]) == ("user/base", commit_of(model), True)
    read = {
        key: plan["dataset"][key]
        for key in ("id", "revision", "claimed", "same", "format", "config", "files", "text_columns", "label_column")
    }
    assert read == {
        "id": "eriktks/conll2003",
        "revision": commit_of(converted),
        "claimed": "conll2003",
        "same": True,
        "format": "parquet",
        "config": "conll2003",
        "files": {"train": "conll2003/train/*.parquet", "validation": "conll2003/validation/*.parquet"},
        "text_columns": ["tokens"],
        "label_column": "ner_tags",
    }
    assert (plan["estimate"]["train_examples"], plan["estimate"]["eval_examples"]) == (9, 5)
    offline = hub.ask("make_plan(card(base='user/base', dataset='conll2003'), PlanSettings(offline=True))", endpoint=NOWHERE)
    for each in plan["assumptions"]:
        if each["field"] == "eval_split":
            assert each["alternatives"].pop() == "test"  # which was not needed, and so is not in the cache
    assert offline == plan


@pytest.mark.usefixtures("model")
def test_a_truncated_conversion_is_refused(hub: Hub) -> None:
    script(hub, "partial-train", "validation")
    cut = "the Hub's Parquet conversion of eriktks/conll2003, config conll2003, is truncated (partial-train)"
    sentence = f"{cut}: give the data as files with --set dataset=PATH, or another split with --set train_split=NAME"
    assert hub.ask("make_plan(card(base='user/base', dataset='conll2003'))") == [2, sentence]


@pytest.mark.usefixtures("model")
def test_a_truncated_evaluation_is_not_replaced_by_another_split(hub: Hub) -> None:
    converted = script(hub, "partial-validation")
    for split, rows in (("train", 9), ("test", 4)):
        parquet(converted / f"conll2003/{split}/0000.parquet", rows)
    code, sentence = hub.ask("make_plan(card(base='user/base', dataset='conll2003'))")
    assert (code, "truncated (partial-validation)" in sentence) == (2, True)
    given = "PlanSettings(overrides={'eval_split': 'test'})"
    assert hub.ask(f"make_plan(card(base='user/base', dataset='conll2003'), {given})")["dataset"]["eval_split"] == "test"


@pytest.mark.usefixtures("model")
def test_the_names_of_classes_survive_the_conversion(hub: Hub) -> None:
    pytest.importorskip("datasets")
    converted = script(hub)
    write = (
        "import datasets, sys; features = datasets.Features({'tokens': datasets.List(datasets.Value('string')), "
        "'ner_tags': datasets.List(datasets.ClassLabel(names=['O', 'B-PER']))}); "
        "data = datasets.Dataset.from_dict({'tokens': [['a', 'b']], 'ner_tags': [[0, 1]]}, features=features); "
        "[data.to_parquet(path) for path in sys.argv[1:]]"
    )
    paths = [converted / f"conll2003/{split}/0000.parquet" for split in ("train", "validation")]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", write, *map(str, paths)], check=True, capture_output=True)
    read = "__import__('cardaudit.engine.splits', fromlist=['x']).read_split(make_plan({card}).dataset, 'train', None)"
    split = hub.ask(read.replace("{card}", "card(base='user/base', dataset='conll2003')"), HF_DATASETS_DISABLE_PROGRESS_BARS="1")
    assert (split["names"], split["labels"]) == (["O", "B-PER"], [["O", "B-PER"]])


CARD = """# some-model

This model is a fine-tuned version of [user/base](https://huggingface.co/user/base) on the conll2003 dataset.

- Precision: 0.9
- Recall: 0.9
- F1: 0.9
- Accuracy: 0.9

### Training hyperparameters

- learning_rate: 2e-05
- train_batch_size: 16
- eval_batch_size: 16
- seed: 42
- num_epochs: 3
"""


def test_a_plan_offline_says_what_is_not_pinned(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(CARD)
    done = cardaudit("plan", "card.md", "--offline", "--set", "task=token-classification", cwd=tmp_path, HF_HOME=str(hub.home))
    why = "user/base is not in the cache and the Hub is switched off: run once without --offline, or give a local folder"
    note = f"cardaudit: {why}; neither model nor data was looked into, and nothing is pinned\n"
    assert (done.returncode, done.stderr) == (0, note)
    lines = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if not line.startswith(" ")}
    assert [lines[key] for key in ("base_model", "dataset", "train_examples")] == ["user/base", "eriktks/conll2003", "14,041"]


def test_the_engine_runs_nothing_that_is_not_pinned(hub: Hub) -> None:
    pytest.importorskip("transformers")
    plan = "make_plan(card(base='user/base'), PlanSettings(resolve=False))"
    answer = hub.ask(f"__import__('cardaudit.engine.base', fromlist=['x']).load_config({plan})")
    sentence = "the plan is not pinned, it names no folders of model and data: make it again where both can be had"
    assert answer == [2, sentence]


README = """---
dataset_info:
- config_name: cola
  features:
  - {name: sentence, dtype: string}
  - name: label
    dtype: {class_label: {names: {'0': unacceptable, '1': acceptable}}}
  splits:
  - {name: train, num_examples: 8551}
  - {name: validation, num_examples: 1043}
- config_name: rte
  features:
  - {name: sentence1, dtype: string}
  - {name: sentence2, dtype: string}
  - {name: label, dtype: int64}
  splits:
  - {name: train, num_examples: 2490}
  - {name: validation, num_examples: 277}
---
"""
GLUE = "card(base='user/base', dataset='user/glue', task='text-classification', title={title!r}, columns=('accuracy',))"


@pytest.mark.usefixtures("model")
def test_a_readme_declares_splits_and_columns(hub: Hub) -> None:
    hub.put("datasets/user--glue/main/README.md", README)
    for config in ("cola", "rte"):
        hub.put(f"datasets/user--glue/main/{config}/train-00000-of-00001.parquet", "x")
    plan = hub.ask(f"make_plan({GLUE.format(title='base-finetuned-rte')})")
    read = {
        key: plan["dataset"][key]
        for key in ("format", "config", "files", "text_columns", "label_column", "train_split", "eval_split")
    }
    assert read == {
        "format": "hub",
        "config": "rte",
        "files": {},
        "text_columns": ["sentence1", "sentence2"],
        "label_column": "label",
        "train_split": "train",
        "eval_split": "validation",
    }
    assert plan["estimate"]["train_examples"] == 2490
    code, sentence = hub.ask(f"make_plan({GLUE.format(title='mine')})")
    assert (code, "user/glue has the configs cola, rte (--set dataset_config=NAME)" in sentence) == (3, True)


def test_a_base_that_needs_code_is_refused(hub: Hub, model: Path) -> None:
    make_model(model, auto_map={"AutoModel": "evil.Model"})
    hub.put("datasets/user--data/main/train.csv", "text,label\na,1\n")
    code, sentence = hub.ask("make_plan(card(base='user/base', dataset='user/data'))")
    assert (code, "needs code of its own (auto_map in config.json), which cardaudit never runs" in sentence) == (2, True)
