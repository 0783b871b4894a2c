"""What explains a claim: what the data refute first, then one seed of each recipe, then fresh seeds of those that look best."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cardaudit.compare.claims import read_claims
from cardaudit.compare.sequence import primary_outcome
from cardaudit.explain.alternatives import alternatives
from cardaudit.explain.search import FRESH, Engine, Search, Tell
from cardaudit.explain.shape import shape_asked, shape_rung
from cardaudit.explain.words import rung_of
from cardaudit.plan import PlanSettings
from cardaudit.records import Card, Plan, Rung, Verdict
from cardaudit.runs import start_engine

MOST_CONFIRMED = 3
OTHER_COLUMNS = 2


def explicable(verdicts: Sequence[Verdict]) -> bool:
    """Whether there is something to explain: the primary claim deviates, is none of what was measured, or was measured with a
    stand-in, whose shape may tell all the same.
    """
    primary = primary_outcome(verdicts)
    if primary is None:
        return False
    elsewhere = primary.outcome == "not comparable" and primary.because.startswith(("protocol mismatch", "the runs "))
    absent = primary.outcome == "not measured" and primary.because.startswith("no evaluation of the runs")
    return primary.outcome == "deviates" or elsewhere or absent


def explain(
    card: Card,
    plan: Plan,
    settings: PlanSettings,
    folder: Path,
    budget: float,
    on_event: Tell = lambda _: None,
    engine: Engine = start_engine,
) -> Rung:
    """Tries other recipes for at most about `budget` seconds; runs that lie in `folder` already are not made again.

    `plan` is the stated recipe, made with `settings`, whose runs are in `folder`; `engine` trains seeds of a plan there.
    """
    settings = replace(settings, seeds=max(settings.seeds, 1 + FRESH))
    search = Search(card, plan, settings, folder, budget, on_event, engine, time.monotonic())
    if shape_asked(card, plan):
        return shape_rung(search)
    claims = read_claims(card, plan)
    if len({claim.column for claim in (*claims.endpoint, *claims.cells)}) < OTHER_COLUMNS:
        return rung_of([], 0.0, "the card prints too few numbers: any recipe that gives the one would seem to explain it")
    attempts = [
        search.chosen(each) for each in alternatives(plan, settings) if search.has_a_gpu() or "precision" not in each.settings
    ]
    best = sorted((each for each in attempts if each.promising), key=lambda each: -(each.ratio or 0.0))[:MOST_CONFIRMED]
    confirmed = {each.name: search.confirmed(each) for each in best}
    return rung_of([confirmed.get(each.name, each) for each in attempts], time.monotonic() - search.began)
