"""Time that ends before a run does, and seeds spread over devices: what is known stays, and the same command goes on."""

import io
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from command import CARDS, cardaudit

from cardaudit.audit import Effort, due
from cardaudit.audit import train as train_card
from cardaudit.cli.options import seconds_of
from cardaudit.errors import EngineFailed
from cardaudit.parse import read_card
from cardaudit.records import Plan, Schedule
from cardaudit.runs import read_run, read_runs, run_folder, write_plan, write_run
from cardaudit.spread import train_spread

pytestmark = pytest.mark.train
torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

from cardaudit.engine.events import EventLog  # noqa: E402
from cardaudit.engine.loops import fast, reference  # noqa: E402
from cardaudit.engine.recipes import prepare_task  # noqa: E402
from cardaudit.engine.seeds import quiet, train_seeds  # noqa: E402

LOOPS = {"reference": reference.train_seed, "fast": fast.train_seed}
SEED = 7


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    quiet()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    tiny.write_conll(folder / "train.conll", tiny.sentences(43, seed=1))
    tiny.write_conll(folder / "dev.conll", tiny.sentences(20, seed=2))
    return folder


# --- a seed that is stopped ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("schedule", [Schedule("steps", 4, 3), Schedule("epoch", None, 5)])
def test_stopped_after_every_single_step_it_ends_in_the_rows_of_an_uninterrupted_run(
    base: Path, data: Path, tmp_path: Path, loop: str, schedule: Schedule
) -> None:
    """A time that is over already leaves each call one step, with evaluations, windows and epochs cut anywhere."""
    plan = tiny.token_plan(base, data, lr_scheduler_type="cosine", warmup_ratio=0.1, train_batch_size=5)
    plan = replace(plan, schedule=schedule)
    task = prepare_task(plan, print)

    def train(folder: Path, until: float | None = None) -> Any:
        return LOOPS[loop](SEED, plan, task, folder, EventLog(io.StringIO()), until=until)

    whole, calls = train(tmp_path / "whole"), []
    while not calls or calls[-1].outcome == "stopped":
        calls.append(train(tmp_path / "cut", until=time.monotonic()))
    assert [call.step for call in calls] == list(range(1, 19))
    assert [call.outcome for call in calls] == ["stopped"] * 17 + ["finished"]
    assert calls[-1].rows == whole.rows
    assert calls[-1].facts == whole.facts
    assert [len(call.rows) for call in calls] == sorted(len(call.rows) for call in calls)


@pytest.mark.parametrize("loop", LOOPS)
def test_without_checkpoints_it_stops_all_the_same(base: Path, data: Path, tmp_path: Path, loop: str) -> None:
    plan = tiny.token_plan(base, data)
    arguments = (SEED, plan, prepare_task(plan, print), tmp_path, EventLog(io.StringIO()), False)
    stopped = LOOPS[loop](*arguments, until=time.monotonic())
    assert (stopped.outcome, stopped.step, stopped.rows) == ("stopped", 1, ())
    assert list(tmp_path.glob("checkpoint-*")) == []


def attempt(plan: Plan, folder: Path, loop: str, seconds: float | None) -> list[dict[str, Any]]:
    stream = io.StringIO()
    write_plan(plan, folder / "plan.json")
    until = None if seconds is None else time.monotonic() + seconds
    train_seeds(folder / "plan.json", folder, [SEED, SEED + 1], True, EventLog(stream), loop, until)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def kinds(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in events if event["event"] not in ("progress", "warning", "evaluation")]


@pytest.mark.parametrize("loop", LOOPS)
def test_what_was_stopped_is_recorded_and_goes_on(base: Path, data: Path, tmp_path: Path, loop: str) -> None:
    plan = replace(tiny.token_plan(base, data, num_epochs=60.0), schedule=Schedule("steps", 90, 30))
    seconds, events = 0.25, attempt(plan, tmp_path, loop, 0.0)
    assert kinds(events) == ["start", "environment", "end"]
    while "stopped" not in kinds(events):
        seconds *= 2
        events = attempt(plan, tmp_path, loop, seconds)
    assert kinds(events) == ["start", "environment", "seed", "stopped", "end"]
    stopped = next(event for event in events if event["event"] == "stopped")
    run = read_run(tmp_path / str(SEED) / "run.json")
    assert (run.outcome, run.seed, [row.step for row in run.rows]) == (
        "stopped",
        SEED,
        [step for step in range(90, 361, 90) if step <= stopped["step"]],
    )
    events = attempt(replace(plan, seeds=(SEED,)), tmp_path, loop, None)
    assert [event["resumed_at"] for event in events if event["event"] == "seed"] == [stopped["step"], None]
    assert kinds(events)[-3:] == ["seed", "finished", "end"]
    assert read_run(tmp_path / str(SEED) / "run.json").outcome == "finished"
    assert list(tmp_path.glob("*/checkpoint-*")) == []


