"""The table of the calibration: what became of each kind of card, with intervals that know that cards of a recipe are alike."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

DRAWS = 2000
WANTED = 600
WRONG_KINDS = (
    "another learning rate",
    "twice the epochs",
    "evaluated on the training split",
    "another labelling",
    "another column",
)
CURVE = ("honest", *(f"+{size} sd" for size in (1, 2, 3, 4, 5, 6, 8)))
ABOUT = """
By `python benchmarks/calibration.py`: small models that train in seconds, cards by transformers' own card writer. Authors
trained with the stock Trainer's loop, every other one with two threads; the audits with the engine's own loop and one
thread; all with one version of the libraries, in fp32, on a CPU. Other versions and fp16 are not crossed.

sd: a recipe's seed standard deviation, by all its pool's runs; no number is raised beyond 1. In brackets: 95 % of 2,000
draws of whole recipes. accused: exit code 1; errors: `lint` finds one; either: one of the two; named: the true recipe is
among those that `--explain` names; explained: it names any. Replay is off, and no author shares a run with an audit.
"""
Row = Mapping[str, Any]


def report(lines: Sequence[Row]) -> Iterator[str]:
    """The results as Markdown, line by line."""
    recipes = sorted({line["recipe"] for line in lines})
    yield "# The verdict on real trainings\n"
    yield from _goals(lines, len(recipes))
    yield ABOUT
    yield "## The curve\n"
    yield from _curve(lines)
    yield "\n## All kinds of cards\n"
    heads = (
        "number",
        "accused %",
        "reproduced %",
        "undecided %",
        "not comparable %",
        "errors %",
        "either %",
        "seeds",
        "named %",
        "explained %",
    )
    yield f"| cards | {' | '.join(heads)} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind in dict.fromkeys(line["kind"] for line in lines):
        yield _line(kind, [line for line in lines if line["kind"] == kind])
    yield "\n## Honest cards by recipe\n"
    yield "| recipe | cards | accused | understated | undecided | seeds |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for recipe in recipes:
        own = [line for line in lines if line["recipe"] == recipe and line["kind"] == "honest"]
        below = sum(line["outcome"] == "deviates" and not line["accused"] for line in own)
        open_ = sum(line["outcome"] == "undecided" for line in own)
        seeds = sum(line["seeds"] for line in own) / max(len(own), 1)
        yield f"| {recipe} | {len(own)} | {sum(line['accused'] for line in own)} | {below} | {open_} | {seeds:.1f} |"


def _goals(lines: Sequence[Row], recipes: int) -> Iterator[str]:
    """What was asked of the verdict, and what came out."""

    def told(name: str, wanted: str, among: Sequence[Row], test: Callable[[Row], bool]) -> str:
        if not among:
            return f"| {name} | {wanted} | not measured | 0 |"
        low, high = (100 * end for end in interval(among, test))
        return f"| {name} | {wanted} | {100 * _mean(among, test):.1f} % ({low:.1f} to {high:.1f}) | {len(among)} |"

    honest, five = ([line for line in lines if line["kind"] == kind] for kind in ("honest", "+5 sd"))
    asked = [line for line in lines if line["explained"] is not None]
    wrong = [line for line in asked if line["kind"] in WRONG_KINDS]
    inflated = [line for line in asked if line["kind"].startswith("+")]
    far = f"{len(honest)} honest cards of the {WANTED} wanted, over {recipes} recipes"
    yield f"{far}; the rest is simulated (verdict-simulation.md).\n"
    yield "| goal | wanted | measured | cards |"
    yield "| --- | --- | --- | ---: |"
    yield told("honest cards accused", "at most 1 %", honest, lambda line: line["accused"])
    yield told("honest cards undecided", "at most 10 %", honest, lambda line: line["outcome"] == "undecided")
    yield told("+5 sd caught", "at least 90 %", five, lambda line: line["accused"])
    if five:
        yield f"| seeds for it on average | at most 6 | {_mean(five, lambda line: line['seeds']):.1f} | {len(five)} |"
    yield told("true alternative among those named", "at least 80 %", wrong, lambda line: line["truth"] in line["explained"])
    yield told("inflated cards explained", "at most 10 %", inflated, lambda line: bool(line["explained"]))


def _curve(lines: Sequence[Row]) -> Iterator[str]:
    """The operating-characteristic curve: what becomes of a number that was raised by so many seed standard deviations."""
    yield "| raised by | cards | accused % | | reproduced % | undecided % | seeds |"
    yield "| --- | ---: | ---: | --- | ---: | ---: | ---: |"
    for kind in CURVE:
        own = [line for line in lines if line["kind"] == kind]
        if not own:
            continue
        accused = 100 * _mean(own, lambda line: line["accused"])
        low, high = (100 * end for end in interval(own, lambda line: line["accused"]))
        same, open_ = (100 * _mean(own, lambda line, o=o: line["outcome"] == o) for o in ("reproduced", "undecided"))
        cells = [f"{accused:.1f} ({low:.1f} to {high:.1f})", "█" * round(accused / 5), f"{same:.1f}", f"{open_:.1f}"]
        yield f"| {kind} | {len(own)} | {' | '.join(cells)} | {_mean(own, lambda line: line['seeds']):.1f} |"


def _line(kind: str, lines: Sequence[Row]) -> str:
    def share(test: Callable[[Row], bool], among: Sequence[Row] = lines) -> str:
        return f"{100 * _mean(among, test):.1f}" if among else "–"

    low, high = interval(lines, lambda line: line["accused"])
    asked = [line for line in lines if line["explained"] is not None]
    truths = [line for line in asked if line["truth"]]
    seeds = sum(line["seeds"] for line in lines) / len(lines)
    cells = [
        f"{share(lambda line: line['accused'])} ({100 * low:.1f} to {100 * high:.1f})",
        *(share(lambda line, each=each: line["outcome"] == each) for each in ("reproduced", "undecided", "not comparable")),
        share(lambda line: line["errors"] > 0),
        share(lambda line: line["errors"] > 0 or line["accused"]),
        f"{seeds:.1f}",
        share(lambda line: line["truth"] in line["explained"], truths),
        share(lambda line: bool(line["explained"]), asked),
    ]
    return f"| {kind} | {len(lines)} | {' | '.join(cells)} |"


def interval(lines: Sequence[Row], test: Callable[[Row], bool]) -> tuple[float, float]:
    """Where 95 % of the shares lie when whole recipes are drawn again, with replacement, from fixed luck."""
    by_recipe: dict[str, list[Row]] = {}
    for line in lines:
        by_recipe.setdefault(line["recipe"], []).append(line)
    groups, luck = list(by_recipe.values()), random.Random(1)
    counts = [(sum(map(test, group)), len(group)) for group in groups]
    drawn = []
    for _ in range(DRAWS):
        taken = luck.choices(counts, k=len(counts))
        drawn.append(sum(hits for hits, _ in taken) / sum(size for _, size in taken))
    drawn.sort()
    return drawn[DRAWS // 40], drawn[-DRAWS // 40 - 1]


def _mean(lines: Sequence[Row], test: Callable[[Row], float]) -> float:
    return sum(map(test, lines)) / len(lines)
