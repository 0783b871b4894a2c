"""Run folders and the engine's process, as audit.py uses them."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from command import hear_ctrl_c

from cardaudit.errors import CardauditError, EngineFailed
from cardaudit.records import Assumption, Evaluation, Plan, Run, Schedule
from cardaudit.runs import (
    files_sha256,
    folder_sha256,
    plan_digest,
    read_plan,
    read_runs,
    run_folder,
    start_engine,
    write_plan,
    write_run,
)

ROOT = Path(__file__).resolve().parents[1]
PLAN = tiny.token_plan(Path("base"), Path("data"))


def run_of(plan: Plan, seed: int, **more: Any) -> Run:
    row = Evaluation(1.0, 5, None, 0.1 + 0.2, {"f1": 1 / 3})
    return replace(Run(plan_digest(plan), seed, (row,), "finished", 1.5, {"torch": "2.13.0"}, {"gold_entities": 7}), **more)


def keep(run: Run, folder: Path, plan: Plan) -> Path:
    path = run_folder(folder, plan) / str(run.seed) / "run.json"
    write_run(run, path)
    return path


def test_the_digest_is_that_of_what_changes_the_training() -> None:
    model, dataset = PLAN.model, PLAN.dataset
    same = [
        replace(PLAN, seeds=(7,), replay_seed=None),
        replace(PLAN, assumptions=(Assumption("weight_decay", "0.01", "the notebook's"),), overrides={"model": "tiny"}),
        replace(PLAN, estimate={"steps": 10}),
        replace(PLAN, model=replace(model, id="other", claimed="bert", same=False)),
    ]
    other = [
        replace(PLAN, training=replace(PLAN.training, learning_rate=1e-3)),
        replace(PLAN, schedule=Schedule("steps", 5, 3)),
        replace(PLAN, task_options={"label_all_tokens": True}),
        replace(PLAN, model=replace(model, path="elsewhere")),
        replace(PLAN, model=replace(model, revision="1" * 40)),
        replace(PLAN, dataset=replace(dataset, sha256="a")),
        replace(PLAN, dataset=replace(dataset, eval_split="test")),
        replace(PLAN, mode="evaluate"),
        replace(PLAN, semantics="4.24"),
    ]
    assert {plan_digest(plan) for plan in same} == {plan_digest(PLAN)}
    assert len({plan_digest(plan) for plan in [PLAN, *other]}) == 1 + len(other)


def test_files_with_a_hash_or_a_revision_may_lie_anywhere(tmp_path: Path) -> None:
    def moved(path: str, **identity: Any) -> str:
        plan = replace(PLAN, model=replace(PLAN.model, path=path, **identity))
        return plan_digest(replace(plan, dataset=replace(plan.dataset, path=path, **identity)))

    assert moved("here", sha256="a") == moved("there", sha256="a") != moved("there", sha256="b")
    assert moved("here", revision="a") == moved("there", revision="a")
    assert moved("here") != moved("there")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "config.json").write_text("{}")
    assert folder_sha256(tmp_path / "one") == folder_sha256(tmp_path / "two") == files_sha256([tmp_path / "one" / "config.json"])
    (tmp_path / "two" / "config.json").write_text("{ }")
    assert folder_sha256(tmp_path / "one") != folder_sha256(tmp_path / "two")


def test_runs_come_back_exactly_and_in_the_plans_order(tmp_path: Path) -> None:
    plan = replace(PLAN, seeds=(42, 2042, 1042))
    runs = {seed: run_of(plan, seed) for seed in (7, 42, 1042, 2042)}
    for run in runs.values():
        keep(run, tmp_path, plan)
    assert read_runs(tmp_path, plan) == (runs[42], runs[2042], runs[1042], runs[7])
    assert read_runs(tmp_path, PLAN) == (runs[42], runs[7], runs[1042], runs[2042])
    assert read_runs(tmp_path / "nowhere", plan) == ()


def test_a_metric_that_is_no_number_comes_back(tmp_path: Path) -> None:
    keep(run_of(PLAN, 42, rows=(Evaluation(1.0, 5, None, math.nan, {"pearson": math.nan, "mse": math.inf}),)), tmp_path, PLAN)
    [run] = read_runs(tmp_path, PLAN)
    assert math.isnan(run.rows[0].validation_loss)
    assert math.isnan(run.rows[0].metrics["pearson"])
    assert run.rows[0].metrics["mse"] == math.inf


def test_broken_and_foreign_runs_are_told_and_left_out(tmp_path: Path) -> None:
    good = run_of(PLAN, 42)
    keep(good, tmp_path, PLAN)
    foreign = keep(run_of(PLAN, 1, plan_digest="f" * 16), tmp_path, PLAN)
    moved = keep(run_of(PLAN, 2), tmp_path, PLAN)
    moved.parent.rename(moved.parent.with_name("3"))
    moved = moved.parent.with_name("3") / "run.json"
    torn, old, odd = (keep(run_of(PLAN, seed), tmp_path, PLAN) for seed in (4, 5, 6))
    torn.write_text(torn.read_text()[:-20])
    old.write_text(old.read_text().replace("cardaudit.run/1", "cardaudit.run/0"))
    odd.write_text(odd.read_text().replace('"seed": 6', '"seed": "6"'))
    told: list[str] = []
    assert read_runs(tmp_path, PLAN, told.append) == (good,)
    paths = (foreign, moved, torn, old, odd)
    assert [sentence.removeprefix(f"{path} ").split(": ")[0] for sentence, path in zip(told, paths, strict=True)] == [
        "belongs to plan ffffffffffffffff, seed 1, not to where it lies; it is left out",
        f"belongs to plan {plan_digest(PLAN)}, seed 2, not to where it lies; it is left out",
        "is no JSON",
        "is no run of this version",
        "cannot be used",
    ]


def test_a_plan_comes_back(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == PLAN
    with pytest.raises(CardauditError, match="cannot be read: No such file"):
        read_plan(tmp_path / "none.json")


@pytest.mark.parametrize(("kind", "record"), [("plan", Plan), ("run", Run)])
def test_documents_follow_their_schema(tmp_path: Path, kind: str, record: type[Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="a tool of development")
    schema = json.loads((ROOT / "cardaudit" / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    path = tmp_path / "document.json"
    write_plan(PLAN, path) if kind == "plan" else write_run(run_of(PLAN, 42), path)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema)
    assert set(schema["properties"]) == {"schema", *(field.name for field in fields(record))}


def test_reading_runs_loads_no_heavy_package() -> None:
    script = (
        "import sys, cardaudit.runs; print(*sorted({'torch', 'transformers', 'datasets', 'numpy', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == ""


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    """Python started without its site packages, as after a plain `pip install cardaudit`."""
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "import tiny\nfrom pathlib import Path\n"
        "from cardaudit.errors import MissingExtra\nfrom cardaudit.runs import start_engine\n"
        "try: next(start_engine(tiny.token_plan(Path('base'), Path('data')), Path('audit'), [42]))\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout == (
        "training needs torch, transformers, datasets, accelerate, seqeval, sklearn, scipy, numpy: "
        "pip install 'cardaudit[reproduce]'\n"
    )
    assert list(tmp_path.iterdir()) == []


# --- the engine's process --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")
    folder = tmp_path_factory.mktemp("tiny")
    tiny.write_conll(folder / "train.conll", tiny.sentences(40, seed=1))
    tiny.write_conll(folder / "dev.conll", tiny.sentences(20, seed=2))
    threads = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    yield tiny.token_plan(tiny.make_base(folder / "base"), folder)
    os.environ.pop("OMP_NUM_THREADS") if threads is None else os.environ.update(OMP_NUM_THREADS=threads)


@pytest.mark.train
def test_the_engine_trains_and_a_failure_keeps_what_is_done(plan: Plan, tmp_path: Path) -> None:
    events = [event["event"] for event in start_engine(plan, tmp_path, [42]) if event["event"] != "progress"]
    assert events == ["start", "environment", "seed", "evaluation", "evaluation", "finished", "end"]
    [run] = read_runs(tmp_path, plan)
    assert (run.seed, run.outcome, [row.step for row in run.rows]) == (42, "finished", [5, 10])
    seen = []
    with pytest.raises(EngineFailed) as failure:
        seen.extend(start_engine(replace(plan, recipe="summarization"), tmp_path, [42]))
    assert str(failure.value) == "the engine has no recipe 'summarization': it has text_classification, token_classification"
    assert failure.value.exit_code == 2
    assert [event["event"] for event in seen] == ["start", "environment"]
    assert read_runs(tmp_path, plan) == (run,)


@pytest.mark.train
def test_leaving_early_ends_the_process_and_the_next_call_continues(plan: Plan, tmp_path: Path) -> None:
    long = replace(plan, training=replace(plan.training, num_epochs=400.0))
    events = start_engine(long, tmp_path, [42])
    rows = (event["row"] for event in events if event["event"] == "evaluation")
    assert next(row for row in rows if row["step"] >= 10)
    events.close()
    assert list(run_folder(tmp_path, long).glob("42/run.json")) == []
    again = start_engine(long, tmp_path, [42])  # would be refused if the first engine still held the folder
    assert next(event for event in again if event["event"] == "seed")["resumed_at"] >= 5
    again.close()


@pytest.mark.train
def test_a_killed_engine_leaves_its_last_words(plan: Plan, tmp_path: Path) -> None:
    long = replace(plan, training=replace(plan.training, num_epochs=400.0))
    events = start_engine(long, tmp_path, [42])
    os.kill(next(events)["process"], signal.SIGKILL)
    with pytest.raises(EngineFailed) as failure:
        list(events)
    log = run_folder(tmp_path, long) / "engine.log"
    assert str(failure.value).startswith("the engine was ended by signal 9 (often: out of memory)")
    assert str(failure.value).endswith(f"; {log} has the rest, what it finished is kept, the same command continues")


@pytest.mark.train
def test_ctrl_c_ends_the_engine(plan: Plan, tmp_path: Path) -> None:
    """The caller gets SIGINT, as from a terminal; the engine is gone a moment later."""
    long = replace(plan, training=replace(plan.training, num_epochs=4000.0))
    write_plan(long, tmp_path / "long.json")
    script = (
        "import sys\nfrom pathlib import Path\nfrom cardaudit.runs import read_plan, start_engine\n"
        f"for event in start_engine(read_plan(Path({str(tmp_path / 'long.json')!r})), Path({str(tmp_path)!r}), [42]):\n"
        "    print(event['event'], event.get('process'), flush=True)\n"
    )
    command = [sys.executable, "-c", script]
    pipe = subprocess.PIPE
    caller = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, preexec_fn=hear_ctrl_c)
    assert caller.stdout is not None
    engine = int(next(caller.stdout).removeprefix("start "))
    assert next(line for line in caller.stdout if line.startswith("seed"))
    caller.send_signal(signal.SIGINT)
    assert caller.wait(30) != 0
    assert _is_gone(engine)


@pytest.mark.train
def test_an_engine_ends_when_its_caller_is_killed(plan: Plan, tmp_path: Path) -> None:
    long = replace(plan, training=replace(plan.training, num_epochs=4000.0))
    folder = run_folder(tmp_path, long)
    write_plan(long, folder / "plan.json")
    command = [sys.executable, "-m", "cardaudit.engine", str(folder / "plan.json"), str(folder)]
    engine = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    assert engine.stdout is not None
    assert next(line for line in engine.stdout if '"seed"' in line)
    engine.stdout.close()  # what the system does with the pipe of a killed caller
    assert engine.wait(30) == 1


def _is_gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
