"""How right the verdict is on real trainings: honest cards of the stock card writer, and copies of them that say something else.

    python benchmarks/calibration.py FOLDER [--minutes 20] [--cards 50] [--authors-python PYTHON] [--crossed 25]
                                     [--explain 4] [--explain-minutes 20] [--write]

Small models that train in seconds, over twelve recipes (calibration_recipes.py). FOLDER keeps every run, so that the next call
goes on where this one stopped: a plan holds no claimed number, and one run serves every copy of a card. First as many runs are
made as the minutes allow: authors' runs by the stock Trainer's loop, with one thread or two, a pool of others by the engine's
own choice, and authors in other environments (calibration_crossing.py): today's libraries in bf16, and those of another Python.
Then cards whose claim deviates are explained, also kept (calibration_search.py). Last every card is audited with seeds drawn
from the pool, replay off, and cards.jsonl gets a line for each. No card is audited with authors' seeds.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from calibration_cards import CHANGED, COPIES, RAISED, changes_of, copies  # noqa: E402
from calibration_crossing import environments, make_crossed, read_crossed  # noqa: E402
from calibration_recipes import RECIPES, Recipe, card_text, plan_of, trained, write_base, write_data  # noqa: E402
from calibration_report import report  # noqa: E402
from calibration_search import Known  # noqa: E402

from cardaudit.compare import compare, exit_code, next_seeds, primary_outcome  # noqa: E402
from cardaudit.explain import explicable  # noqa: E402
from cardaudit.lint import check_card  # noqa: E402
from cardaudit.parse import read_card  # noqa: E402
from cardaudit.records import Plan, Run, Verdict  # noqa: E402
from cardaudit.runs import read_runs  # noqa: E402

RESULTS = HERE / "results" / "verdict-calibration.md"
AUTHORS, POOL = 100_001, tuple(1042 + 1000 * number for number in range(60))
WRONG_CARDS = 6
CROSSED = 1000
"""A card of another environment's author has a number from a multiple of this on."""
KINDS = (*COPIES, *CHANGED)
EXPLAINED = (*CHANGED, *RAISED, "a digit changed", "columns swapped")
Verdicts = tuple[Verdict, ...]


@dataclass(frozen=True)
class Case:
    """A card: the run that it was made of, and the audits' plan with a pool of seeds drawn anew for it."""

    recipe: Recipe
    own: Path
    kind: str
    number: int
    text: str
    author: Run
    plan: Plan
    pool: Sequence[Run]


@dataclass(frozen=True)
class Line:
    """What became of one card; `truth` is the recipe that it was made by, where that is not the one it states.

    `threads` to `precision` are the author's; `explained` names recipes, None where nothing was asked.
    """

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
    threads: int
    loop: str
    transformers: str
    precision: str


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


def make_runs(folder: Path, cards: int, until: float) -> int:
    """Trains what is missing, recipe by recipe in turns, until time.monotonic() is `until`. Returns how many runs were made."""
    import torch

    made = 0
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


def cases(folder: Path, cards: int, kinds: Container[str] = KINDS, recipes: Sequence[Recipe] = RECIPES) -> Iterator[Case]:
    """The cards of these kinds that the runs in `folder` allow, recipe by recipe."""
    for recipe in recipes:
        own = prepared(recipe, folder)
        plan = plan_of(recipe, own)
        runs = {run.seed: run for run in read_runs(own, plan)}
        authors = [runs[seed] for seed in range(AUTHORS, AUTHORS + cards) if seed in runs]
        pool = [runs[seed] for seed in POOL if seed in runs]
        if len(pool) < 5 or not authors:
            continue
        for kind, number, author, text in _texts(recipe, own, authors, pool, kinds):
            drawn = list(pool)
            random.Random(f"{recipe.name} {kind} {number}").shuffle(drawn)
            seeds = tuple(run.seed for run in drawn[:19])
            yield Case(recipe, own, kind, number, text, author, replace(plan, seeds=seeds), drawn)


