"""The figures of zoo.py as a Markdown page, part by part; what was not measured says so."""

from collections.abc import Callable, Iterator
from typing import Any

Figures = dict[str, Any]
RUNS = (
    "| run | cards | checked | cards a second | linting s | whole command s | processor s | peak MB |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
)


def page(figures: dict[str, Figures]) -> str:
    lines = ["# The zoo", "", "Written by `python benchmarks/zoo.py --write`.", ""]
    for part, (title, told) in PARTS.items():
        lines += [f"## {title}", ""]
        lines += [*_measured(figures[part], told), ""] if part in figures else ["Unmeasured.", ""]
    return "\n".join(lines)


def _measured(figures: Figures, told: Callable[[Figures], Iterator[str]]) -> Iterator[str]:
    yield f"{figures['day']}, {figures['machine']}, load before {figures['load']:.1f}."
    yield ""
    yield from told(figures)


def _corpus(figures: Figures) -> Iterator[str]:
    yield from _runs(figures["runs"])
    one, two = (figures["runs"][f"first run, {cores}"]["linting"] for cores in ("1 core", "2 cores"))
    yield ""
    yield f"Two cores are {one / two:.2f} times as fast as one. The store has {figures['store_mb']:,} MB."


def _cluster(figures: Figures) -> Iterator[str]:
    yield from _runs(figures["runs"])
    before, cluster, after = (each["linting"] for each in figures["runs"].values())
    yield ""
    yield f"The cluster takes {2 * cluster / (before + after):.2f} times as long as the processes of one machine."


def _copies(figures: Figures) -> Iterator[str]:
    processes = "MB of all processes | of the first one | of the largest worker"
    yield f"| cards so far | seconds | cards a second since the line above | {processes} |"
    yield "| --- | --- | --- | --- | --- | --- |"
    last: Figures = {"cards": 0, "seconds": 0.0}
    for step in figures["steps"]:
        rate = (step["cards"] - last["cards"]) / (step["seconds"] - last["seconds"])
        memory = " | ".join(str(step.get(name, "")) for name in ("memory", "first", "worker"))
        yield f"| {step['cards']:,} | {step['seconds']:,.1f} | {rate:,.0f} | {memory} |"
        last = step
    yield ""
    yield from _runs(figures["runs"])
    yield ""
    page = f" The index page was made in {figures['page']} MB." if "page" in figures else ""
    yield f"The store has {figures['store_mb']:,} MB.{page}"


def _runs(runs: dict[str, Figures]) -> Iterator[str]:
    yield from RUNS
    for name, run in runs.items():
        rate = f"{run['cards'] / run['linting']:,.0f}"
        times = f"{run['linting']:,.1f} | {run['seconds']:,.1f} | {run['processor']:,.1f}"
        yield f"| {name} | {run['cards']:,} | {run['checked']:,} | {rate} | {times} | {run['peak']} |"


def _kills(figures: Figures) -> Iterator[str]:
    told = f"{figures['killed']} kill -9 at random moments of {figures['stores']} zoos of {figures['cards']} cards"
    equal = f"{figures['equal']} of {figures['stores']} stores equal that of an undisturbed run"
    yield f"{told}, then one run each to the end: {equal}; {figures['lost']} kills lost a card."


def _reproductions(figures: Figures) -> Iterator[str]:
    told = f"{figures['queued']} reproductions queued, {figures['killed']} engines killed: {figures['done']} finished"
    yield f"{told}, {figures['tries']} settled, {figures['runs']} runs of {figures['cards']} cards, {figures['seconds']} s."


PARTS: dict[str, tuple[str, Callable[[Figures], Iterator[str]]]] = {
    "corpus": ("The corpus", _corpus),
    "cluster": ("The corpus on a cluster", _cluster),
    "copies": ("Cards made of the corpus by renaming", _copies),
    "kills": ("Kills", _kills),
    "reproductions": ("Reproductions", _reproductions),
}
"""Part -> its title, and the lines of its figures."""
