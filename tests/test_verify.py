"""`cardaudit verify` and `reproduce` on whole repositories: as the stock Trainer leaves them, and tampered with.

The repositories are made once by tests/published.py, with the runs of the engine that most of the tests need, in one process: to
load its libraries is most of the work. Runs are kept in one audit folder for each task: what changes neither weights nor data is
not scored again. Token classification as published, the Hub, retraining and hostile weights go all the way by the command line.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command import ROOT, surroundings
from hub_server import serve
from published import EVENTS, permute, write_events

pytestmark = pytest.mark.train
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
DATA = {"token": "user/tiny-entities", "text": "user/tiny-texts"}


class Answer(NamedTuple):
    """One call: its exit code, both streams, and the audit that it wrote."""

    code: int
    out: str
    err: str
    audit: dict[str, Any]

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.audit["lint"]["findings"]}

    @property
    def primary(self) -> dict[str, Any]:
        return next(verdict for verdict in self.audit["verdicts"] if verdict["primary"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """token/main, text/main, their first checkpoints under earlier, base, and data."""
    out = tmp_path_factory.mktemp("published")
    command = [sys.executable, str(ROOT / "tests/published.py"), str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=surroundings(OMP_NUM_THREADS="1"), check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def audits(made: Path) -> Path:
    return made / "audits"


def call(*arguments: str | Path, folder: Path, **environment: str) -> Answer:
    """`cardaudit ... -o folder`; the audit is empty where none was written by this call."""
    (folder / "audit.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "cardaudit", *map(str, arguments), "-o", str(folder)]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
    surrounding = {**kept, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **environment}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=surrounding, check=False)
    path = folder / "audit.json"
    return Answer(done.returncode, done.stdout, done.stderr, json.loads(path.read_text()) if path.is_file() else {})


@pytest.fixture
def verify(made: Path, audits: Path) -> Callable[..., Answer]:
    """Verifies a folder against the data of its task; runs are shared between the tests."""

    def check(task: str, repository: Path, *more: str) -> Answer:
        data = ("--dataset", str(made / "data" / task), "--set", "same_dataset=true")
        return call("verify", repository, *data, *more, folder=audits / task)

    return check


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A repository of one's own to tamper with, under the same name."""
    return lambda task: Path(shutil.copytree(made / task / "main", tmp_path / "main"))


def edit(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text()
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text)


def headline(card: Path, name: str) -> str:
    """A number of the headline as printed."""
    return next(line.partition(": ")[2] for line in card.read_text().splitlines() if line.startswith(f"- {name}: "))


def overstate(card: Path) -> None:
    """Edits the F1 of the headline and of the last row."""
    true = headline(card, "F1")
    edit(card, (f"- F1: {true}", "- F1: 0.9731"), (f"| {true} ", "| 0.9731 "))


# --- as published ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["token", "text"])
def test_an_honest_repository_is_replayed(task: str, made: Path, verify: Callable[..., Answer]) -> None:
    answer = verify(task, made / task / "main")
    assert answer.code == 0, answer.err
    assert {verdict["outcome"] for verdict in answer.audit["verdicts"]} == {"replayed"}
    assert [rung["number"] for rung in answer.audit["rungs"]] == [1, 2, 3]
    assert "0 contradictions" in answer.audit["rungs"][1]["outcome"]
    assert answer.audit["evidence"]["unread"] == []
    assert set(answer.audit["evidence"]["looked_at"]) >= {"training_args.bin", "trainer_state.json", "config.json", EVENTS}
    assert not answer.rules & {"settings-contradict-arguments", "table-contradicts-log", "curve-contradicts-table"}
    assert "is replayed: the published weights give it to the digit." in answer.out


def test_settings_of_the_files_fill_the_plan(made: Path, verify: Callable[..., Answer]) -> None:
    plan = verify("token", made / "token" / "main").audit["plan"]
    assert plan["training"]["weight_decay"] == 0.02
    assert plan["origins"]["weight_decay"] == "training_args.bin says weight_decay 0.02"
    assert plan["origins"]["max_grad_norm"] == "training_args.bin says max_grad_norm 0.8"
    assert plan["origins"]["learning_rate"].startswith("from the card")
    assert "weight_decay" not in {each["field"] for each in plan["assumptions"]}
    given = verify("token", made / "token" / "main", "--set", "weight_decay=0.3").audit["plan"]
    assert given["training"]["weight_decay"] == 0.3


