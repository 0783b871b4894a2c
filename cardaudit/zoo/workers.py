"""Tasks on all cores: processes that read and check cards, fed no faster than they work, replaced when they die.

Each worker answers card by card and in order, so that the card in the hand of one that died is known: it is tried once more, and
then recorded as unreadable with the reason. The others that lay at it go to another worker.
"""

import os
import signal
from collections import Counter, deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from time import monotonic
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.targets import settled
from cardaudit.zoo.linting import Linted, Task, lint

AHEAD = 16  # cards that lie at a worker
AHEAD_BYTES = 2**22
FEW = 64  # cards that are sooner done here than a process is started
SECONDS_A_CARD = 120.0  # the longest real card takes under 1
SECONDS_A_ROUND = 0.002
TRIES = 2
Work = Iterator[Task | None]
"""Tasks as they come; None says that the next may take a while, so that results are looked after first."""


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work(tasks: Work, jobs: int, few: int = FEW, patience: float = SECONDS_A_CARD) -> Generator[list[Linted], None, None]:
    """What comes of the tasks, in rounds, in the order of completion. With one job, or few tasks, in this very process.

    A process that takes longer than `patience`, in seconds, for a card is ended as if it had died.
    """
    first = [] if jobs == 1 else list(islice((task for task in tasks if task is not None), few))
    if len(first) < few or jobs == 1:
        told: set[str] = set()
        for task in settled(_chained(first, tasks)):
            if task is not None:
                yield [lint(task, told)]
        return
    pool = _Pool(_chained(first, tasks), jobs, patience)
    try:
        yield from pool.rounds()
    finally:
        pool.close()


def _chained(first: list[Task], rest: Work) -> Work:
    yield from first
    yield from rest


class _Worker:
    """A process with the tasks that lie at it, in the order in which it answers."""

    def __init__(self, context: Any) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.held: deque[Task] = deque()
        self.bytes = 0
        self.since = monotonic()

    def room(self) -> int:
        """How many more cards it takes: some at once, or none, because each message has its price."""
        left = AHEAD - len(self.held)
        return left if left >= AHEAD // 2 and (not self.held or self.bytes < AHEAD_BYTES) else 0

    def give(self, tasks: list[Task]) -> None:
        if not self.held:
            self.since = monotonic()
        self.held.extend(tasks)
        self.bytes += sum(len(task.data) for task in tasks)
        self.connection.send(tasks)

    def done(self) -> Task:
        self.since = monotonic()
        task = self.held.popleft()
        self.bytes -= len(task.data)
        return task


class _Pool:
    def __init__(self, tasks: Work, jobs: int, patience: float) -> None:
        self._tasks: Work | None = tasks
        self._patience = patience
        self._again: deque[Task] = deque()
        self._deaths: Counter[int] = Counter()
        self._idle_deaths = 0
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(["cardaudit.zoo.linting", "cardaudit.zoo.workers"])
        self._selector = DefaultSelector()
        self._workers: list[_Worker] = []
        for _ in range(jobs):
            self._start()

    def rounds(self) -> Iterator[list[Linted]]:
        """Results as they come, those of two milliseconds together: a commit for each card would cost a tenth of the time."""
        done: list[Linted] = []
        due = 0.0
        while True:
            more = self._feed()
            if not more and not any(worker.held for worker in self._workers):
                break
            seconds = max(due - monotonic(), 0.0) if done else min(1.0, self._patience)
            received = self._receive(0.0 if more else seconds)
            if received and not done:
                due = monotonic() + SECONDS_A_ROUND
            done += received
            if done and monotonic() >= due:
                yield done
                done = []
        if done:
            yield done

    def close(self) -> None:
        self._selector.close()
        for worker in self._workers:
            worker.connection.close()
            worker.process.kill()
            worker.process.join()

    def _start(self) -> None:
        worker = _Worker(self._context)
        self._workers.append(worker)
        self._selector.register(worker.connection, EVENT_READ, worker)

    def _feed(self) -> bool:
        """Gives every worker what it has room for; False once all tasks are given, or all workers have enough."""
        for worker in self._workers:
            room = worker.room()
            if not room:
                continue
            tasks, more = self._next(room)
            if tasks:
                with suppress(OSError):  # it died: _receive finds out
                    worker.give(tasks)
            if more:
                return True
        return False

    def _next(self, room: int) -> tuple[list[Task], bool]:
        """The next tasks, at most so many; True where there will be more, but perhaps not at once."""
        tasks: list[Task] = []
        size = 0
        while len(tasks) < room and size < AHEAD_BYTES:
            if self._again:
                task: Task | None = self._again.popleft()
            elif self._tasks is None:
                break
            else:
                try:
                    task = next(self._tasks)
                except StopIteration:
                    self._tasks = None
                    break
            if task is None:
                return tasks, True
            tasks.append(task)
            size += len(task.data)
        return tasks, False

    def _receive(self, seconds: float) -> list[Linted]:
        done: list[Linted] = []
        for key, _ in self._selector.select(seconds):
            worker: _Worker = key.data
            try:
                linted: Linted = worker.connection.recv()
            except (EOFError, OSError):
                done += self._lost(worker, "ended while it was read")
            else:
                worker.done()
                self._idle_deaths = 0
                done.append(linted)
        now = monotonic()
        for worker in [each for each in self._workers if each.held and now - each.since > self._patience]:
            worker.process.kill()
            done += self._lost(worker, f"took longer than {self._patience:g} seconds and was ended")
        return done

    def _lost(self, worker: _Worker, how: str) -> list[Linted]:
        """A new worker in the place of a dead one; its card in hand comes back as a failure the second time."""
        self._selector.unregister(worker.connection)
        worker.connection.close()
        worker.process.join()
        self._workers.remove(worker)
        self._start()
        if not worker.held:
            self._idle_deaths += 1
            if self._idle_deaths > 3 * len(self._workers):
                raise CardauditError(f"worker processes end before they read a card ({_ending(worker)}): try --jobs 1")
            return []
        suspect, *others = worker.held
        self._again.extendleft(reversed(others))
        self._deaths[suspect.ticket] += 1
        if self._deaths[suspect.ticket] < TRIES:
            self._again.appendleft(suspect)
            return []
        return [Linted(suspect.ticket, f"the process that read it {how}, {TRIES} times ({_ending(worker)})")]


def _ending(worker: _Worker) -> str:
    code = worker.process.exitcode or 0
    return f"signal {-code}" if code < 0 else f"code {code}"


def serve(connection: Connection) -> None:
    """A worker's life: tasks in, results out, until the other end is gone. Ctrl-C is for the process that gives the tasks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks: SimpleQueue[Task] = SimpleQueue()
    Thread(target=_take, args=(connection, tasks), daemon=True).start()
    told: set[str] = set()
    for task in settled(iter(tasks.get, None)):
        try:
            connection.send(lint(task, told))
        except OSError:
            os._exit(0)


def _take(connection: Connection, tasks: "SimpleQueue[Task]") -> None:
    """Takes tasks off the pipe as they come, so that giving them never waits for an answer to be taken."""
    while True:
        try:
            for task in connection.recv():
                tasks.put(task)
        except (EOFError, OSError):
            os._exit(0)
