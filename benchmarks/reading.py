"""How fast are real cards read, and what share of their numbers?

    python benchmarks/reading.py [--every N] [--write]

Reads ../shared/corpus/cards.parquet (20,231 Hub cards, 2021 to January 2023) beside the checkout, on one core, side by side with
`huggingface_hub.ModelCard(text)`, which loads the front matter only. `--write` renews benchmarks/results/reading.md, which holds
counts only, so that each change of the readers shows there as a difference.
"""

import argparse
import datetime
import gc
import logging
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "reading.md"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from table_agreement import REASONS, Agreement, compare_tables  # noqa: E402

from cardaudit.coverage import coverage, prints  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.records import Card  # noqa: E402
from cardaudit.targets import settled  # noqa: E402

BATCH = 100
QUARTERS = 4


@dataclass
class Share:
    """Of one dialect: its cards, the numbers on them, those that were read, and the fields filled."""

    cards: int = 0
    numbers: int = 0
    read: int = 0
    fields: int = 0


@dataclass
class Tally:
    """Seconds are of processor time; `raised` counts the cards on which ModelCard raised, by exception."""

    cards: int = 0
    ours: float = 0.0
    theirs: float = 0.0
    slowest: float = 0.0
    raised: Counter[str] = field(default_factory=Counter)
    shares: dict[str, Share] = field(default_factory=dict)
    agreement: Agreement = field(default_factory=Agreement)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="take every n-th card")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    hold_one_core()
    memory = streamed_memory(CORPUS)
    tally = measure(options.every)
    page = render(tally, memory)
    print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def hold_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(every: int) -> Tally:
    """Both readers in turn on batches of cards, so that whatever else the machine does slows both."""
    from huggingface_hub import ModelCard

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    tally, batch = Tally(), list[str]()
    read_card("# warm"), ModelCard("---\na: 1\n---\n")
    gc.collect()
    for text in settled(texts(every)):  # as all batches of cards are read
        batch.append(text)
        if len(batch) == BATCH:
            measure_batch(tally, batch, ModelCard)
            batch = []
    measure_batch(tally, batch, ModelCard)
    return tally


def measure_batch(tally: Tally, batch: list[str], model_card: Callable[[str], object]) -> None:
    cards = []
    for text in batch:
        began = time.process_time()
        cards.append(read_card(text))
        seconds = time.process_time() - began
        tally.ours += seconds
        tally.slowest = max(tally.slowest, seconds)
    began = time.process_time()
    for text in batch:
        try:
            model_card(text)
        except Exception as error:  # whatever it raises is what is counted
            tally.raised[type(error).__name__] += 1
    tally.theirs += time.process_time() - began
    for card in cards:
        count(tally, card)
        compare_tables(card.text, tally.agreement)


def count(tally: Tally, card: Card) -> None:
    share, counted = tally.shares.setdefault(card.dialect, Share()), coverage(card)
    tally.cards += 1
    share.cards += 1
    share.numbers += counted.seen
    share.read += counted.read
    share.fields += len(prints(card)) + len(card.datasets) + (card.optimizer is not None)
    share.fields += sum(bool(getattr(card.metadata, each.name)) for each in fields(card.metadata))


def texts(every: int) -> Iterator[str]:
    from pyarrow import parquet

    at = 0
    for part in parquet.ParquetFile(CORPUS).iter_batches(1_000, columns=["card"]):
        for text in part.column(0).to_pylist():
            if at % every == 0:
                yield text or ""
            at += 1


def streamed_memory(path: Path) -> list[float]:
    """Peak memory in MB of a process of its own, after each quarter of a file of cards whose records it drops."""
    code = (
        "import resource, sys; from cardaudit.targets import read_target\n"
        "for number, _ in enumerate(read_target(sys.argv[1]), 1):\n"
        "    if number % int(sys.argv[2]) == 0: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    from pyarrow import parquet

    rows = parquet.ParquetFile(path).metadata.num_rows
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path), str(rows // QUARTERS)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [float(line) for line in ran.stdout.split()][:QUARTERS]


def render(tally: Tally, memory: list[float]) -> str:
    ours, theirs = tally.cards / tally.ours, tally.cards / tally.theirs
    raised = ", ".join(f"{name} {count:,}" for name, count in tally.raised.most_common()) or "nothing"
    lines = [
        "# Reading real cards",
        "",
        f"{tally.cards:,} distinct Hub cards, crawled 2021 to January 2023; `python benchmarks/reading.py --write` on "
        f"{datetime.date.today().isoformat()}, {platform.machine()}, {machine()}, one core, Python {platform.python_version()}, "
        f"PyYAML {version('PyYAML')}.",
        "",
        "| reader | cards a second | raised on |",
        "| --- | ---: | ---: |",
        f"| `cardaudit.read_card(text)`: the whole card | {ours:,.0f} | 0 |",
        f"| `huggingface_hub.ModelCard(text)` {version('huggingface_hub')}: the front matter | {theirs:,.0f} "
        f"| {tally.raised.total():,} ({tally.raised.total() / tally.cards:.1%}) |",
        "",
        f"That is {ours / theirs:.1f} times as many, in processor time, side by side in batches of {BATCH}. "
        f"ModelCard raised: {raised}. Our slowest card took {tally.slowest * 1000:.0f} ms. "
        f"Streaming the Parquet file, the peak memory after each quarter was {', '.join(f'{each:,.0f}' for each in memory)} MB.",
        "",
        "## What was read",
        "",
        "Numbers are those of the fields and those on lines outside code, comments and front matter that no field took; what a "
        "program printed into a fence (logs, metrics, tables) is no code. "
        "Fields are all values that a record holds, words included.",
        "",
        "| dialect | cards | numbers | read | share | fields a card |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    total = Share()
    for name, share in sorted(tally.shares.items(), key=lambda each: -each[1].cards):
        lines.append(share_row(name, share))
        for key in ("cards", "numbers", "read", "fields"):
            setattr(total, key, getattr(total, key) + getattr(share, key))
    lines += [share_row("all", total), "", *agreement_lines(tally.agreement)]
    return "\n".join(lines) + "\n"


def share_row(name: str, share: Share) -> str:
    part = share.read / share.numbers if share.numbers else 1.0
    return f"| {name} | {share.cards:,} | {share.numbers:,} | {share.read:,} | {part:.1%} | {share.fields / share.cards:.1f} |"


def agreement_lines(agreement: Agreement) -> list[str]:
    tables = agreement.same + agreement.causes.total()
    return [
        "## Tables beside markdown-it-py",
        "",
        f"{agreement.same:,} of {tables:,} tables have the same lines and cells as in markdown-it-py "
        f"{version('markdown-it-py')}. The others, each by its cause and why ours stays:",
        "",
        "| cause | tables | why |",
        "| --- | ---: | --- |",
        *(f"| {cause} | {count:,} | {REASONS[cause]} |" for cause, count in agreement.causes.most_common()),
    ]


def machine() -> str:
    """The processor's name where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


if __name__ == "__main__":
    main()