def test_the_report_shows_the_ladder(made: Path, audits: Path, verify: Callable[..., Answer]) -> None:
    verify("token", made / "token" / "main")
    page = (audits / "token" / "report.html").read_text()
    assert "Evidence ladder" in page
    assert "3. The published weights scored again" in page
    again = subprocess.run(
        [sys.executable, "-m", "cardaudit", "report", str(audits / "token"), "--format", "markdown"],
        capture_output=True,
        text=True,
        env=surroundings(),
        check=True,
    ).stdout
    assert "### Evidence ladder" in again
    assert "published weights, scored" in again


# --- tampered with --------------------------------------------------------------------------------------------------------


def test_an_edited_f1_deviates(copy: Callable[[str], Path], verify: Callable[..., Answer]) -> None:
    folder = copy("token")
    overstate(folder / "README.md")
    answer = verify("token", folder)
    assert answer.code == 1
    assert (answer.primary["outcome"], answer.primary["direction"]) == ("deviates", "above")
    assert "entities" in answer.primary["because"]
    assert "table-contradicts-log" in answer.rules


def test_weights_of_another_checkpoint_deviate(made: Path, copy: Callable[[str], Path], verify: Callable[..., Answer]) -> None:
    folder = copy("text")
    shutil.copy(made / "text/earlier/model.safetensors", folder / "model.safetensors")
    answer = verify("text", folder)
    assert answer.code == 1
    assert (answer.primary["outcome"], answer.primary["direction"]) == ("deviates", "above")
    assert "of 40 examples" in answer.primary["because"]
    assert "they give row 1 of the table to the digit" in answer.primary["because"]


def test_permuted_labels_are_told(copy: Callable[[str], Path], verify: Callable[..., Answer]) -> None:
    folder = copy("text")
    permute(folder)
    answer = verify("text", folder)
    assert answer.code == 3
    assert answer.primary["outcome"] == "not comparable"
    assert "labels of config.json in another order" in answer.primary["because"]
    assert "labels-in-another-order" in answer.rules


@pytest.mark.parametrize(
    ("own", "names", "matched", "told"),
    [
        (["neg", "pos"], ["neg", "pos"], ["neg", "pos"], ""),
        (["pos", "neg"], ["neg", "pos"], ["pos", "neg"], "in another order than the data: they are matched by name"),
        (["LABEL_0", "LABEL_1"], ["neg", "pos"], ["neg", "pos"], "names no labels (LABEL_0 ...)"),
        (["neg", "pos"], ["0", "1"], ["neg", "pos"], "the data numbers its labels"),
        (["Neg.", "POS"], ["neg", "pos"], ["neg", "pos"], "in another spelling"),
        (["O", "B-X", "I-X"], ["O", "B-X"], ["O", "B-X", "I-X"], ""),
    ],
)
def test_labels_are_matched_by_name(own: list[str], names: list[str], matched: list[str], told: str) -> None:
    from cardaudit.engine.task import match_labels

    said: list[str] = []
    assert match_labels(own, names, "data", said.append) == matched
    assert told in "".join(said)
    assert bool(told) == bool(said)


def test_other_labels_are_a_sentence() -> None:
    from cardaudit.engine.task import match_labels
    from cardaudit.errors import CardauditError

    with pytest.raises(CardauditError) as refusal:
        match_labels(["good", "bad"], ["neg", "pos"], "of/data", print)
    assert str(refusal.value) == (
        "config.json names the labels 'good', 'bad', the data of/data has 'neg', 'pos': "
        "give the data's in the order of the model's ids with --set labels=A,B,C"
    )


