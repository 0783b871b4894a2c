"""A plan's seeds, one after the other or side by side: what is done stays, what was begun goes on."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import torch
import transformers

from cardaudit.engine.checkpoints import remove_checkpoints
from cardaudit.engine.environment import describe_environment, set_products
from cardaudit.engine.events import EventLog
from cardaudit.engine.loops import fast, reference
from cardaudit.engine.loops.choice import Choice, Kind, Loop, choose_loop
from cardaudit.engine.loops.trained import STOPPED, Trained, is_over
from cardaudit.engine.memory import in_words, ran_out, with_less
from cardaudit.engine.recipes import prepare_task
from cardaudit.engine.task import Task
from cardaudit.engine.together import places, train_together
from cardaudit.engine.turns import take_turns
from cardaudit.errors import CardauditError
from cardaudit.records import Plan, Run
from cardaudit.runs import plan_digest, read_plan, read_run, write_run

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# torch 2.13, serialization.py and caffe2/serialize/inline_container.cc, of an archive that could not be written to its end.
CUT_SHORT = ("file write failed", "writing file", "unexpected pos", "iostream error")


LOOPS = {"fast": fast.train_seed, "reference": reference.train_seed}


def train_seeds(
    path: Path,
    folder: Path,
    seeds: Sequence[int] | None,
    checkpoints: bool,
    log: EventLog,
    loop: Loop = "auto",
    until: float | None = None,
) -> None:
    """Trains each seed that `folder` has no run of. Raises CardauditError for what a user can mend.

    `until`: after this time, by time.monotonic(), the seeds in hand stop where they are, and no other is begun.
    """
    plan = read_plan(path)
    digest = plan_digest(plan)
    wanted = list(dict.fromkeys(seeds or plan.seeds))
    quiet()
    set_products(plan.training.precision)
    with _space(folder), _alone(folder, wanted):
        done = [seed for seed in wanted if _is_done(folder / str(seed), digest, seed, log)]
        log.tell("start", plan_digest=digest, seeds=wanted, done=done, process=os.getpid())
        log.tell("environment", **describe_environment())
        if len(done) < len(wanted):
            choices = {seed: choose_loop(loop, plan, seed) for seed in wanted if seed not in done}
            work = Work(plan, prepare_task(plan, log.warn), folder, log, checkpoints, choices, until)
            _train_all(work)
        log.tell("end", seeds=wanted)


class Work(NamedTuple):
    """What is to be done: `choices` has the loop of each seed that is still to be trained; `until` as in train_seeds."""

    plan: Plan
    task: Task
    folder: Path
    log: EventLog
    checkpoints: bool
    choices: Mapping[int, Choice]
    until: float | None


def _train_all(work: Work) -> None:
    """The seeds of the reference loop one after the other, those of the fast loop side by side where that is sooner."""
    at_a_time = places(work.plan)
    together = [seed for seed, choice in work.choices.items() if choice.loop == "fast" and at_a_time > 1]
    for seed in work.choices:
        if seed not in together:
            _train_seed(seed, work)
    if torch.cuda.is_available():
        in_turns(together, at_a_time, work)
    else:
        train_together(together, at_a_time, lambda seed: _train_with_words(seed, work))


def in_turns(seeds: Sequence[int], at_a_time: int, work: Work) -> None:
    """Seeds in this process, an update of each in turn; those that memory does not hold beside the others come after them."""
    for seed in take_turns(seeds, at_a_time, lambda seed: _in_steps(seed, work)):
        work.log.warn(f"memory does not hold seed {seed} beside the others: it is trained after them")
        _train_seed(seed, work)


def _in_steps(seed: int, work: Work) -> Iterator[None]:
    if is_over(work.until):
        return
    log = work.log.another()
    _begin(seed, work, log)
    folder = work.folder / str(seed)
    trained = yield from fast.in_steps(seed, work.plan, work.task, folder, log, work.checkpoints, until=work.until)
    _keep(seed, trained, work, log)


def _train_with_words(seed: int, work: Work) -> None:
    with _space(work.folder):
        _train_seed(seed, work)


def _train_seed(seed: int, work: Work) -> None:
    if not is_over(work.until):
        _begin(seed, work, work.log)
        _keep(seed, _trained(seed, work.choices[seed].loop, work), work, work.log)


def _begin(seed: int, work: Work, log: EventLog) -> None:
    log.begin_seed(seed, work.folder / str(seed))
    if words := work.choices[seed].words:
        log.warn(words)


def _keep(seed: int, trained: Trained, work: Work, log: EventLog) -> None:
    folder = work.folder / str(seed)
    run = Run(
        plan_digest=plan_digest(work.plan),
        seed=seed,
        rows=trained.rows,
        outcome=trained.outcome,
        seconds=trained.seconds,
        environment=describe_environment(),
        facts={"loop": work.choices[seed].loop, **_facts(work.task), **trained.facts},
    )
    write_run(run, folder / "run.json")
    if run.outcome == STOPPED:
        log.tell("stopped", step=trained.step, seconds=round(run.seconds, 3))
    else:
        remove_checkpoints(folder)
        log.tell("finished", outcome=run.outcome, seconds=round(run.seconds, 3))
    log.end_seed()


def _trained(seed: int, loop: Kind, work: Work) -> Trained:
    """A seed, trained in parts of its batches if memory does not hold them (engine/memory.py).

    It starts again for that, so that all its rows are made alike: a checkpoint that was made of whole batches is not the one that
    parts would have made, to the last digit. Raises CardauditError where memory does not hold a single example.
    """
    plan, folder, log = work.plan, work.folder / str(seed), work.log
    whole = plan.training.train_batch_size if plan.mode == "train" else 1

    def train(size: int) -> Trained:
        return LOOPS[loop](seed, plan, work.task, folder, log, work.checkpoints, size if size < whole else None, work.until)

    def less(size: int) -> None:
        remove_checkpoints(folder)
        log.warn(in_words(size, whole, "a training batch of", "the seed starts again, with its examples taken"))

    try:
        return with_less(train, whole, less)
    except Exception as error:
        if not ran_out(error):
            raise
        where = "the GPU" if torch.cuda.is_available() else "this machine"
        raise CardauditError(
            f"the memory of {where} does not hold one example of {work.task.tokenizer.model_max_length} tokens beside the model: "
            "give less with --set max_length=, or free some of it"
        ) from error


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
        return False
    if run.outcome == STOPPED:
        return False
    remove_checkpoints(folder)  # of an engine that was killed before it could
    return True


def quiet() -> None:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.logging.set_verbosity_error()
    datasets.disable_progress_bars()


@contextmanager
def _alone(folder: Path, seeds: Sequence[int]) -> Iterator[None]:
    """Holds seeds of the folder for this process; another one may train others. The system lets go of them with the process."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            for name, how in ((".lock", fcntl.LOCK_SH), *((f".{seed}.lock", fcntl.LOCK_EX) for seed in seeds)):
                fcntl.flock(held.enter_context((folder / name).open("w")), how | fcntl.LOCK_NB)
        except BlockingIOError as error:
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
    return any(sentence in words for sentence in CUT_SHORT) or shutil.disk_usage(folder).free < 4096
