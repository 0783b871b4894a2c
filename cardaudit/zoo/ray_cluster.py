"""The same stages on a Ray cluster: cards in batches, a GPU for each reproduction, results into the store of who asks.

Every node needs this very version of cardaudit (and for reproductions the extra `reproduce`): one that reads otherwise is told.
Ray itself runs again what was lost with a worker or a node; a batch that keeps failing is taken apart, so that one card that ends
its process is given up alone.
"""

import hashlib
import socket
import sys
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from time import monotonic, time
from typing import Any, NamedTuple

from cardaudit.audit import Effort, train
from cardaudit.errors import CardauditError, EngineFailed, MissingExtra
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.records import Card
from cardaudit.runs import run_folder, write_plan
from cardaudit.zoo.linting import Linted, Task, lint, read
from cardaudit.zoo.versions import reader_digest
from cardaudit.zoo.workers import Work

CARDS = 64  # of a batch
BYTES = 2**20
AHEAD = 3  # batches for each processor
RETRIES = 4  # of a lost worker or node, by Ray
TRIES = 2  # of a batch that fails nevertheless
SECONDS_A_ROUND = 1.0
SECONDS_TO_ANSWER = 5.0
KEPT = ("*.json", "*.jsonl")


class _Batch(NamedTuple):
    tasks: tuple[Task, ...]
    tries: int = 0


def connect(address: str) -> dict[str, float]:
    """Joins a cluster; gives its resources ("CPU", "GPU"). Raises MissingExtra without Ray, CardauditError where none answers."""
    try:
        import ray
    except ImportError as error:
        raise MissingExtra("--ray needs Ray: pip install 'cardaudit[ray]'") from error
    if not ray.is_initialized():
        try:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        except (OSError, ValueError, RuntimeError) as error:
            raise CardauditError(f"no Ray cluster answers at {address}: start one with ray start --head") from error
    return dict(ray.cluster_resources())


def _knock(address: str) -> None:
    """Raises OSError where nobody listens: Ray itself would try for minutes, and then end the process."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host, int(port)), SECONDS_TO_ANSWER).close()


def leave() -> None:
    """Leaves the cluster, where one was joined; what it still does for this process ends."""
    if "ray" in sys.modules:
        sys.modules["ray"].shutdown()


def work_on_ray(tasks: Work, processors: float, retries: int = RETRIES) -> Generator[list[Linted], None, None]:
    """As workers.work, on the cluster that was joined: so many batches are on their way as its processors can soon take.

    `retries`: how often Ray itself runs a batch again whose worker or node was lost.
    """
    import ray

    spread = "SPREAD"  # else batches wait at the head while another node has nothing to do
    submit = ray.remote(num_cpus=1, max_retries=retries, scheduling_strategy=spread)(lint_batch)
    ours, most = reader_digest(), max(2, int(AHEAD * processors))
    again: deque[_Batch] = deque()
    pending: dict[Any, _Batch] = {}
    source: Work | None = tasks
    while source is not None or again or pending:
        while len(pending) < most and (source is not None or again):
            if again:
                batch = again.popleft()
            else:
                assert source is not None
                batch, more = _taken(source)
                source = source if more else None
                if not batch.tasks:
                    break
            pending[submit.remote(batch.tasks, ours)] = batch
        ready, _ = ray.wait(list(pending), timeout=SECONDS_A_ROUND) if pending else ([], [])
        for reference in ready:
            done, failed = _received(reference, pending.pop(reference))
            again.extend(failed)
            if done:
                yield done


def lint_batch(tasks: Sequence[Task], reader: str) -> list[Linted]:
    """On a node: as linting.lint, of a batch. Raises CardauditError where the node's cardaudit reads otherwise."""
    if reader_digest() != reader:
        from cardaudit import __version__

        raise CardauditError(f"a node of the cluster has another cardaudit ({__version__}, reader {reader_digest()})")
    told: set[str] = set()
    return [lint(task, told) for task in tasks]


def _taken(source: Work) -> tuple[_Batch, bool]:
    """The next batch of tasks, as many as there are without waiting; False where they are all."""
    some: list[Task] = []
    size = 0
    for task in source:
        if task is None:
            if some:
                return _Batch(tuple(some)), True
            continue
        some.append(task)
        size += len(task.data)
        if len(some) >= CARDS or size > BYTES:
            return _Batch(tuple(some)), True
    return _Batch(tuple(some)), False


def _received(reference: Any, batch: _Batch) -> tuple[list[Linted], list[_Batch]]:
    """What came of a batch, or the batches to try instead."""
    import ray

    try:
        return ray.get(reference), []
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, CardauditError):
            raise CardauditError(str(error.cause)) from error
        raise
    except ray.exceptions.RayError as error:  # workers and nodes that die, objects lost with them
        if len(batch.tasks) > 1:
            return [], [_Batch((task,)) for task in batch.tasks]
        if batch.tries + 1 < TRIES:
            return [], [_Batch(batch.tasks, batch.tries + 1)]
        return [Linted(batch.tasks[0].ticket, f"the process that read it ended on the cluster ({type(error).__name__})")], []


def train_on_ray(card: Card, shape: PlanSettings, effort: Effort, gpu: bool, folder: Path) -> Path:
    """Retrains a card on a node and writes its runs into `folder`; gives the path of its plan.

    Raises EngineFailed where the node or the engine was lost again and again, CardauditError where the card cannot be trained.
    """
    import ray

    sent = card.source.name, card.text.encode("utf-8", "surrogatepass")
    ends = None if effort.seconds is None else time() + effort.seconds  # another machine has another monotonic clock
    resources: dict[str, Any] = {"num_gpus": 1} if gpu else {"num_cpus": 1}
    train_there = ray.remote(max_retries=RETRIES, **resources)(train_here)
    try:
        files: dict[str, bytes] = ray.get(train_there.remote(*sent, shape, effort, ends, _kept(folder, folder / "runs")))
    except ray.exceptions.RayTaskError as error:
        kind = type(error.cause) if isinstance(error.cause, CardauditError) else EngineFailed
        raise kind(str(error.cause)) from error
    except ray.exceptions.RayError as error:
        raise EngineFailed(f"the node that trained it was lost ({type(error).__name__})") from error
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return next(folder / path for path in files if path.endswith("plan.json"))


def train_here(
    name: str, data: bytes, shape: PlanSettings, effort: Effort, ends: float | None, before: Mapping[str, bytes]
) -> dict[str, bytes]:
    """On a node: plans, fetches model and data, trains through the engine's process; gives the files of the runs.

    `ends`: when training must be over, by time.time(), in the place of the effort's own. `before`: files of runs that were made
    elsewhere. What a lost attempt left on this node is gone on with.
    """
    card = read(name, "row", data)
    folder = Path(gettempdir()) / "cardaudit-zoo" / hashlib.sha256(name.encode() + data).hexdigest()[:16]
    for path, content in before.items():
        if not (folder / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    plan = make_plan(card, shape)
    write_plan(plan, run_folder(folder, plan) / "plan.json")  # also where no time is left for the engine to do so
    train(card, plan, folder, lambda _: None, replace(effort, until=None if ends is None else monotonic() + ends - time()))
    return _kept(folder, run_folder(folder, plan))


def _kept(folder: Path, runs: Path) -> dict[str, bytes]:
    """The records of runs below a folder, without what resuming needs."""
    kept = [path for pattern in KEPT for path in runs.rglob(pattern) if "checkpoint" not in str(path.relative_to(runs))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}