def test_a_state_of_another_run_is_found(copy: Callable[[str], Path], verify: Callable[..., Answer]) -> None:
    folder = copy("token")
    state = json.loads((folder / "trainer_state.json").read_text())
    for entry in state["log_history"]:
        entry.update({key: value * 0.83 for key, value in entry.items() if key.startswith("eval_") and value})
    (folder / "trainer_state.json").write_text(json.dumps(state))
    answer = verify("token", folder)
    assert "table-contradicts-log" in answer.rules
    assert answer.primary["outcome"] == "replayed"


def test_event_files_of_another_learning_rate_are_found(copy: Callable[[str], Path], verify: Callable[..., Answer]) -> None:
    folder = copy("token")
    settings = {"learning_rate": 0.7, "per_device_train_batch_size": 8, "seed": 7, "num_train_epochs": 2}
    write_events(folder / EVENTS, [{"step": 20, "eval_loss": 0.3}], json.dumps(settings))
    answer = verify("token", folder)
    assert {"settings-contradict-arguments", "curve-contradicts-table"} <= answer.rules
    assert answer.primary["outcome"] == "replayed"


def test_an_evaluation_on_the_training_split(made: Path, copy: Callable[[str], Path], audits: Path) -> None:
    """The card's numbers are those of the training split; its fractions have other denominators than the validation split."""
    folder = copy("text")
    data = ("--dataset", made / "data/text", "--set", "same_dataset=true")
    trained = call("verify", folder, *data, "--set", "eval_split=train", folder=audits / "text")
    measured = {verdict["claim"]["metric"]: verdict["measured"][0] for verdict in trained.audit["verdicts"]}
    card = folder / "README.md"
    for name, key in (("Accuracy", "accuracy"), ("F1", "f1"), ("Loss", "loss")):
        true, new = headline(card, name), measured[key]
        edit(card, (f"- {name}: {true}", f"- {name}: {new:.4f}"))
        if key != "loss":
            values = [line for line in card.read_text().splitlines() if line.strip().startswith("value: ")]
            line = next(line for line in values if abs(float(line.split()[1]) - float(true)) < 5e-5)
            edit(card, (line + "\n", line.split("value")[0] + f"value: {new!r}\n"))
    answer = call("verify", folder, *data, folder=audits / "text")
    assert "on the training split 'train' the weights give the claims to the digit" in answer.primary["because"]
    assert answer.primary["outcome"] == "deviates"


def test_stopping_earlier(made: Path, audits: Path) -> None:
    answer = call("verify", made / "token/main", "--rung", "2", folder=audits / "short")
    assert [rung["number"] for rung in answer.audit["rungs"]] == [1, 2]
    assert answer.audit["verdicts"] == []
    assert answer.code == 0
    first = call("verify", made / "token/main", "--rung", "1", folder=audits / "short")
    assert [rung["number"] for rung in first.audit["rungs"]] == [1]
    assert first.audit["evidence"] is None


TAMPERED = """\
[[allow]]
card = "*"
rule = "table-contradicts-log"
because = "the log is of another run, as the text says"
"""


