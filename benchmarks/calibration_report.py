"""The table of the calibration: what became of each kind of card, with intervals that know that cards of a recipe are alike."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

DRAWS = 2000
Row = Mapping[str, Any]


def report(lines: Sequence[Row]) -> Iterator[str]:
    """The results as Markdown, line by line."""
    recipes = sorted({line["recipe"] for line in lines})
    honest = sum(line["kind"] == "honest" for line in lines)
    yield "# The verdict on real trainings\n"
    yield f"{honest} honest cards over {len(recipes)} recipes, and copies of them, by `python benchmarks/calibration.py`."
    yield "In brackets: 95 % of 2,000 draws of whole recipes. accused: exit code 1; errors: `lint` finds one; named: the true"
    yield "recipe is among those that `--explain` names; explained: it names any. Replay is off.\n"
    heads = (
        "number",
        "accused %",
        "reproduced %",
        "undecided %",
        "not comparable %",
        "errors %",
        "seeds",
        "named %",
        "explained %",
    )
    yield f"| cards | {' | '.join(heads)} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
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


def _mean(lines: Sequence[Row], test: Callable[[Row], bool]) -> float:
    return sum(map(test, lines)) / len(lines)
