"""Verifying and retraining the cards of a zoo: into the same store, in the order of worth, and on after a kill."""

import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from command import CARDS, cardaudit, surroundings
from zoo_samples import engines

from cardaudit.runs import read_run
from cardaudit.zoo.budget import Budget, limit_of, rate_of
from cardaudit.zoo.devices import gpus, shared_out
from cardaudit.zoo.reading import Reading

SHORT = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1", "--seeds", "1")
TABLE = """# tiny

## Training procedure

### Training hyperparameters

- learning_rate: 0.001
- num_epochs: 2

### Training results

| Training Loss | Epoch | Step | Validation Loss |
|:-------------:|:-----:|:----:|:---------------:|
| 0.9           | 1.0   | 10   | 0.8101          |
| 0.7           | 2.0   | 20   | 0.7202          |
"""


def work(folder: Path, columns: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "zoo.sqlite")) as db:
        return db.execute(f"SELECT {columns} FROM work JOIN current ON current.id = card_id ORDER BY name").fetchall()


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("8h", 28800), ("1.5 h", 5400), ("2d", 172800)])
def test_a_budget_is_a_time(text: str, seconds: float) -> None:
    assert limit_of(text) == (seconds, False)


@pytest.mark.parametrize(
    ("budget", "hourly", "seconds"),
    [("$20", "2.50", 28800), ("20 usd", "2USD", 36000), ("€5", "2.5€", 7200), ("0.50$", "0.25", 7200)],
)
def test_a_budget_is_money_where_the_price_of_an_hour_is_said(budget: str, hourly: str, seconds: float) -> None:
    assert limit_of(budget, rate_of(hourly, budget)) == (seconds, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--budget", "much"),
            "--budget 'much' is neither a time nor an amount of money: write for example --budget 8h, 30m, 2d or 20USD",
        ),
        (
            ("--budget", "$20"),
            "--budget '$20' is an amount of money: say what an hour of one device costs, for example --hourly-rate 2.50",
        ),
        (("--budget", "$20", "--hourly-rate", "2€"), "--budget is in $, --hourly-rate in €: give both in one currency"),
        (("--hourly-rate", "0"), "--hourly-rate '0' is no price: write for example --hourly-rate 2.50 or 2.50USD"),
    ],
)
def test_a_budget_that_is_none_is_told(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    done = cardaudit("zoo", CARDS, *options, "-o", tmp_path / "zoo")
    assert (done.returncode, done.stderr) == (2, f"cardaudit: {told}\n")


def test_money_is_spent_as_devices_take_it() -> None:
    budget = Budget(limit_of("$10", rate_of("3.60")))  # 10,000 seconds
    assert budget.take(6000) == 10_000  # a price is rough: it may take what there is
    assert not budget.take(1)  # while the first runs
    budget.ended(10_000, 3000)
    assert budget.take(6000) == 7000
    budget.ended(7000, 9000)
    assert not budget.take(1)
    assert Budget(None).take(1e9) == math.inf


def test_devices_share_what_money_is_left() -> None:
    budget = Budget(limit_of("$10", rate_of("3.60")), devices=4)
    assert [budget.take(price) for price in (1000, 6000, 1000, 1000)] == [2500, 6000, 1000, 0.0]


def test_time_ends_for_all_at_once() -> None:
    budget = Budget(limit_of("100s"), devices=2)
    assert [90 < budget.take(price) <= 100 for price in (10, 90, 101)] == [True, True, False]
    budget.ended(90, 90)
    assert 90 < budget.take(10) <= 100


def test_each_device_has_one_job_at_a_time() -> None:
    busy: dict[str, int] = {}

    def act(job: int, device: str) -> str:
        assert device not in busy
        busy[device] = job
        time.sleep(0.02 * (job % 3))
        del busy[device]
        return device

    ended = dict(shared_out(range(12), ("0", "1", "2"), act))
    assert sorted(ended) == list(range(12))
    assert set(ended.values()) == {"0", "1", "2"}


def test_a_failure_ends_all_and_asks_the_others_to_stop() -> None:
    stopped: list[bool] = []

    def act(job: int, _: str) -> None:
        if job == 1:
            raise RuntimeError("broken")
        while not stopped:
            time.sleep(0.01)

    with pytest.raises(RuntimeError, match="broken"):
        list(shared_out(range(4), ("0", "1"), act, lambda: stopped.append(True)))
    assert stopped == [True]


def test_chosen_gpus_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2, 5")
    assert gpus() == ("2", "5")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert gpus() == ()


def test_a_card_is_held_against_its_repository_once(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(TABLE)
    logged = [{"epoch": 1.0, "step": 10, "eval_loss": 0.8101}, {"epoch": 2.0, "step": 20, "eval_loss": 0.9999}]
    (folder / "trainer_state.json").write_text(json.dumps({"global_step": 20, "log_history": logged}))
    (folder / "config.json").write_text("{}")
    options = ("-o", tmp_path / "zoo", "--offline", "--fail-on", "never", "-q")
    done = cardaudit("zoo", tmp_path / "models", "--verify", "tiny", *options)
    assert done.returncode == 0, done.stderr
    assert work(tmp_path / "zoo", "name, stage, state") == [(str(folder / "README.md"), "verify", "done")]
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        found = reading.connection.execute("SELECT rule FROM open_findings WHERE stage = 'verify'").fetchall()
        (row,) = reading.rows()
    assert ("table-contradicts-log",) in found
    assert "table-contradicts-log" in row.rules
    page = tmp_path / "zoo" / "cards" / "tiny" / "report.html"
    assert "Evidence ladder" in page.read_text()
    before = page.stat().st_mtime_ns
    assert cardaudit("zoo", tmp_path / "models", "--verify", "tiny", *options).returncode == 0
    assert page.stat().st_mtime_ns == before
    assert work(tmp_path / "zoo", "tries") == [(1,)]
    assert cardaudit("zoo", tmp_path / "models", "--verify", "nobody", *options).returncode == 2


@pytest.mark.train
def test_what_is_queued_is_finished_although_engines_and_the_zoo_are_killed(tmp_path: Path) -> None:
    for number in range(2):
        shutil.copytree(CARDS / "invoice-demo", tmp_path / "cards" / f"demo-{number}")
    command = [sys.executable, "-m", "cardaudit", "zoo", str(tmp_path / "cards"), "--reproduce", "*", *SHORT]
    command += ["-o", str(tmp_path / "zoo"), "--fail-on", "never", "-q"]

    def started() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=surroundings(OMP_NUM_THREADS="1"), stderr=subprocess.PIPE, start_new_session=True)

    def kill_engine(process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None and not (found := engines(tmp_path / "zoo")):
            time.sleep(0.05)
        assert found
        os.kill(found[0], signal.SIGKILL)

    first = started()
    kill_engine(first)
    while not list((tmp_path / "zoo").glob("cards/*/runs/*/*/run.json")):
        assert first.poll() is None
        time.sleep(0.05)
    first.kill()  # the zoo itself, with one card done or nearly so
    first.communicate()
    for left in engines(tmp_path / "zoo"):
        os.kill(left, signal.SIGKILL)
    runs = {path: path.read_bytes() for path in (tmp_path / "zoo").glob("cards/*/runs/*/*/run.json")}
    second = started()
    _, told = second.communicate(timeout=240)
    assert second.returncode == 0, told
    assert work(tmp_path / "zoo", "page, state") == [("demo-0", "done"), ("demo-1", "done")]
    assert {path: path.read_bytes() for path in runs} == runs
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert sum(reading.outcomes().values()) == 2
        rows = reading.connection.execute("SELECT stage, outcome, count(*) FROM runs GROUP BY 1, 2").fetchall()
    assert rows == [("reproduce", "finished", 2)]


@pytest.mark.train
def test_a_retraining_is_cut_where_the_budget_ends_and_goes_on(tmp_path: Path) -> None:
    """An engine that sleeps after its first seeds takes longer than was foreseen."""
    shutil.copytree(CARDS / "invoice-demo", tmp_path / "cards" / "demo")
    command = (sys.executable, "-m", "cardaudit", "zoo", str(tmp_path / "cards"), "-o", str(tmp_path / "zoo"))
    command += ("--reproduce", "demo", *SHORT[:-2], "--no-pages", "--fail-on", "never", "--seeds", "19", "--min-seeds", "19")

    def finished() -> dict[Path, int]:
        paths = (tmp_path / "zoo").glob("cards/*/runs/*/*/run.json")
        return {path: path.stat().st_mtime_ns for path in paths if read_run(path).outcome == "finished"}

    for seconds in (16, 32, 64, 128):  # the engine's start alone takes a while
        budget = (*command, "--budget", f"{seconds}s")
        process = subprocess.Popen(budget, env=surroundings(OMP_NUM_THREADS="1"), stderr=subprocess.PIPE, text=True)
        while process.poll() is None and not finished():
            time.sleep(0.01)
        for engine in engines(tmp_path / "zoo"):
            os.kill(engine, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(engine, signal.SIGCONT)
        _, told = process.communicate(timeout=240)
        assert process.returncode == 0, told
        if finished():
            break
    runs = finished()
    ((state, because),) = work(tmp_path / "zoo", "state, because")
    assert state == "cut", told
    trained = f"{len(runs)} seed{'' if len(runs) == 1 else 's'} trained"
    assert str(because).startswith(f"the budget ended while it was retrained: {trained}")
    assert f"{tmp_path / 'cards' / 'demo' / 'card.md'}: {because}; the same command goes on\n" in told
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert sum(reading.outcomes().values()) == 1
        kept = reading.connection.execute("SELECT count(*) FROM runs WHERE outcome = 'finished'").fetchone()
    assert kept == (len(runs),)
    subprocess.run(command, env=surroundings(OMP_NUM_THREADS="1"), check=True, stderr=subprocess.PIPE, timeout=240)
    assert work(tmp_path / "zoo", "state, because") == [("done", "")]
    assert len(finished()) >= 19
    assert {path: path.stat().st_mtime_ns for path in runs} == runs
