"""How fast is the linter: over the corpus on one core, and as a process beside `python -c "import click"`?

    python benchmarks/lint.py [--every N] [--write]

Reads ../shared/corpus/cards.parquet (20,231 Hub cards, 2021 to January 2023) beside the checkout in batches, reads and lints each
card and forgets it. One fresh process a slice (a quarter, a half, all of the cards), so that time can be held against the number
of cards and the peak memory is the slice's own. `--write` renews benchmarks/results/lint.md.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "lint.md"
SLICES = (0.25, 0.5, 1.0)
BATCH = 100
ROUNDS = 15
CARD = ROOT / "cards" / "distilbert-finetuned-ner" / "card.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="take every n-th card")
    parser.add_argument("--slice", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--rules", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.slice:
        print(json.dumps(by_rule(options.every) if options.rules else whole(options.slice, options.every)))
        return
    slices = [_fresh("--slice", str(share), "--every", str(options.every)) for share in SLICES]
    rules = _fresh("--slice", "1", "--rules", "--every", str(max(options.every, 5)))
    page = report(slices, rules, processes())
    print(page)
    if options.write:
        RESULT.write_text(page, encoding="utf-8")


def cards(share: float, every: int) -> Iterator[tuple[str, str]]:
    """Hub id and text of the first `share` of the corpus, a batch at a time."""
    from pyarrow import parquet

    file = parquet.ParquetFile(CORPUS, memory_map=True)
    last, at = int(file.metadata.num_rows * share), 0
    for batch in file.iter_batches(BATCH, columns=["hub_id", "card"], use_threads=False):
        for row in range(len(batch)):
            if at < last and at % every == 0:
                yield batch["hub_id"][row].as_py(), batch["card"][row].as_py()
            at += 1
        if at >= last:
            return


def whole(share: float, every: int) -> dict[str, Any]:
    """Seconds of processor and wall time for reading and for linting, the slowest cards and the peak memory."""
    sys.path.insert(0, str(ROOT))
    from cardaudit.lint import check_card
    from cardaudit.parse import read_card
    from cardaudit.targets import settled

    count, reading, linting = 0, 0.0, 0.0
    slowest: list[tuple[float, str]] = []
    start = time.perf_counter()
    for name, text in settled(cards(share, every)):  # as all batches of cards are linted
        before = time.process_time()
        card = read_card(text, name)
        between = time.process_time()
        check_card(card)
        after = time.process_time()
        count, reading, linting = count + 1, reading + between - before, linting + after - between
        slowest = sorted([*slowest, (after - before, name)], reverse=True)[:5]
    return {
        "cards": count,
        "reading": reading,
        "linting": linting,
        "wall": time.perf_counter() - start,
        "slowest": [(seconds, len(name)) for seconds, name in slowest],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def by_rule(every: int) -> dict[str, Any]:
    """Microseconds a card of each rule, and each rule's slowest card, over a sample."""
    sys.path.insert(0, str(ROOT))
    from cardaudit.parse import read_card
    from cardaudit.rule import NotCheckable, Subject, surfaces_of
    from cardaudit.rules import RULES

    total: dict[str, float] = dict.fromkeys((rule.name for rule in RULES), 0.0)
    longest: dict[str, float] = dict.fromkeys((rule.name for rule in RULES), 0.0)
    count = 0
    for name, text in cards(1.0, every):
        card = read_card(text, name)
        subject = Subject(card, surfaces=surfaces_of(card))
        count += 1
        for rule in RULES:
            start = time.process_time()
            with suppress(NotCheckable):
                rule.check(subject)
            seconds = time.process_time() - start
            total[rule.name] += seconds
            longest[rule.name] = max(longest[rule.name], seconds)
    return {"mean": {name: seconds / count * 1e6 for name, seconds in total.items()}, "longest": longest}


def processes() -> dict[str, float]:
    """Median milliseconds of `cardaudit lint card.md` and of `python -c "import click"`, turn by turn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "card.md"
        path.write_bytes(CARD.read_bytes())
        commands = {
            "lint": [sys.executable, "-m", "cardaudit", "lint", str(path)],
            "click": [sys.executable, "-c", "import click"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: sorted(each)[len(each) // 2] for name, each in times.items()}


def report(slices: list[dict[str, Any]], rules: dict[str, Any], started: dict[str, float]) -> str:
    """The page."""
    last, lint, click = slices[-1], started["lint"], started["click"]
    lines = [
        "# Speed of reading and linting",
        "",
        f"`python benchmarks/lint.py --write`, {datetime.date.today()}; {platform.machine()}, Python "
        f"{platform.python_version()}, one "
        f"core (load of the machine {os.getloadavg()[0]:.1f}). Goals: 1,000 cards a second, growing linearly, "
        f"in under 300 MB; as a "
        "process at most four times `import click`.",
        "",
        "| cards | processor s | cards a second | wall s | reading ms a card | linting ms a card | peak MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in slices:
        seconds = each["reading"] + each["linting"]
        lines.append(
            f"| {each['cards']:,} | {seconds:.1f} | {each['cards'] / seconds:,.0f} | {each['wall']:.1f} | "
            f"{each['reading'] / each['cards'] * 1000:.2f} | {each['linting'] / each['cards'] * 1000:.2f} | "
            f"{each['megabytes']:.0f} |"
        )
    slow = ", ".join(f"{seconds * 1000:.0f} ms" for seconds, _ in last["slowest"])
    costly = [f"{name} {micros:.0f}" for name, micros in Counter(rules["mean"]).most_common(5)]
    longest = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in Counter(rules["longest"]).most_common(5)]
    lines += [
        "",
        f"The five slowest cards: {slow}.",
        "",
        f"The five costliest rules, microseconds a card: {', '.join(costly)}.",
        "",
        f"The longest a rule took on one card: {', '.join(longest)}.",
        "",
        f"As a process (median of {ROUNDS}, turn by turn): `cardaudit lint card.md` {lint:.0f} ms, "
        f'`python -c "import click"` {click:.0f} ms, ratio {lint / click:.1f}.',
    ]
    return "\n".join(lines) + "\n"


def _fresh(*arguments: str) -> dict[str, Any]:
    """What this script measures in a process of its own."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


if __name__ == "__main__":
    main()
