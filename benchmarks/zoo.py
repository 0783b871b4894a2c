"""How fast is `cardaudit zoo`, how does it grow, and what do kills cost?

    python benchmarks/zoo.py [--cards N] [--copies N] [--kills N] [--reproductions N] [--ray] [--write]

Corpus: ../shared/corpus/cards.parquet (20,231 Hub cards) beside the checkout, `--cards` takes the first N of it. Measured are
whole processes: on one core, on two, and again with nothing changed. Copies: so many cards made of the corpus by giving each
another name and a last line of its own, in one Parquet file. Memory (the proportional set) and processor time are those of all
processes together, sampled twice a second. Kills: so many kill -9 at random moments of runs over 600 cards. Reproductions: so
many copies of the demo card, shortened, with 3 engines killed. `--ray`: the corpus on a local cluster of two nodes, of one
processor each. `--write` renews benchmarks/results/zoo.md; run it on a quiet machine.
"""

import argparse
import datetime
import os
import platform
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from zoo_processes import ROOT, Sample, Took, done, run, started

CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "zoo.md"
KILLED_CARDS = 600
PARTS = 10
BATCH = 500
ENGINES_KILLED = 3
SHORT = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1", "--seeds", "1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cards", type=int, default=0, help="only the first N of the corpus")
    parser.add_argument("--copies", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--reproductions", type=int, default=20)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zoo-benchmark-") as folder:
        lines = [*head(), *corpus(Path(folder), options.cards, options.ray), *growth(Path(folder), options.copies)]
        lines += [*kills(Path(folder), options.kills), *reproductions(Path(folder), options.reproductions)]
    page = "\n".join(lines) + "\n"
    print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def head() -> list[str]:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    day, load = datetime.date.today().isoformat(), os.getloadavg()[0]
    return ["# The zoo", "", f"{day}, {machine}, load before {load:.1f}. Written by `python benchmarks/zoo.py --write`.", ""]


def corpus(folder: Path, limit: int, cluster: bool) -> list[str]:
    """The corpus on one core and on two, then again with nothing changed."""
    source = written(folder / "corpus.parquet", limit, renamed=False) if limit else CORPUS
    ways = [("first run", 1), ("first run", 2), ("again", 1), ("again", 2)]
    runs = {(when, jobs): run(source, folder / str(jobs), jobs) for when, jobs in ways}
    one, two = runs["first run", 1], runs["first run", 2]
    rows = [row(f"{when}, {jobs} core{'s' * (jobs > 1)}", took) for (when, jobs), took in runs.items()]
    told = [f"Two cores are {one.linting / two.linting:.2f} times as fast as one."]
    if cluster:
        with two_nodes() as address:
            far = run(source, folder / "ray", 2, "--ray", address)
        rows.append(row("first run, a Ray cluster of 2 nodes with 1 processor each", far))
        told.append(f"The cluster takes {far.linting / two.linting:.2f} times as long as the processes of one machine.")
    size = (folder / "2" / "zoo.sqlite").stat().st_size / 2**20
    return [
        "## The corpus",
        "",
        "| run | cards | checked | cards a second | linting s | whole command s | processor s | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        " ".join([*told, f"The store has {size:.0f} MB."]),
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
    parts = (count * part / PARTS - BATCH for part in range(1, PARTS + 1))
    steps = list(dict.fromkeys(next(each for each in first.samples if each.cards >= part) for part in parts))
    return [
        f"## {count:,} cards made of the corpus by renaming",
        "",
        "| cards so far | seconds | cards a second since the line above | MB of all processes |",
        "| --- | --- | --- | --- |",
        *(step(last, now) for last, now in zip((Sample(0, 0, 0, 0), *steps), steps, strict=False)),
        "",
        *("| run | cards | checked | cards a second | linting s | whole command s | processor s | peak MB |",),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        row("first run, 2 cores", first),
        row("again, 2 cores", again),
        "",
    ]


def step(last: Sample, now: Sample) -> str:
    rate = (now.cards - last.cards) / (now.seconds - last.seconds)
    return f"| {now.cards:,} | {now.seconds:.1f} | {rate:,.0f} | {now.memory:.0f} |"


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


def reproductions(folder: Path, count: int) -> list[str]:
    """So many retrainings on the processors of this machine, while engines are killed."""
    if not count:
        return []
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from zoo_samples import engines

    for number in range(count):
        shutil.copytree(ROOT / "cards" / "invoice-demo", folder / "demos" / f"demo-{number}")
    began, killed = time.monotonic(), 0
    process = started(folder / "demos", folder / "retrained", 2, "--reproduce", "*", *SHORT)
    while process.poll() is None:
        time.sleep(1)
        runs = len(list(folder.glob("retrained/cards/*/runs/*/*/run.json")))
        if killed < ENGINES_KILLED and runs >= 2 * (killed + 1):
            for engine in engines(folder):
                with suppress(OSError):
                    os.kill(engine, signal.SIGKILL)
                    killed += 1
    with closing(sqlite3.connect(folder / "retrained" / "zoo.sqlite")) as db:
        done, tries = db.execute("SELECT sum(state = 'done'), sum(tries) FROM work").fetchone()
        runs = db.execute("SELECT count(*) FROM runs").fetchone()[0]
    told = f"{count} reproductions queued, {killed} engines killed: {done} finished, {tries} settled, {runs} runs"
    return ["## Reproductions", "", f"{told}, {time.monotonic() - began:.0f} s.", ""]


@contextmanager
def two_nodes() -> Iterator[str]:
    """The address of a Ray cluster of two nodes with one processor each, by the tests' own means."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from ray_nodes import Cluster

    with Cluster(nodes=2) as cluster:
        yield cluster.address


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
