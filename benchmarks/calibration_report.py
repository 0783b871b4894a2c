"""The table of the calibration: what became of each kind of card, with intervals that know that cards of a recipe are alike."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

DRAWS = 2000
WANTED = 600
ALIKE = "+5 sd in all columns"
CURVE = ("honest", *(f"+{size} sd" for size in (1, 2, 3, 4, 5, 6, 8)))
ABOUT = """
By `python benchmarks/calibration.py`: small models that train in seconds, cards by transformers' own card writer.
What the audits train, they train with the engine's own loop, one thread, the libraries of today, in fp32, on a CPU.
The authors differ from that as the table of authors says.

sd: a recipe's seed standard deviation, by all its pool's runs; no number is raised beyond 1. In brackets: 95 % of
2,000 draws of whole recipes. accused: exit code 1 by training alone; errors: `lint` finds one, which takes no
training and comes first in an audit; either: one of the two, which is the audit as a whole; seeds: those that
training takes, whatever `lint` finds. The copies from +1 to +8 sd raise the leading number alone, which arithmetic
sees wherever precision and recall stand beside it, so on taggers; in "+5 sd in all columns" all numbers are raised by
whole examples and agree, and `lint` is blind. named: the true recipe is among those that `--explain` names;
explained: it names any. Replay is off, and no author shares a run with an audit. Cards of one recipe share the runs
of the recipes that are tried on them.
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
    yield from _explained(lines)
    yield from _authors(lines)
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

    honest, five, alike = ([line for line in lines if line["kind"] == kind] for kind in ("honest", "+5 sd", ALIKE))
    asked = [line for line in lines if line["explained"] is not None]
    wrong = [line for line in asked if line["truth"]]
    inflated = [line for line in asked if line["kind"].startswith("+")]
    far = f"{len(honest)} honest cards, {WANTED} wanted, over {recipes} recipes"
    yield f"{far}; what small models cannot tell is simulated (verdict-simulation.md).\n"
    yield "| goal | wanted | measured | cards |"
    yield "| --- | --- | --- | ---: |"
    yield told("honest cards accused", "at most 1 %", honest, _either)
    yield told("honest cards undecided", "at most 10 %", honest, lambda line: line["outcome"] == "undecided")
    yield told("+5 sd caught, arithmetic first", "at least 90 %", five, _either)
    if five:
        yield f"| seeds for it, none for what arithmetic catches | at most 6 | {_mean(five, _paid):.1f} | {len(five)} |"
    yield told("+5 sd caught by training alone", "", five, lambda line: line["accused"])
    if five:
        yield f"| seeds for it on average | | {_mean(five, lambda line: line['seeds']):.1f} | {len(five)} |"
    yield told("+5 sd caught where all columns rise together", "", alike, _either)
    if alike:
        yield f"| seeds for it, none for what arithmetic catches | | {_mean(alike, _paid):.1f} | {len(alike)} |"
    yield told("true alternative among those named", "at least 80 %", wrong, lambda line: line["truth"] in line["explained"])
    yield told("inflated cards explained", "at most 10 %", inflated, lambda line: bool(line["explained"]))


def _either(line: Row) -> bool:
    """Whether the audit as a whole accuses: its arithmetic, or its verdict."""
    return bool(line["errors"] or line["accused"])


def _paid(line: Row) -> int:
    """The seeds that an audit trains, which asks arithmetic first."""
    return 0 if line["errors"] else int(line["seeds"])


def _authors(lines: Sequence[Row]) -> Iterator[str]:
    """Honest cards by what sets their authors apart from the audits."""
    words = {"fast": "the engine's own", "reference": "the stock Trainer's, set up by the engine"}
    yield "\n## Honest cards by author\n"
    yield "| authors | cards | accused | accused % | understated | undecided % | seeds |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    honest = [line for line in lines if line["kind"] == "honest"]
    for key, shown in (
        ("threads", "threads"),
        ("loop", "loop"),
        ("transformers", "transformers"),
        ("precision", "precision"),
    ):
        for value in sorted({line[key] for line in honest}):
            own = [line for line in honest if line[key] == value]
            yield f"| {shown}: {words.get(value, value)} | {_honest_cells(own)} |"
    if honest:
        yield f"| all | {_honest_cells(honest)} |"


def _honest_cells(own: Sequence[Row]) -> str:
    low, high = (100 * end for end in interval(own, _either))
    below = sum(line["outcome"] == "deviates" and not line["accused"] for line in own)
    open_ = 100 * _mean(own, lambda line: line["outcome"] == "undecided")
    accused = f"{sum(map(_either, own))} | {100 * _mean(own, _either):.1f} ({low:.1f} to {high:.1f})"
    return f"{len(own)} | {accused} | {below} | {open_:.1f} | {_mean(own, lambda line: line['seeds']):.1f}"


def _explained(lines: Sequence[Row]) -> Iterator[str]:
    """Of which cards `--explain` was asked."""
    yield "\n## What `--explain` was asked\n"
    yield "| cards | asked | recipes | true recipe named | another one named as well | any named |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    asked = [line for line in lines if line["explained"] is not None]
    for kind in dict.fromkeys(line["kind"] for line in asked):
        own = [line for line in asked if line["kind"] == kind]
        wrong = own[0]["truth"] != ""
        right = str(sum(line["truth"] in line["explained"] for line in own)) if wrong else "–"
        more = str(sum(bool({*line["explained"]} - {line["truth"]}) for line in own)) if wrong else "–"
        named = sum(bool(line["explained"]) for line in own)
        yield f"| {kind} | {len(own)} | {len({line['recipe'] for line in own})} | {right} | {more} | {named} |"


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
        share(_either),
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
