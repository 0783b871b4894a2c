"""How right the verdict is on real trainings: honest cards of the stock card writer, and copies of them that say something else.

    python benchmarks/calibration.py FOLDER [--minutes 20] [--cards 50] [--explain 4] [--explain-minutes 20] [--write]

Small models that train in seconds, over twelve recipes (calibration_recipes.py). FOLDER keeps every run, so that the next call
goes on where this one stopped: a plan holds no claimed number, and one run serves every copy of a card. First as many runs are
made as the minutes allow: authors' runs by the stock Trainer's loop, with one thread or two, and a pool of others by the engine's
own choice. Then every card is audited with seeds drawn from the pool, replay off, and cards.jsonl gets a line for each. No card
is audited with authors' seeds.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from calibration_cards import CHANGED, COPIES, changes_of, copies  # noqa: E402
from calibration_recipes import RECIPES, Recipe, card_text, engine, plan_of, stated_settings, trained, write_base, write_data  # noqa: E402
from calibration_report import report  # noqa: E402

from cardaudit.compare import compare, exit_code, next_seeds, primary_outcome  # noqa: E402
from cardaudit.errors import CardauditError  # noqa: E402
from cardaudit.explain import explain, explicable, named  # noqa: E402
from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.records import Plan, Run  # noqa: E402
from cardaudit.runs import read_runs  # noqa: E402

RESULTS = HERE / "results" / "verdict-calibration.md"
AUTHORS, POOL = 100_001, tuple(1042 + 1000 * number for number in range(60))
WRONG_CARDS = 6


@dataclass(frozen=True)
class Line:
    """What became of one card; `truth` is the recipe that it was made by, where that is not the one it states."""

    recipe: str
    kind: str
    card: int
    outcome: str
    direction: str | None
    seeds: int
    accused: bool
    errors: int
    truth: str
    explained: tuple[str, ...] | None


def prepared(recipe: Recipe, folder: Path) -> Path:
    """The recipe's own folder, with its data and its base model."""
    own = folder / recipe.name.replace(" ", "-")
    if not (own / "data").is_dir():
        write_data(recipe, own / "data")
    if not (own / "base" / "config.json").is_file():
        write_base(own / "base", recipe.words)
    return own


def wanted_runs(cards: int) -> Iterator[tuple[str, int]]:
    """What is trained for each recipe, in this order: ("", seed) of the stated recipe, or the kind of another and its seed."""
    for number in range(max(cards, len(POOL))):
        if number < len(POOL):
            yield "", POOL[number]
        if number < cards:
            yield "", AUTHORS + number
        if number < WRONG_CARDS:
            yield from ((kind, AUTHORS + number) for kind in CHANGED)


def make_runs(folder: Path, cards: int, minutes: float) -> int:
    """Trains what is missing, recipe by recipe in turns, until the time is up. Returns how many runs were made."""
    import torch

    until, made = time.monotonic() + 60 * minutes, 0
    for kind, seed in wanted_runs(cards):
        for recipe in RECIPES:
            changes = changes_of(kind, recipe)
            if changes is None:
                continue
            own = prepared(recipe, folder)
            plan = plan_of(recipe, own, changes)
            if any(run.seed == seed for run in read_runs(own, plan)):
                continue
            if time.monotonic() > until:
                return made
            author = seed >= AUTHORS
            torch.set_num_threads(1 + (author and seed % 2))
            trained(plan, own, seed, "reference" if author else "auto")
            made += 1
    return made


def audit(
    folder: Path, recipe: Recipe, plan: Plan, pool: Sequence[Run], kind: str, card: int, text: str, explained: bool
) -> Line | None:
    """A card before seeds of the pool, drawn anew for each; None where the pool has fewer than a look needs."""
    parsed, pool = read_card(text), list(pool)
    random.Random(f"{recipe.name} {kind} {card}").shuffle(pool)
    plan = replace(plan, seeds=tuple(run.seed for run in pool[:19]))
    runs: tuple[Run, ...] = ()
    while seeds := next_seeds(parsed, plan, runs, False):
        runs += tuple(run for run in pool if run.seed in seeds)
    verdicts = compare(parsed, plan, runs, False)
    primary = primary_outcome(verdicts)
    if primary is None or len(runs) < 3:
        return None
    names = _named(recipe, folder, text, plan) if explained and explicable(verdicts) else None
    return Line(
        recipe.name,
        kind,
        card,
        primary.outcome,
        primary.direction,
        len(runs),
        exit_code(verdicts) == 1,
        sum(finding.severity == "error" for finding in check_card(parsed).findings),
        _truth(recipe, kind),
        names,
    )


def _named(recipe: Recipe, folder: Path, text: str, plan: Plan) -> tuple[str, ...] | None:
    try:
        rung = explain(read_card(text), plan, stated_settings(recipe, folder), folder, 3600, engine=engine)
    except CardauditError as error:
        print(f"{recipe.name}: {error}", file=sys.stderr)
        return None
    return named(rung)


def _truth(recipe: Recipe, kind: str) -> str:
    return CHANGED[kind].words(recipe) if kind in CHANGED else ""


def score(folder: Path, cards: int, explained: int, minutes: float) -> Iterator[Line]:
    """A line for each card of each kind that the runs allow; of each recipe and kind so many are explained, while time lasts.

    What time is left is shared evenly by the recipes that are left.
    """
    end = time.monotonic() + 60 * minutes
    for place, recipe in enumerate(RECIPES):
        until = time.monotonic() + max(0.0, end - time.monotonic()) / (len(RECIPES) - place)
        own = prepared(recipe, folder)
        plan = plan_of(recipe, own)
        runs = {run.seed: run for run in read_runs(own, plan)}
        authors = [runs[seed] for seed in range(AUTHORS, AUTHORS + cards) if seed in runs]
        pool = [runs[seed] for seed in POOL if seed in runs]
        if len(pool) < 5 or not authors:
            continue
        for kind, number, text in _texts(recipe, own, authors, pool):
            ask = number < explained and kind != "honest" and time.monotonic() < until
            line = audit(own, recipe, plan, pool, kind, number, text, ask)
            if line is not None:
                yield line


def _texts(recipe: Recipe, own: Path, authors: Sequence[Run], pool: Sequence[Run]) -> Iterator[tuple[str, int, str]]:
    for kind in COPIES:
        yield from ((kind, number, text) for number, text in copies(kind, recipe, authors, pool))
    for kind in CHANGED:
        changes = changes_of(kind, recipe)
        if changes is not None:
            others = [run for run in read_runs(own, plan_of(recipe, own, changes)) if run.seed >= AUTHORS]
            yield from ((kind, number, card_text(recipe, run)) for number, run in enumerate(others))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=20, help="for training")
    parser.add_argument("--explain-minutes", type=float, help="for explaining; as many as for training unless said")
    parser.add_argument("--cards", type=int, default=50, help="honest cards of each recipe")
    parser.add_argument("--explain", type=int, default=4, help="cards of each recipe and kind whose deviation is explained")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    given = parser.parse_args()
    made = make_runs(given.folder, given.cards, given.minutes)
    print(f"{made} runs made", file=sys.stderr)
    minutes = given.minutes if given.explain_minutes is None else given.explain_minutes
    lines = []
    with (given.folder / "cards.jsonl").open("w", encoding="utf-8") as file:
        for line in score(given.folder, given.cards, given.explain, minutes):
            lines.append(asdict(line))
            file.write(json.dumps(lines[-1]) + "\n")
    text = "\n".join(report(lines)) + "\n"
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
