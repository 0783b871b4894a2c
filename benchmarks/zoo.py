"""How fast is `cardaudit zoo`, how does it grow, and what do kills cost?

    python benchmarks/zoo.py [--cards N] [--copies N] [--kills N] [--write]

Corpus: ../shared/corpus/cards.parquet (20,231 Hub cards) beside the checkout, `--cards` takes the first N of it. Measured are whole
processes: on one core, on two, and again with nothing changed. Copies: so many cards made of the corpus by giving each another name
and a last line of its own, in one Parquet file; memory is the proportional set of all processes together, sampled twice a second.
Kills: so many kill -9 at random moments of runs over 600 cards. `--write` renews benchmarks/results/zoo.md; run it on a quiet
machine.
"""

import argparse
import datetime
import os
import platform
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "zoo.md"
KILLED_CARDS = 600
PARTS = 10
SAMPLED = 0.5  # seconds
BATCH = 500


class Sample(NamedTuple):
    """A moment of a run: seconds since the process began, cards done, MB of all its processes."""

    seconds: float
    cards: int
    memory: float


class Took(NamedTuple):
    """One process. `linting`: seconds from the first card to the last; `seconds` and `processor`: with start and index page."""

    cards: int
    linted: int
    linting: float
    seconds: float
    processor: float
    samples: tuple[Sample, ...]

    @property
    def peak(self) -> float:
        return max((sample.memory for sample in self.samples), default=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cards", type=int, default=0, help="only the first N of the corpus")
    parser.add_argument("--copies", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zoo-benchmark-") as folder:
        lines = [*head(), *corpus(Path(folder), options.cards), *growth(Path(folder), options.copies)]
        lines += kills(Path(folder), options.kills)
    page = "\n".join(lines) + "\n"
    print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def head() -> list[str]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    day, load = datetime.date.today().isoformat(), os.getloadavg()[0]
    return ["# The zoo", "", f"{day}, {machine}, load before {load:.1f}. Written by `python benchmarks/zoo.py --write`.", ""]


def corpus(folder: Path, limit: int) -> list[str]:
    """The corpus on one core and on two, then again with nothing changed."""
    source = written(folder / "corpus.parquet", limit, renamed=False) if limit else CORPUS
    runs = {f"{when}, {jobs} core{'s' * (jobs > 1)}": (jobs, run(source, folder / str(jobs), jobs)) for when, jobs in (
        ("first run", 1), ("first run", 2), ("again", 1), ("again", 2)
    )}  # fmt: skip
    one, two = runs["first run, 1 core"][1], runs["first run, 2 cores"][1]
    size = (folder / "2" / "zoo.sqlite").stat().st_size / 2**20
    return [
        "## The corpus",
        "",
        "| run | cards | checked | cards a second | linting s | whole command s | processor s | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(row(name, took) for name, (_, took) in runs.items()),
        "",
        f"Two cores are {one.linting / two.linting:.2f} times as fast as one. The store has {size:.0f} MB.",
        "",
    ]


def row(name: str, took: Took) -> str:
    rate = f"{took.cards / took.linting:,.0f}"
    times = f"{took.linting:.1f} | {took.seconds:.1f} | {took.processor:.1f}"
    return f"| {name} | {took.cards:,} | {took.linted:,} | {rate} | {times} | {took.peak:.0f} |"


def growth(folder: Path, count: int) -> list[str]:
    """Cards made by renaming: memory and time over their number."""
    if not count:
        return []
    source = written(folder / "copies.parquet", count)
    first, again = run(source, folder / "many", 2), run(source, folder / "many", 2)
    steps = [next(s for s in first.samples if s.cards >= count * part / PARTS - BATCH) for part in range(1, PARTS + 1)]
    return [
        f"## {count:,} cards made of the corpus by renaming",
        "",
        "| cards so far | seconds | cards a second since the line above | MB of all processes |",
        "| --- | --- | --- | --- |",
        *(
            f"| {now.cards:,} | {now.seconds:.1f} | {(now.cards - last.cards) / (now.seconds - last.seconds):,.0f} | {now.memory:.0f} |"
            for last, now in zip((Sample(0, 0, 0), *steps), steps, strict=False)
        ),
        "",
        *("| run | cards | checked | cards a second | linting s | whole command s | processor s | peak MB |",),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        row("first run, 2 cores", first),
        row("again, 2 cores", again),
        "",
    ]


def kills(folder: Path, count: int) -> list[str]:
    """The store after so many kill -9, held against that of an undisturbed run."""
    if not count:
        return []
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from zoo_samples import contents, write_snapshot

    source, chance = write_snapshot(folder / "killed.jsonl", KILLED_CARDS), random.Random(50)
    run(source, folder / "undisturbed", 2)
    killed = lost = 0
    for number in range(count):
        target, before = folder / f"killed-{number // 5}", 0
        process = started(source, target, 2)
        while process.poll() is None and done(target) < chance.randrange(KILLED_CARDS):
            before = done(target)
            time.sleep(chance.random() / 10)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
        lost += done(target) < before
    stores = [folder / f"killed-{number}" for number in range((count + 4) // 5)]
    for store in stores:
        run(source, store, 2)
    equal = sum(contents(store) == contents(folder / "undisturbed") for store in stores)
    told = f"{killed} kill -9 at random moments of {len(stores)} zoos of {KILLED_CARDS} cards, then one run each to the end"
    return ["## Kills", "", f"{told}: {equal} of {len(stores)} stores equal that of an undisturbed run; {lost} lost a card.", ""]


def started(source: Path, folder: Path, jobs: int) -> "subprocess.Popen[bytes]":
    """`cardaudit zoo` on so many cores, in a session of its own."""
    command = [sys.executable, "-m", "cardaudit", "zoo", str(source), "-o", str(folder), "--jobs", str(jobs)]
    options = ["--no-pages", "--fail-on", "never", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    processors = set(sorted(os.sched_getaffinity(0))[:jobs])
    return subprocess.Popen(
        [*command, *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )


def run(source: Path, folder: Path, jobs: int) -> Took:
    began, spent = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process, samples = started(source, folder, jobs), []
    while process.poll() is None:
        time.sleep(SAMPLED)
        samples.append(Sample(time.monotonic() - began, done(folder, "cards"), memory(process.pid)))
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 2):
        raise SystemExit(f"cardaudit zoo {source} ended with {process.returncode}")
    processor = after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime
    with closing(sqlite3.connect(folder / "zoo.sqlite")) as db:
        cards, linted, linting = db.execute("SELECT cards, linted, seconds FROM sessions ORDER BY id DESC LIMIT 1").fetchone()
    return Took(cards, linted, linting, seconds, processor, (*samples, Sample(seconds, cards, 0.0)))


def done(folder: Path, column: str = "linted + unchanged") -> int:
    """The cards that a store has of its last session."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{folder / 'zoo.sqlite'}?mode=ro", uri=True)) as db:
        if column != "cards":
            return int(db.execute("SELECT count(*) FROM cards").fetchone()[0])
        return int(db.execute("SELECT cards FROM sessions ORDER BY id DESC LIMIT 1").fetchone()[0])
    return 0


def memory(leader: int) -> float:
    """MB of a session's processes: proportional, so that pages which they share count once."""
    kilobytes = 0
    for process in Path("/proc").iterdir():
        with suppress(OSError, ValueError, StopIteration):
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                lines = (process / "smaps_rollup").read_text().splitlines()
                kilobytes += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return kilobytes / 1024


def written(path: Path, count: int, renamed: bool = True) -> Path:
    """A Parquet file of so many cards out of the corpus, again and again from its start."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([("hub_id", pa.string()), ("card", pa.string())])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in batches(count, renamed):
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return path


def batches(count: int, renamed: bool) -> Iterator[list[dict[str, Any]]]:
    from pyarrow import parquet

    number, copy = 0, 0
    while number < count:
        for batch in parquet.ParquetFile(CORPUS).iter_batches(BATCH, use_threads=False):
            rows = batch.to_pylist()[: count - number]
            number += len(rows)
            yield [_copied(each, copy) for each in rows] if renamed else rows
            if number >= count:
                return
        copy += 1


def _copied(each: dict[str, Any], copy: int) -> dict[str, Any]:
    return {"hub_id": f"copy-{copy}-{each['hub_id']}", "card": f"{each['card']}\n\nCopy {copy}.\n"}


if __name__ == "__main__":
    main()
