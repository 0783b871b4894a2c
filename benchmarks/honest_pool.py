"""How many findings are false, pooled over honest cards, planted faults and the corpus, from the committed results."""

import math
import re
from pathlib import Path

from lint_corpus import GOALS, upper_bound

RESULTS = Path(__file__).resolve().parent / "results"
PLANTED = re.compile(r"([\d,]+) planted cards got an `inconsistent` one and ([\d,]+) a `suspicious` one; of ([\d,]+) cards")
RULE = re.compile(r"^\| [a-z0-9-]+ \|" + r" ([\d,]+) \|" * 7, re.MULTILINE)
CARDS = re.compile(r"^([\d,]+) distinct Hub cards", re.MULTILINE)


def pooled(cards: int, accused: dict[str, int]) -> list[str]:
    """Lines of Markdown: `accused` of the honest `cards` got a finding of each kind, all of them false."""
    planted, corpus = ((RESULTS / name).read_text(encoding="utf-8") for name in ("mutations.md", "lint-corpus.md"))
    found, size = PLANTED.search(planted), CARDS.search(corpus)
    if found is None or size is None:
        return []
    of_planted = dict(zip(GOALS, map(_whole, found.groups()[:2]), strict=True))
    rows = RULE.findall(corpus)
    of_corpus = {kind: sum(_whole(row[at]) for row in rows) for kind, at in (("inconsistent", 3), ("suspicious", 4))}
    lines = [
        "A finding on a planted fault (mutations.md) counts as true: the card gave none before. Those on honest cards are false, "
        f"of which there are {cards:,} here and {found[3]} controls and neighbouring edits there.",
        "",
        "| kind | planted cards with a finding | false on honest cards | share false | upper bound (95 %) | goal |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, goal in GOALS.items():
        false, all_of_them = accused[kind], of_planted[kind] + accused[kind]
        shares = f"{false / all_of_them:.2%} | {upper_bound(false, all_of_them):.2%} | {goal:.1%}"
        lines.append(f"| {kind} | {of_planted[kind]:,} | {false} | {shares} |")
    lines += [
        "",
        f"On real cards faults are rarer: the corpus of {size[1]} cards has {of_corpus['inconsistent']:,} `inconsistent` and "
        f"{of_corpus['suspicious']:,} `suspicious` findings (lint-corpus.md). At that rate, and with the largest share of honest "
        "cards that may be accused (needed: honest cards without any false alarm that would show the goal):",
        "",
        "| kind | findings a 10,000 cards | false a 10,000 honest cards, at most (95 %) | share false, at most | goal | needed |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, goal in GOALS.items():
        rate, bound = of_corpus[kind] / _whole(size[1]), upper_bound(accused[kind], cards)
        shares = f"{rate * 10_000:.1f} | {bound * 10_000:.2f} | {bound / max(rate, bound):.1%} | {goal:.1%}"
        lines.append(f"| {kind} | {shares} | {math.ceil(math.log(0.05) / math.log1p(-rate * goal)):,} |")
    return lines


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