# --- a card -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1800), ("1.5h", 5400), ("90s", 90), ("2d", 172_800), ("30", 1800), (None, None)]
)
def test_times_as_people_write_them(text: str | None, seconds: float | None) -> None:
    assert seconds_of(None, None, text) == seconds  # type: ignore[arg-type]


def test_no_time_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    done = cardaudit("reproduce", CARDS / "invoice-demo", "--budget", "soon", "-o", tmp_path)
    assert done.returncode == 2
    assert "'soon' is no time: write for example 30m, 8h or 90s" in " ".join(done.stderr.split())


def test_a_budget_of_nothing_writes_what_is_known(tmp_path: Path) -> None:
    """Exit code 4, undecided: the card says enough, the time did not suffice."""
    done = cardaudit("reproduce", CARDS / "invoice-demo" / "card.md", "--offline", "--budget", "0s", "-o", tmp_path / "audit")
    assert done.returncode == 4
    assert "cardaudit: the budget is used up: 0 seeds trained; the same command goes on" in done.stderr.splitlines()
    assert done.stdout.splitlines()[-1] == "The claimed f1 0.0 (headline) was not measured: no run has finished."
    assert (tmp_path / "audit" / "report.html").is_file()
    assert not (tmp_path / "audit" / "runs").exists()


CARD = """\
# tiny

- Loss: 0.5
- F1: 0.9

### Training hyperparameters

- seed: 42
"""


def test_a_stopped_seed_is_still_due_and_counts_as_none(base: Path, data: Path, tmp_path: Path) -> None:
    plan = replace(tiny.token_plan(base, data), seeds=(1042, 2042, 3042, 4042))
    card, made = read_card(CARD), read_run_of(base, data, tmp_path)
    for seed, outcome in ((42, "finished"), (1042, "stopped"), (2042, "finished")):
        write_run(replace(made, seed=seed, outcome=outcome), run_folder(tmp_path, plan) / str(seed) / "run.json")
    assert due(card, plan, tmp_path, Effort()) == (1042, 3042)
    assert due(card, plan, tmp_path, Effort(least=4)) == (1042, 3042, 4042)
    train_card(card, plan, tmp_path, lambda _: pytest.fail("no engine is started"), Effort(until=time.monotonic()))
    assert [run.outcome for run in read_runs(tmp_path, plan)] == ["stopped", "finished", "finished"]


def read_run_of(base: Path, data: Path, folder: Path) -> Any:
    """A run of the plan that test_a_stopped_seed_is_still_due makes, with rows."""
    plan = replace(tiny.token_plan(base, data), seeds=(1042, 2042, 3042, 4042))
    made, _ = tiny.train(plan, folder / "made", 42)
    return made


# --- several devices ----------------------------------------------------------------------------------------------------


def seen_devices(process: int) -> str:
    told = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    return next(each.decode().partition("=")[2] for each in told if each.startswith(b"CUDA_VISIBLE_DEVICES="))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the environment of a process is read in /proc")
def test_seeds_are_dealt_to_an_engine_for_each_device(
    base: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two devices that this machine does not have: both engines train on its processor, beside each other in one folder."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    plan = replace(tiny.token_plan(base, data), seeds=(1042, 2042, 3042))
    events, devices = [], {}
    for event in train_spread(plan, tmp_path / "spread", plan.seeds, ("6", "7"), seconds=600.0):
        events.append(event)
        if event["event"] == "start":
            devices[tuple(event["seeds"])] = seen_devices(event["process"])
    assert devices == {(1042, 3042): "6", (2042,): "7"}
    assert kinds(events).count("end") == 2
    together = read_runs(tmp_path / "spread", plan)
    assert [run.outcome for run in together] == ["finished"] * 3
    alone = [tiny.train(plan, tmp_path / "alone", seed)[0] for seed in plan.seeds]
    assert [run.rows for run in together] == [run.rows for run in alone]
    target = run_folder(tmp_path / "spread", plan)
    assert {path.name for path in target.glob("*.log")} == {"engine.log", "engine-1.log"}


def test_what_ends_one_engine_is_told_once(base: Path, data: Path, tmp_path: Path) -> None:
    plan = replace(tiny.token_plan(base, data), recipe="summarization", seeds=(1042, 2042))
    with pytest.raises(EngineFailed, match=r"^the engine has no recipe 'summarization'"):
        list(train_spread(plan, tmp_path, plan.seeds, ("6", "7")))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked up in /proc")
def test_leaving_ends_all_engines(base: Path, data: Path, tmp_path: Path) -> None:
    plan = replace(tiny.token_plan(base, data, num_epochs=10_000.0), seeds=(1042, 2042))
    events, processes = train_spread(plan, tmp_path, plan.seeds, ("6", "7")), set[int]()
    while len(processes) < 2:
        event = next(events)
        processes |= {event["process"]} if event["event"] == "start" else set()
    events.close()
    assert [process for process in processes if is_alive(process)] == []


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
