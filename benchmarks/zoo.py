"""How fast is `cardaudit zoo`, how does it grow, and what do kills cost?

    python benchmarks/zoo.py [PART ...] [--cards N] [--copies N] [--kills N] [--reproductions N] [--write]

Parts, all of them where none is named; a quiet machine is needed for the first three:

    corpus         the Hub cards of ../shared/corpus/cards.parquet on one core, on two, and again with nothing changed
    cluster        the same on a local Ray cluster of two nodes of one processor each, beside the plain processes
    copies         so many cards made of the corpus by giving each another name and a last line of its own
    kills          so many kill -9 at random moments of runs over 600 cards each
    reproductions  so many copies of the demo card, shortened, with 3 engines killed

Measured are whole processes. Memory (the proportional set) and processor time are those of all of them together, sampled twice a
second. `--write` keeps each part's figures in benchmarks/results/zoo.json as soon as it is measured, and renews zoo.md beside it.
The other parts stay there as they were measured before, so that one part can be measured again alone.
"""

import argparse
import datetime
import json
import os
import platform
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from zoo_processes import ROOT, Sample, Took, done, run, started
from zoo_report import PARTS, page

CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULTS = ROOT / "benchmarks" / "results"
FIGURES, PAGE = RESULTS / "zoo.json", RESULTS / "zoo.md"
KILLED_CARDS, KILLS_A_ZOO = 600, 5
TENTHS = 10
BATCH = 500
ENGINES_KILLED = 3
SHORT = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1", "--seeds", "1")
Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--cards", type=int, default=0, help="only the first N of the corpus")
    parser.add_argument("--copies", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--reproductions", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if strangers := set(options.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(strangers))}: there are {', '.join(PARTS)}")
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if options.write and FIGURES.exists() else {}
    for part, measure in measures(options).items():
        if options.parts and part not in options.parts:
            continue
        if part == "cluster" and find_spec("ray") is None:
            print("cluster: not measured, Ray is not installed", file=sys.stderr)
            continue
        began, surroundings = time.monotonic(), where()
        with tempfile.TemporaryDirectory(prefix="zoo-benchmark-") as folder:
            figures[part] = {**surroundings, **measure(Path(folder))}
        print(f"{part}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        if options.write:
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            PAGE.write_text(page(figures), encoding="utf-8")
    print(page(figures))


def measures(options: argparse.Namespace) -> dict[str, Callable[[Path], Figures]]:
    return {
        "corpus": lambda folder: corpus(folder, options.cards),
        "cluster": lambda folder: cluster(folder, options.cards),
        "copies": lambda folder: copies(folder, options.copies),
        "kills": lambda folder: kills(folder, options.kills),
        "reproductions": lambda folder: reproductions(folder, options.reproductions),
    }


def where() -> Figures:
    """When and on what a part is measured, and how busy it was before."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return {"day": datetime.date.today().isoformat(), "machine": machine, "load": round(os.getloadavg()[0], 1)}


def corpus(folder: Path, limit: int) -> Figures:
    source = first_cards(folder, limit)
    ways = [("first run", 1), ("first run", 2), ("again", 1), ("again", 2)]
    runs = {f"{when}, {jobs} core{'s' * (jobs > 1)}": row(run(source, folder / str(jobs), jobs)) for when, jobs in ways}
    return {"runs": runs, "store_mb": round((folder / "2" / "zoo.sqlite").stat().st_size / 2**20)}


def cluster(folder: Path, limit: int) -> Figures:
    """Processes, cluster, processes, so that what else the machine did in the meantime shows."""
    source = first_cards(folder, limit)
    runs = {"2 processes": row(run(source, folder / "before", 2))}
    with two_nodes() as address:
        runs["a Ray cluster of 2 nodes with 1 processor each"] = row(run(source, folder / "ray", 2, "--ray", address))
    runs["2 processes, once more"] = row(run(source, folder / "after", 2))
    return {"runs": runs}


def first_cards(folder: Path, limit: int) -> Path:
    return written(folder / "corpus.parquet", limit, renamed=False) if limit else CORPUS


def row(took: Took) -> Figures:
    seconds = {"linting": took.linting, "seconds": took.seconds, "processor": took.processor}
    return {
        "cards": took.cards,
        "checked": took.linted,
        **{key: round(value, 2) for key, value in seconds.items()},
        "peak": round(took.peak),
    }


def copies(folder: Path, count: int) -> Figures:
    """Cards made by renaming: memory and time over their number."""
    source = written(folder / "copies.parquet", count)
    first, again = run(source, folder / "many", 2), run(source, folder / "many", 2)
    marks = (count * tenth / TENTHS - BATCH for tenth in range(1, TENTHS + 1))
    samples = dict.fromkeys(next(each for each in first.samples if each.cards >= mark) for mark in marks)
    size = (folder / "many" / "zoo.sqlite").stat().st_size / 2**20
    runs = {"first run, 2 cores": row(first), "again, 2 cores": row(again)}
    return {"steps": list(map(step, samples)), "runs": runs, "page": round(first.peak_of_page), "store_mb": round(size)}


def step(at: Sample) -> Figures:
    memory = {"memory": at.usage.memory, "first": at.usage.first, "worker": at.usage.worker}
    return {"cards": at.cards, "seconds": round(at.seconds, 1), **{name: round(value) for name, value in memory.items()}}


def kills(folder: Path, count: int) -> Figures:
    """Stores after so many kill -9, a few each and all before their last card, held against that of an undisturbed run."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from zoo_samples import contents, write_snapshot

    source, chance = write_snapshot(folder / "killed.jsonl", KILLED_CARDS), random.Random(50)
    run(source, folder / "undisturbed", 2)
    stores, killed, lost, of_this = [folder / "killed-0"], 0, 0, 0
    while killed < count:
        if of_this == KILLS_A_ZOO or done(stores[-1]) == KILLED_CARDS:
            stores.append(folder / f"killed-{len(stores)}")
            of_this = 0
        before, after, alive = killed_at(source, stores[-1], chance.randint(done(stores[-1]), KILLED_CARDS - 1), chance)
        killed, of_this, lost = killed + alive, of_this + alive, lost + (after < before)
    for store in stores:
        run(source, store, 2)
    equal = sum(contents(store) == contents(folder / "undisturbed") for store in stores)
    return {"cards": KILLED_CARDS, "killed": killed, "stores": len(stores), "equal": equal, "lost": lost}


def killed_at(source: Path, target: Path, cards: int, chance: random.Random) -> tuple[int, int, bool]:
    """kill -9 for a run once its store has more than so many cards: what it had just before and after, and whether it lived."""
    process, before = started(source, target, 2), 0
    while process.poll() is None and before <= cards:
        before = done(target)
        time.sleep(chance.random() / 20)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return before, done(target), alive


def reproductions(folder: Path, count: int) -> Figures:
    """So many retrainings on the processors of this machine, while engines are killed."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from zoo_samples import engines

    for number in range(count):
        shutil.copytree(ROOT / "cards" / "invoice-demo", folder / "demos" / f"demo-{number}")
    began, killed, wanted = time.monotonic(), 0, min(ENGINES_KILLED, count)
    process = started(folder / "demos", folder / "retrained", 2, "--reproduce", "*", *SHORT)
    while process.poll() is None:
        time.sleep(0.5)
        finished = len(list(folder.glob("retrained/cards/*/runs/*/*/run.json")))
        if killed < wanted and finished >= killed * count // (wanted + 1):
            for engine in engines(folder)[: wanted - killed]:
                with suppress(OSError):
                    os.kill(engine, signal.SIGKILL)
                    killed += 1
    with closing(sqlite3.connect(folder / "retrained" / "zoo.sqlite")) as db:
        settled, tries = db.execute("SELECT sum(state = 'done'), sum(tries) FROM work").fetchone()
        runs, cards = db.execute("SELECT count(*), count(DISTINCT card_id) FROM runs").fetchone()
    took = round(time.monotonic() - began)
    return {"queued": count, "killed": killed, "done": settled, "tries": tries, "runs": runs, "cards": cards, "seconds": took}


@contextmanager
def two_nodes() -> Iterator[str]:
    """The address of a Ray cluster of two nodes with one processor each, by the tests' own means."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from ray_nodes import Cluster

    with Cluster(nodes=2) as nodes:
        yield nodes.address


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
