"""How fast does a zoo's page open and filter?

    python benchmarks/zoo_page.py [--cards N ...] [--write]

Opens index pages of invented cards in Debian's headless Chromium, from disk, a fresh page each time, and takes the medians of
five: until the page's load event is over, and from each change of the filter until the page is laid out again. The first
measurement of each size waits a second, as a reader does, before the filter is used. `--write` renews
benchmarks/results/zoo-page.md.
"""

import argparse
import datetime
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "zoo-page.md"
sys.path[:0] = [str(ROOT)]

from cardaudit.records import RuleCount, Zoo, ZooRow  # noqa: E402
from cardaudit.report import save_zoo  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
RULES = ("zero-f1", "inconsistent-f1", "unnamed-dataset", "placeholder-text", "missing-metadata", "false-trend-claim")
TASKS = ("token-classification", "text-classification", "text-generation", "automatic-speech-recognition", None)
BASES = ("bert-base-cased", "distilbert-base-uncased", "xlm-roberta-base", None)
DATA = ("conll2003", "glue", "emotion", "imdb", None)
QUERIES = ("rule:zero-f1", "model-01", "-severity:error base:roberta", "glue token", "year:2023 -rule:zero-f1", "")
REPEATS = 5
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
FILTERED = """query => {
  const field = document.getElementById("query"), start = performance.now();
  field.value = query;
  field.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""


def invented(count: int) -> Zoo:
    """A zoo of `count` cards of 977 authors, a zero to four findings each."""
    chance = random.Random(count)
    rows = tuple(_card(i, chance) for i in range(count))
    rules = tuple(
        RuleCount(rule, "error" if i < 2 else "info", sum(rule in row.rules for row in rows), count)
        for i, rule in enumerate(RULES)
    )
    return Zoo("invented", rows, rules, datetime.datetime.now(datetime.UTC).isoformat(), "0")


def _card(i: int, chance: random.Random) -> ZooRow:
    name = f"author-{i % 977}/model-{i:06}"
    rules = tuple(chance.sample(RULES, chance.randint(0, 4)))
    errors = len({"zero-f1", "inconsistent-f1"} & set(rules))
    return ZooRow(
        name, f"cards/{name}/report.html", f"model-{i:06}", chance.choice(TASKS), chance.choice(BASES), chance.choice(DATA),
        chance.choice(("f1", "accuracy")), f"{chance.random():.4f}", errors=errors, notes=len(rules) - errors, rules=rules,
        numbers_read=chance.randint(3, 40), numbers_seen=40, downloads=int(10 ** chance.uniform(0, 6)),
        author=f"author-{i % 977}", year=chance.randint(2021, 2026), twins=f"{i % 9000:x}" if i % 7 == 0 else "",
    )  # fmt: skip


def measured(browser: object, page_file: Path) -> tuple[float, dict[str, float]]:
    """Milliseconds until loaded, and for each query until laid out again; medians."""
    loads: list[float] = []
    filters: dict[str, list[float]] = {query: [] for query in QUERIES}
    for _ in range(REPEATS):
        page = browser.new_page(viewport={"width": 1280, "height": 900})  # type: ignore[attr-defined]
        page.goto(page_file.as_uri())
        loads.append(page.evaluate(LOADED))
        page.wait_for_timeout(1000)
        for query in QUERIES:
            filters[query].append(page.evaluate(FILTERED, query))
        page.close()
    return statistics.median(loads), {query: statistics.median(times) for query, times in filters.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, nargs="+", default=[1_000, 10_000, 50_000, 100_000])
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    from playwright.sync_api import sync_playwright

    lines = ["| cards | page, MB | loaded, ms | " + " | ".join(f"`{query or '(all)'}`, ms" for query in QUERIES) + " |"]
    lines.append("| ---: " * (3 + len(QUERIES)) + "|")
    with sync_playwright() as player, tempfile.TemporaryDirectory() as folder:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for count in arguments.cards:
            file = save_zoo(invented(count), Path(folder) / str(count))
            loaded, filters = measured(browser, file)
            cells = [f"{count:,}", f"{file.stat().st_size / 1e6:.1f}", f"{loaded:.0f}", *(f"{ms:.0f}" for ms in filters.values())]
            lines.append("| " + " | ".join(cells) + " |")
            print(lines[-1])
        chromium = browser.version
        browser.close()
    if arguments.write:
        RESULT.write_text(_page(lines, chromium), encoding="utf-8")


def _page(lines: list[str], chromium: str) -> str:
    cpu = subprocess.run(["lscpu"], capture_output=True, text=True).stdout
    name = next((line.split(":")[1].strip() for line in cpu.splitlines() if line.startswith("Model name")), platform.machine())
    return "\n".join([
        "# A zoo's page in the browser",
        "",
        f"`python benchmarks/zoo_page.py --write` on {datetime.date.today()}, {name}, {os.cpu_count()} cores,",
        f"headless Chromium {chromium}, from disk, medians of {REPEATS}. Beyond 50,000 cards the rest lies in files",
        "beside the page, loaded when asked for: the filter then looks through the first 50,000.",
        "",
        *lines,
        "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
