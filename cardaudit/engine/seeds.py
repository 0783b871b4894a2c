"""A plan's seeds, one after the other: what is done stays, what was begun goes on."""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import datasets
import torch
import transformers

from cardaudit.engine.checkpoints import remove_checkpoints
from cardaudit.engine.environment import describe_environment
from cardaudit.engine.events import EventLog
from cardaudit.engine.loops import fast, reference
from cardaudit.engine.loops.choice import Loop, choose_loop
from cardaudit.engine.recipes import prepare_task
from cardaudit.engine.task import Task
from cardaudit.errors import CardauditError
from cardaudit.records import Plan, Run
from cardaudit.runs import plan_digest, read_plan, read_run, write_run

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


LOOPS = {"fast": fast.train_seed, "reference": reference.train_seed}


def train_seeds(
    path: Path, folder: Path, seeds: Sequence[int] | None, checkpoints: bool, log: EventLog, loop: Loop = "auto"
) -> None:
    """Trains each seed that `folder` has no run of. Raises CardauditError for what a user can mend."""
    plan = read_plan(path)
    digest = plan_digest(plan)
    wanted = list(dict.fromkeys(seeds or plan.seeds))
    quiet()
    with _space(folder), _alone(folder):
        done = [seed for seed in wanted if _is_done(folder / str(seed), digest, seed, log)]
        log.tell("start", plan_digest=digest, seeds=wanted, done=done, process=os.getpid())
        log.tell("environment", **describe_environment())
        if len(done) < len(wanted):
            task = prepare_task(plan, log.warn)
            for seed in wanted:
                if seed not in done:
                    _train_seed(seed, plan, task, folder / str(seed), log, checkpoints, loop)
        log.tell("end", seeds=wanted)


def _train_seed(seed: int, plan: Plan, task: Task, folder: Path, log: EventLog, checkpoints: bool, loop: Loop) -> None:
    log.begin_seed(seed, folder)
    environment = describe_environment()
    kind = choose_loop(loop, plan, seed, log.warn)
    try:
        trained = LOOPS[kind](seed, plan, task, folder, log, checkpoints)
    except torch.OutOfMemoryError as error:
        size, tokens = plan.training.train_batch_size, task.tokenizer.model_max_length
        raise CardauditError(
            f"the GPU's memory does not hold train_batch_size {size} at {tokens} tokens: "
            "give less with --set train_batch_size= and make up for it with --set gradient_accumulation_steps="
        ) from error
    run = Run(
        plan_digest=plan_digest(plan),
        seed=seed,
        rows=trained.rows,
        outcome=trained.outcome,
        seconds=trained.seconds,
        environment=environment,
        facts={"loop": kind, **_facts(task), **trained.facts},
    )
    write_run(run, folder / "run.json")
    remove_checkpoints(folder)
    log.tell("finished", outcome=run.outcome, seconds=round(run.seconds, 3))
    log.end_seed()


def _facts(task: Task) -> dict[str, Any]:
    return {
        "train_examples": len(task.train),
        "evaluation_examples": len(task.evaluation),
        "max_length": task.tokenizer.model_max_length,
        **task.facts,
    }


def _is_done(folder: Path, digest: str, seed: int, log: EventLog) -> bool:
    if not (folder / "run.json").is_file():
        return False
    try:
        run = read_run(folder / "run.json")
    except CardauditError as error:
        log.warn(f"{error}; seed {seed} is trained again")
        return False
    if run.plan_digest != digest:
        log.warn(f"{folder / 'run.json'} belongs to plan {run.plan_digest}; seed {seed} is trained again")
    return run.plan_digest == digest


def quiet() -> None:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.logging.set_verbosity_error()
    datasets.disable_progress_bars()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the folder for this process. The system lets go of it with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CardauditError(f"another engine is training in {folder}: wait for it or end it") from error
        yield


@contextmanager
def _space(folder: Path) -> Iterator[None]:
    """Turns a full disk into one sentence, however torch, safetensors or Python say it."""
    try:
        yield
    except CardauditError:
        raise
    except Exception as error:
        if not _is_full(error, folder):
            raise
        raise CardauditError(
            f"the disk of {folder} takes no more: free some space and give the same command again, or add --no-checkpoints; "
            "what is done is kept"
        ) from error


def _is_full(error: BaseException, folder: Path) -> bool:
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return True
    words = str(error).lower()
    if any(os.strerror(code).lower() in words for code in NO_SPACE):
        return True
    writing = "file write failed" in words or "writing file" in words
    return writing or shutil.disk_usage(folder).free < 4096