@pytest.mark.parametrize(
    ("flags", "code", "found"),
    [
        ((), 1, True),
        (("--fail-on", "never"), 0, True),
        (("--select", "table-contradicts-log", "--allow", "allow.toml"), 0, False),
        (("--ignore", "repository,arithmetic"), 0, False),
        (("--config", "settings/cardaudit.toml"), 0, False),
    ],
    ids=["as it is", "fail on nothing", "allowed", "ignored", "ignored by the settings file"],
)
def test_the_policy_of_lint_holds(
    copy: Callable[[str], Path], tmp_path: Path, flags: tuple[str, ...], code: int, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy("token")
    overstate(folder / "README.md")
    (tmp_path / "allow.toml").write_text(TAMPERED)
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings/cardaudit.toml").write_text('ignore = ["repository", "arithmetic"]\n')
    monkeypatch.chdir(tmp_path)
    answer = call("verify", folder, "--rung", "2", *flags, folder=tmp_path / "audit")
    assert (answer.code, "table-contradicts-log" in answer.rules) == (code, found)
    assert ("1 contradiction" in answer.audit["rungs"][1]["outcome"]) == found


def test_known_findings_are_not_shown(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder, known = copy("token"), tmp_path / "known.json"
    overstate(folder / "README.md")
    lint = [sys.executable, "-m", "cardaudit", "lint", folder / "README.md", "--write-baseline", known]
    subprocess.run(lint, check=True, capture_output=True, env=surroundings())
    answer = call("verify", folder, "--rung", "1", "--baseline", known, folder=tmp_path / "audit")
    assert (answer.code, answer.rules) == (0, set())


def test_what_rung_3_lacks_is_said(copy: Callable[[str], Path], audits: Path) -> None:
    folder = copy("token")
    edit(folder / "README.md", ("user/tiny-entities", "unknown"))
    answer = call("verify", folder, folder=audits / "lacking")
    assert answer.code == 3
    assert [rung["number"] for rung in answer.audit["rungs"]] == [1, 2, 3]
    assert answer.audit["missing"][0]["field"] == "dataset"
    assert "--set dataset=" in answer.err


# --- on the Hub -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """user/token and its data on a Hub on loopback: the folder that is served, and its endpoint."""
    root = tmp_path / "hub"
    shutil.copytree(made / "token/main", root / "models/user--token/main")
    shutil.copytree(made / "data/token", root / "datasets/user--tiny-entities/main")
    with serve(root) as endpoint:
        yield root, endpoint


def test_by_id_with_history_and_moved_data(hub: tuple[Path, str], tmp_path: Path) -> None:
    root, endpoint = hub
    here = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "0"}
    old = Path(shutil.copytree(root / "models/user--token/main", root / "models/user--token/old"))
    true = headline(old / "README.md", "F1")
    edit(old / "README.md", (f"- F1: {true}", "- F1: 0.3111"))
    shutil.copytree(root / "datasets/user--tiny-entities/main", root / "datasets/user--tiny-entities/before")
    moved = root / "datasets/user--tiny-entities/main/validation.jsonl"
    moved.write_text("".join(moved.read_text().splitlines(keepends=True)[:31]))
    history = {
        "models/user/token": [["main", "2024-03-01"], ["old", "2024-02-01"]],
        "datasets/user/tiny-entities": [["main", "2024-06-01"], ["before", "2023-01-01"]],
    }
    (root / "hub.json").write_text(json.dumps({"history": history}))
    answer = call("verify", "user/token", folder=tmp_path / "audit", **here)
    assert answer.code == 0, answer.err
    assert answer.primary["outcome"] == "replayed"
    assert any("has changed since the model was published" in detail for detail in answer.audit["rungs"][2]["details"])
    assert "number-changed-since" in answer.rules
    (change,) = answer.audit["evidence"]["history"]
    assert (change["before"], change["after"], change["until"], change["since"]) == ("0.3111", true, "2024-02-01", "2024-03-01")
    assert "model.safetensors (header)" in answer.audit["evidence"]["looked_at"]
    assert answer.audit["rungs"][1]["bytes"] > 0
    assert answer.audit["plan"]["model"]["revision"]


def test_reproduce_climbs_to_4(made: Path, audits: Path) -> None:
    data = ("--dataset", made / "data/token", "--set", "same_dataset=true")
    base = ("--base-model", made / "base", "--set", "same_base=true")
    answer = call("reproduce", made / "token/main", *data, *base, "--seeds", "3", folder=audits / "token")
    assert [rung["number"] for rung in answer.audit["rungs"]] == [1, 2, 3, 4]
    assert "replayed" in answer.audit["rungs"][2]["outcome"]
    assert answer.audit["plan"]["training"]["weight_decay"] == 0.02
    assert answer.audit["plan"]["mode"] == "train"
    assert answer.audit["plan"]["dataset"]["labels"] == ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    assert answer.audit["plan"]["origins"]["labels"] == "config.json says id2label"
    assert answer.code == 0, answer.out
    assert answer.primary["outcome"] == "replayed"


# --- hostile repositories ---------------------------------------------------------------------------------------------------

ESCAPES = "\x1b[31m\x1b]8;;http://x\x07[bold]<script>alert(1)</script>[/bold]\u202e"


class Bomb:
    """What a pickle that runs a command on loading is made of."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.canary}",)


def test_hostile_repositories_run_nothing(made: Path, copy: Callable[[str], Path], tmp_path: Path) -> None:
    """Bombs in every file that could be unpickled, a link out, a 10 GB sparse file, escapes and markup in every string."""
    import pickle

    folder, canary = copy("token"), tmp_path / "canary"
    for name in ("training_args.bin", "pytorch_model.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth"):
        (folder / name).write_bytes(pickle.dumps(Bomb(canary)))
    with (folder / "all_results.json").open("wb") as file:
        file.truncate(10 * 2**30)
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"eval_f1": 0.12345}))
    (folder / "eval_results.json").symlink_to(secret)
    config = json.loads((folder / "config.json").read_text())
    config |= {"auto_map": {"AutoModel": "evil.Model"}, "id2label": {str(i): ESCAPES + str(i) for i in range(5)}}
    config |= {"_name_or_path": ESCAPES, "problem_type": ESCAPES}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text(f"open({str(canary)!r}, 'w')")
    (folder / f"runs/{'x' * 20}").mkdir()
    (folder / f"runs/{'x' * 20}/events.out.tfevents.\x1b[31m").write_bytes(b"\xff" * 100)
    before = set(tmp_path.rglob("*"))
    answer = call("verify", folder, "--dataset", str(made / "data/token"), "--allow-pickle", folder=tmp_path / "audit")
    assert answer.code == 2
    assert "needs code of its own (auto_map in config.json), which cardaudit never runs" in answer.err
    assert not canary.exists()
    assert {path for path in set(tmp_path.rglob("*")) - before if not path.is_relative_to(tmp_path / "audit")} == set()
    unread = dict(answer.audit["evidence"]["unread"])
    assert "holds no training arguments" in unread["training_args.bin"]
    assert "10,240 MB" in unread["all_results.json"].replace("10240", "10,240")
    assert "leads out of the repository" in unread["eval_results.json"]
    assert "0.12345" not in answer.out
    page, _, _ = (
        (tmp_path / "audit/report.html").read_text().partition('<script type="application/json"')
    )  # its own record follows
    for text in (answer.out, answer.err, page):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "<script>alert" not in text


def test_weights_that_are_a_bomb_are_not_loaded(made: Path, copy: Callable[[str], Path], tmp_path: Path) -> None:
    import pickle

    folder, canary = copy("token"), tmp_path / "canary"
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(canary)))
    data = ("--dataset", str(made / "data/token"), "--set", "same_dataset=true")
    refused = call("verify", folder, *data, folder=tmp_path / "audit")
    assert refused.code == 2
    assert "--allow-pickle loads it with weights_only" in refused.err
    allowed = call("verify", folder, *data, "--allow-pickle", folder=tmp_path / "audit")
    assert allowed.code == 2
    assert "cannot be used" in allowed.err
    assert "Traceback" not in allowed.err
    assert not canary.exists()


def test_names_outside_and_huge_files_of_the_hub_stay_there(hub: tuple[Path, str], tmp_path: Path) -> None:
    root, endpoint = hub
    rules = {
        "also": {"models/user/token": ["../../outside/events.out.tfevents.1", "/etc/events.out.tfevents.2"]},
        "sizes": {"models/user/token": {"trainer_state.json": 10 * 2**30, "model.safetensors": 64 * 2**30}},
    }
    (root / "hub.json").write_text(json.dumps(rules))
    here = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "0"}
    answer = call("verify", "user/token", folder=tmp_path / "audit", **here)
    assert answer.code == 2
    assert "has 64 GB of weights, more than 32: not scored" in answer.err
    details = "\n".join(answer.audit["rungs"][1]["details"])
    assert details.count("it is named outside the repository") == 2
    assert "trainer_state.json: it has 10,240 MB, more than 64" in details
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.parametrize("target", ["nowhere/at-all", "README.md", "."])
def test_targets_that_are_no_repository(target: str, tmp_path: Path) -> None:
    answer = call("verify", target, "--offline", folder=tmp_path / "audit")
    assert answer.code == 2
    assert answer.err.startswith("cardaudit: ")
    assert answer.err.count("\n") == 1
    assert not answer.audit
