"""How often does each rule fire on real cards, and how fast is the linter?

    python benchmarks/lint_corpus.py [--limit N] [--write]
    python benchmarks/lint_corpus.py --show RULE [--limit N]

Reads ../shared/corpus/cards.parquet (20,231 Hub cards, 2021 to January 2023) beside the checkout. `--write` renews
benchmarks/results/lint-corpus.md, which holds counts only; `--show` prints a rule's findings with their cards, to look at by eye.
"""

import argparse
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "cards.parquet"
RESULT = ROOT / "benchmarks" / "results" / "lint-corpus.md"
sys.path.insert(0, str(ROOT))

from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.rules import RULES  # noqa: E402


@dataclass
class Tally:
    """Counts of cards by rule and end, and of findings by rule, kind and severity."""

    cards: int = 0
    reading_seconds: float = 0.0
    linting_seconds: float = 0.0
    slowest_seconds: float = 0.0
    ends: dict[str, Counter[str]] = field(default_factory=lambda: {rule.name: Counter() for rule in RULES})
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: {rule.name: Counter() for rule in RULES})
    internal_errors: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--every", type=int, default=1, help="take every n-th card")
    parser.add_argument("--show", metavar="RULE")
    parser.add_argument("--kind", help="with --show: findings of this kind only")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    for hub_id, text in cards(options.limit, options.every):
        _lint(tally, hub_id, text, options.show, options.kind)
    if not options.show:
        table = _table(tally)
        print(table)
        if options.write:
            RESULT.write_text(table, encoding="utf-8")


def cards(limit: int | None, every: int) -> Iterator[tuple[str, str]]:
    """Hub id and text of each card of the corpus."""
    from pyarrow import parquet

    table = parquet.read_table(CORPUS, columns=["hub_id", "card"])
    rows = zip(table["hub_id"].to_pylist(), table["card"].to_pylist(), strict=True)
    yield from [row for index, row in enumerate(rows) if index % every == 0][:limit]


def _lint(tally: Tally, hub_id: str, text: str, show: str | None, kind: str | None) -> None:
    start = time.process_time()
    card = read_card(text, hub_id)
    middle = time.process_time()
    checkup = check_card(card)
    end = time.process_time()
    tally.cards += 1
    tally.reading_seconds += middle - start
    tally.linting_seconds += end - middle
    tally.slowest_seconds = max(tally.slowest_seconds, end - start)
    for name in {finding.rule for finding in checkup.findings}:
        tally.ends[name]["found"] += 1
    for name in checkup.clear:
        tally.ends[name]["clear"] += 1
    for each in checkup.unchecked:
        if each.because.startswith("internal error"):
            tally.internal_errors += 1
            print(hub_id, each, file=sys.stderr)
        tally.ends[each.rule]["unchecked"] += 1
    for finding in checkup.findings:
        tally.kinds[finding.rule][finding.kind] += 1
        if finding.rule == show and kind in (None, finding.kind):
            print(f"{hub_id}:{card.line(finding.at[0].span)} [{card.dialect}] {finding.kind}: {finding.message}")


def _table(tally: Tally) -> str:
    kinds = ("inconsistent", "suspicious", "missing", "note")
    seconds = tally.reading_seconds + tally.linting_seconds
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        "# Firing counts on real cards",
        "",
        f"{tally.cards:,} distinct Hub cards, crawled 2021 to January 2023; `python benchmarks/lint_corpus.py --write`.",
        "",
        f"Speed: {tally.cards / seconds:,.0f} cards a second of processor time in one process "
        f"({tally.reading_seconds:.1f} s reading, {tally.linting_seconds:.1f} s linting, slowest card "
        f"{tally.slowest_seconds * 1000:.0f} ms), {megabytes:,.0f} MB with the corpus in memory; {platform.machine()}, "
        f"Python {platform.python_version()}. Internal errors: {tally.internal_errors}.",
        "",
        "Found, clear and unchecked count cards; the kinds count findings.",
        "",
        f"| rule | found | clear | unchecked | {' | '.join(kinds)} |",
        f"| --- | {' | '.join(['---:'] * (3 + len(kinds)))} |",
    ]
    for rule in RULES:
        ends, of_kind = tally.ends[rule.name], tally.kinds[rule.name]
        counts = [ends["found"], ends["clear"], ends["unchecked"], *(of_kind[kind] for kind in kinds)]
        lines.append(f"| {rule.name} | {' | '.join(f'{count:,}' for count in counts)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
