"""`cardaudit zoo` as processes that are measured from outside: for zoo.py."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SAMPLED = 0.5  # seconds


class Usage(NamedTuple):
    """What all processes of a session take: MB, of that the first one's and the largest worker's; processor seconds."""

    memory: float
    first: float
    worker: float
    processor: float


class Sample(NamedTuple):
    """A moment of a run: seconds since the process began, cards done, what its processes take."""

    seconds: float
    cards: int
    usage: Usage


class Took(NamedTuple):
    """One process. `linting`: seconds from the first card to the last; `seconds`: with start and index page."""

    cards: int
    linted: int
    linting: float
    seconds: float
    samples: tuple[Sample, ...]

    @property
    def processor(self) -> float:
        return max((sample.usage.processor for sample in self.samples), default=0.0)

    @property
    def peak(self) -> float:
        return max((sample.usage.memory for sample in self.samples), default=0.0)

    @property
    def peak_of_page(self) -> float:
        """MB while the index page was made: all cards are done and no worker is left."""
        made = [sample.usage for sample in self.samples if sample.cards == self.cards and not sample.usage.worker]
        return max((usage.memory for usage in made), default=0.0)


def started(source: Path, folder: Path, jobs: int, *options: str) -> "subprocess.Popen[bytes]":
    """`cardaudit zoo` on so many cores, in a session of its own."""
    command = [sys.executable, "-m", "cardaudit", "zoo", str(source), "-o", str(folder), "--jobs", str(jobs)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    processors = set(sorted(os.sched_getaffinity(0))[:jobs])
    return subprocess.Popen(
        [*command, "--no-pages", "--fail-on", "never", "--quiet", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )


def run(source: Path, folder: Path, jobs: int, *options: str) -> Took:
    began, samples = time.monotonic(), []
    process = started(source, folder, jobs, *options)
    while process.poll() is None:
        samples.append(Sample(time.monotonic() - began, done(folder, "cards"), usage(process.pid)))
        time.sleep(SAMPLED)
    seconds = time.monotonic() - began
    if process.returncode not in (0, 2):
        raise SystemExit(f"cardaudit zoo {source} ended with {process.returncode}")
    with closing(sqlite3.connect(folder / "zoo.sqlite")) as db:
        cards, linted, linting = db.execute("SELECT cards, linted, seconds FROM sessions ORDER BY id DESC LIMIT 1").fetchone()
    return Took(cards, linted, linting, seconds, (*samples, Sample(seconds, cards, Usage(0.0, 0.0, 0.0, 0.0))))


def done(folder: Path, column: str = "linted + unchanged") -> int:
    """The cards that a store has of its last session."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{folder / 'zoo.sqlite'}?mode=ro", uri=True)) as db:
        if column != "cards":
            return int(db.execute("SELECT count(*) FROM cards").fetchone()[0])
        return int(db.execute("SELECT cards FROM sessions ORDER BY id DESC LIMIT 1").fetchone()[0])
    return 0


def usage(leader: int) -> Usage:
    """Memory is proportional, so that pages which processes share count once."""
    first, servants, workers, ticks = 0, 0, [0], 0
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError, StopIteration):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != leader:
                continue
            lines = (process / "smaps_rollup").read_text().splitlines()
            kilobytes = int(next(line for line in lines if line.startswith("Pss:")).split()[1])
            ticks += sum(map(int, fields[11:15]))
            if int(process.name) == leader:
                first = kilobytes
            elif int(fields[1]) == leader:
                servants += kilobytes
            else:
                workers.append(kilobytes)
    memory = (first + servants + sum(workers)) / 1024
    return Usage(memory, first / 1024, max(workers) / 1024, ticks / os.sysconf("SC_CLK_TCK"))
