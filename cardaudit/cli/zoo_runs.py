"""Retraining cards of a zoo, one after the other, what is most worth settling first."""

import shlex
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from cardaudit.errors import CardauditError, EngineFailed

if TYPE_CHECKING:
    from cardaudit.config import Settings
    from cardaudit.plan import PlanSettings
    from cardaudit.policy import Policy
    from cardaudit.records import Audit, Card
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.reproducing import Candidate
    from cardaudit.zoo.store import Store


class Wish(NamedTuple):
    """What the user wants retrained, and how; `budget` in seconds, None without end."""

    patterns: tuple[str, ...]
    sets: tuple[str, ...]
    dataset: str | None
    base_model: str | None
    seeds: int
    min_seeds: int
    replay: bool
    allow_pickle: bool
    quiet: bool
    policy: "Policy"
    budget: float | None = None


def reproduce(store: "Store", output: Path, settings: "Settings", wish: Wish) -> list[str]:
    """Retrains what was asked for within the budget; gives what went wrong, a sentence each."""
    from cardaudit.zoo.pages import name_pages
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.reproducing import Budget, candidates, ranked

    name_pages(store, {each.card_id for each in candidates(store, wish.patterns)[0]})
    chosen, strangers = candidates(store, wish.patterns)
    failures: list[str] = []
    with Reading(store.path) as reading:
        for candidate in chosen:
            failures += _queued(store, reading, candidate, settings, wish)
        budget = Budget(wish.budget)
        for candidate, price in ranked(store, chosen):
            if budget.fits(price):
                failures += _retrained(store, reading, candidate, output, settings, wish)
    source = store.source
    return failures + [f"--reproduce {pattern}: no card of {source} has that name" for pattern in strangers]


def _queued(store: "Store", reading: "Reading", candidate: "Candidate", settings: "Settings", wish: Wish) -> list[str]:
    """Puts a card on the list with its price; of one that says too little, its page will tell what is missing."""
    from dataclasses import replace

    from cardaudit.plan import make_plan
    from cardaudit.zoo.reproducing import enqueue, price_of

    card = reading.card(candidate.card_id)
    try:
        plan = make_plan(card, replace(_shape(card, settings, wish), resolve=False))
    except CardauditError as error:
        enqueue(store, candidate, None, str(error), getattr(error, "missing", ()))
        return [f"{candidate.name}: {error}"]
    enqueue(store, candidate, price_of(plan, 0))
    return []


def _retrained(
    store: "Store", reading: "Reading", candidate: "Candidate", output: Path, settings: "Settings", wish: Wish
) -> list[str]:
    """Retrains one card; an engine that dies is started again, and goes on where it was."""
    from cardaudit.zoo.measured import record_audit
    from cardaudit.zoo.reproducing import STAGE, TRIES, settle

    card, began = reading.card(candidate.card_id), monotonic()
    for tried in range(1, TRIES + 1):
        try:
            audit = _run(card, candidate, output, settings, wish)
        except EngineFailed as error:
            last = str(error)
            settle(store, candidate.card_id, "failed" if tried == TRIES else "queued", monotonic() - began, last)
            continue
        except CardauditError as error:
            settle(store, candidate.card_id, "failed", monotonic() - began, str(error))
            return [f"{candidate.name}: {error}"]
        record_audit(store, candidate.card_id, STAGE, audit)
        settle(store, candidate.card_id, "done", monotonic() - began)
        return []
    return [f"{candidate.name}: {last}"]


def _run(card: "Card", candidate: "Candidate", output: Path, settings: "Settings", wish: Wish) -> "Audit":
    from cardaudit.audit import Effort
    from cardaudit.cli.reproduce import run
    from cardaudit.plan import make_plan

    plan = make_plan(card, _shape(card, settings, wish))
    effort = Effort(wish.replay, wish.min_seeds)
    return run(card, plan, output / "cards" / (candidate.page or ""), _again(candidate), effort, wish.quiet, wish.policy)


def _shape(card: "Card", settings: "Settings", wish: Wish) -> "PlanSettings":
    from cardaudit.cli.plan import plan_settings

    return plan_settings(card, settings, wish.sets, wish.dataset, wish.base_model, wish.seeds, wish.replay, wish.allow_pickle)


def _again(candidate: "Candidate") -> str:
    return f"cardaudit reproduce {shlex.quote(candidate.name)}"