def _texts(
    recipe: Recipe, own: Path, authors: Sequence[Run], pool: Sequence[Run], kinds: Container[str]
) -> Iterator[tuple[str, int, Run, str]]:
    for kind in COPIES:
        if kind in kinds:
            yield from ((kind, number, authors[number], text) for number, text in copies(kind, recipe, authors, pool))
    if "honest" in kinds:
        for place, runs in enumerate(read_crossed(own).values(), 1):
            yield from (("honest", CROSSED * place + k, run, card_text(recipe, run)) for k, run in enumerate(runs))
    for kind in CHANGED:
        changes = changes_of(kind, recipe)
        if changes is not None and kind in kinds:
            others = [run for run in read_runs(own, plan_of(recipe, own, changes)) if run.seed >= AUTHORS]
            yield from ((kind, number, run, card_text(recipe, run)) for number, run in enumerate(others))


def audited(case: Case) -> tuple[Verdicts, int] | None:
    """The verdicts on a card and the seeds that they took; None where the pool has fewer than a look needs."""
    card = read_card(case.text)
    runs: tuple[Run, ...] = ()
    while seeds := next_seeds(card, case.plan, runs, False):
        runs += tuple(run for run in case.pool if run.seed in seeds)
    verdicts = compare(card, case.plan, runs, False)
    return (verdicts, len(runs)) if primary_outcome(verdicts) is not None and len(runs) >= 3 else None


def line_of(case: Case, known: Known) -> Line | None:
    """A card's line; None where it could not be audited."""
    done = audited(case)
    primary = primary_outcome(done[0]) if done else None
    if done is None or primary is None:
        return None
    verdicts, seeds = done
    kind, where = case.kind, case.author.environment
    return Line(
        recipe=case.recipe.name,
        kind=kind,
        card=case.number,
        outcome=primary.outcome,
        direction=primary.direction,
        seeds=seeds,
        accused=exit_code(verdicts) == 1,
        errors=sum(finding.severity == "error" for finding in check_card(read_card(case.text)).findings),
        truth=CHANGED[kind].words(case.recipe) if kind in CHANGED else "",
        explained=known.get(case.recipe, kind, case.text) if explicable(verdicts) else None,
        threads=where["threads"],
        loop=case.author.facts["loop"],
        transformers=where["versions"]["transformers"],
        precision=where.get("precision", "fp32"),
    )


def explain_more(folder: Path, cards: int, explained: int, minutes: float, known: Known) -> int:
    """Explains cards whose claim deviates, at most so many of each recipe and kind, until the time is up. Returns how many.

    In turns: one card of each kind and recipe, then a second one.
    """
    until, made = time.monotonic() + 60 * minutes, 0
    waiting = [_deviating(folder, cards, recipe, kind, explained) for kind in EXPLAINED for recipe in RECIPES]
    while waiting and time.monotonic() < until:
        for turn in list(waiting):
            case = next(turn, None)
            if case is None:
                waiting.remove(turn)
            elif known.get(case.recipe, case.kind, case.text) is None and time.monotonic() < until:
                made += known.find(case.recipe, case.own, case.kind, case.number, case.text, case.plan)
    return made


def _deviating(folder: Path, cards: int, recipe: Recipe, kind: str, most: int) -> Iterator[Case]:
    found = (case for case in cases(folder, cards, (kind,), (recipe,)) if (done := audited(case)) and explicable(done[0]))
    return islice(found, most)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=20, help="for training")
    parser.add_argument("--explain-minutes", type=float, help="for explaining; as many as for training unless said")
    parser.add_argument("--cards", type=int, default=50, help="honest cards of each recipe")
    parser.add_argument("--authors-python", help="another Python, whose transformers trains some authors of each recipe")
    parser.add_argument("--crossed", type=int, default=25, help="authors of each recipe in each other environment")
    parser.add_argument("--explain", type=int, default=4, help="cards of each recipe and kind whose deviation is explained")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    made = make_runs(given.folder, given.cards, until)
    own = [(recipe, prepared(recipe, given.folder)) for recipe in RECIPES]
    crossed = make_crossed(own, environments(given.authors_python), given.crossed, until)
    print(f"{made + crossed} runs made, {crossed} of them in other environments", file=sys.stderr)
    known = Known(given.folder)
    minutes = given.minutes if given.explain_minutes is None else given.explain_minutes
    made = explain_more(given.folder, given.cards, given.explain, minutes, known)
    print(f"{made} cards explained", file=sys.stderr)
    lines = []
    with (given.folder / "cards.jsonl").open("w", encoding="utf-8") as file:
        for case in cases(given.folder, given.cards):
            if line := line_of(case, known):
                lines.append(asdict(line))
                file.write(json.dumps(lines[-1]) + "\n")
    text = "\n".join(report(lines)) + "\n"
    print(text)
    if given.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
