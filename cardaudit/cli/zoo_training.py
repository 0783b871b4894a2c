"""Retraining one card of a zoo: here or on a node of the cluster, until it is settled or what may be spent on it is."""

import shlex
from collections.abc import Callable
from math import inf
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cardaudit.errors import CardauditError, EngineFailed

if TYPE_CHECKING:
    from cardaudit.audit import Effort
    from cardaudit.cli.zoo_bench import Bench
    from cardaudit.plan import PlanSettings
    from cardaudit.records import Audit, Card, Plan
    from cardaudit.zoo.worth import Candidate


class Stopped(Exception):
    """Another device's work, or the user, ended all work."""


class Ended(NamedTuple):
    """How one reproduction ended, as in the store: "cut" where the budget ended before it, with the audit of what is known."""

    state: Literal["done", "cut", "failed"]
    audit: "Audit | None"
    seconds: float
    because: str = ""


def retrained(bench: "Bench", candidate: "Candidate", card: "Card", device: str, stopped: Event, seconds: float) -> Ended:
    """Retrains one card for at most so many seconds; an engine that dies is started again, and goes on where it was."""
    from cardaudit.audit import Effort, due
    from cardaudit.zoo.worth import TRIES

    began, because, wish = monotonic(), "", bench.wish
    until = None if seconds == inf else began + seconds
    effort = Effort(wish.replay, wish.min_seeds, devices=(device if bench.slots is None else "",), until=until)
    for _ in range(TRIES):
        try:
            audit = _run(bench, candidate, card, effort, stopped)
        except EngineFailed as error:
            because = str(error)
        except CardauditError as error:
            return Ended("failed", None, monotonic() - began, str(error))
        else:
            plan, took = audit.plan, monotonic() - began
            cut = effort.seconds == 0.0 and plan is not None and due(card, plan, bench.folder(candidate), effort)
            return Ended("cut", audit, took, _cut(audit)) if cut else Ended("done", audit, took)
    return Ended("failed", None, monotonic() - began, because)


def _cut(audit: "Audit") -> str:
    """How far it came."""
    whole = sum(run.outcome != "stopped" for run in audit.runs)
    begun = ", ".join(f"seed {run.seed}" for run in audit.runs if run.outcome == "stopped")
    told = f"the budget ended while it was retrained: {whole} seed{'' if whole == 1 else 's'} trained"
    return f"{told}, {begun} stopped on the way" if begun else told


def _run(bench: "Bench", candidate: "Candidate", card: "Card", effort: "Effort", stopped: Event) -> "Audit":
    """Trains what is still to be trained and writes the audit, also of what an interruption leaves."""
    from cardaudit.audit import reproduction, train
    from cardaudit.cli.progress import watch
    from cardaudit.plan import make_plan
    from cardaudit.report import save_audit
    from cardaudit.runs import read_runs

    wish, folder = bench.wish, bench.folder(candidate)
    again = f"cardaudit reproduce {shlex.quote(candidate.name)}"

    def saved(plan: "Plan") -> "Audit":
        audit = reproduction(card, plan, read_runs(folder, plan), wish.replay, again, wish.policy)
        save_audit(audit, folder)
        return audit

    if bench.slots is not None:
        return saved(_far_away(bench, candidate, card, effort))
    plan = make_plan(card, shape_of(bench, card))
    try:
        with watch(card, plan, wish.quiet or effort.devices != ("",)) as show:
            train(card, plan, folder, _until(stopped, show), effort)
    except (KeyboardInterrupt, EngineFailed, Stopped):
        saved(plan)
        raise
    return saved(plan)


def _far_away(bench: "Bench", candidate: "Candidate", card: "Card", effort: "Effort") -> "Plan":
    """The plan of what a node of the cluster trained; its runs then lie in the card's folder."""
    from cardaudit.runs import read_plan
    from cardaudit.zoo.ray_cluster import train_on_ray

    assert bench.slots is not None
    return read_plan(train_on_ray(card, shape_of(bench, card), effort, bench.slots.gpu, bench.folder(candidate)))


def _until(stopped: Event, show: Callable[[Any], None]) -> Callable[[Any], None]:
    def on_event(event: Any) -> None:
        if stopped.is_set():
            raise Stopped
        show(event)

    return on_event


def shape_of(bench: "Bench", card: "Card") -> "PlanSettings":
    """What the user wants of a card's plan."""
    from cardaudit.cli.plan import plan_settings

    wish = bench.wish
    return plan_settings(
        card, bench.settings, wish.sets, wish.dataset, wish.base_model, wish.seeds, wish.replay, wish.allow_pickle
    )
