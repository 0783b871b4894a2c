"""Verifying and retraining cards of a zoo, what is most worth settling first."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cardaudit.errors import CardauditError, EngineFailed

if TYPE_CHECKING:
    from cardaudit.config import Settings
    from cardaudit.plan import PlanSettings
    from cardaudit.policy import Policy
    from cardaudit.records import Audit, Card, Plan, Rate
    from cardaudit.zoo.budget import Budget, Limit
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.store import Store
    from cardaudit.zoo.worth import Candidate


class Wish(NamedTuple):
    """What the user wants verified and retrained, and how; `budget` None without end, `rate` None where no price was said."""

    verify: tuple[str, ...]
    reproduce: tuple[str, ...]
    sets: tuple[str, ...]
    dataset: str | None
    base_model: str | None
    seeds: int
    min_seeds: int
    replay: bool
    allow_pickle: bool
    quiet: bool
    policy: "Policy"
    budget: "Limit | None" = None
    rate: "Rate | None" = None


class Slots(NamedTuple):
    """How many reproductions a cluster takes at once, and whether on GPUs."""

    number: int
    gpu: bool


class Bench(NamedTuple):
    """What every stage works with; `slots` of a cluster, None: this machine."""

    store: "Store"
    reading: "Reading"
    output: Path
    settings: "Settings"
    wish: Wish
    slots: Slots | None = None

    def folder(self, candidate: "Candidate") -> Path:
        return self.output / "cards" / (candidate.page or "")


class Stopped(Exception):
    """Another device's work, or the user, ended all work."""


class Ended(NamedTuple):
    """How one reproduction ended: its audit, or why there is none."""

    audit: "Audit | None"
    seconds: float
    because: str = ""


def verify(bench: Bench) -> list[str]:
    """Holds each chosen card against its repository; gives what went wrong, a sentence each."""
    from cardaudit.zoo.measured import record_audit
    from cardaudit.zoo.worth import VERIFY, chosen_cards, enqueue, settle, settled

    chosen, failures = chosen_cards(bench.store, bench.wish.verify, "--verify")
    done = settled(bench.store, VERIFY)
    for candidate in sorted(chosen, key=lambda each: -each.downloads * each.doubt):
        if candidate.card_id in done:
            continue
        enqueue(bench.store, VERIFY, candidate, 0.0)
        began = monotonic()
        try:
            audit = _verified(bench, candidate)
        except CardauditError as error:
            settle(bench.store, VERIFY, candidate.card_id, "failed", monotonic() - began, str(error))
            failures.append(f"{candidate.name}: {error}")
            continue
        record_audit(bench.store, candidate.card_id, VERIFY, audit)
        settle(bench.store, VERIFY, candidate.card_id, "done", monotonic() - began)
    return failures


def _verified(bench: Bench, candidate: "Candidate") -> "Audit":
    from cardaudit.cli.plan import plan_settings
    from cardaudit.cli.progress import watch_events
    from cardaudit.ladder import audit_of, look, open_repository, score, unclimbed
    from cardaudit.report import save_audit

    wish, folder = bench.wish, bench.folder(candidate)
    hub_id = f"{candidate.name}@{candidate.revision}" if candidate.revision else candidate.name
    target = str(Path(candidate.name).parent) if candidate.form == "file" else hub_id
    repository = open_repository(target, bench.settings.offline)
    if repository.card.source.sha256 != candidate.sha256:
        raise CardauditError("its repository shows another card than the source: run cardaudit zoo over the Hub's cards of today")
    looked = look(repository)
    shape = plan_settings(repository.card, bench.settings, wish.sets, wish.dataset, None, 1, False, wish.allow_pickle)
    again = f"cardaudit verify {shlex.quote(target)}"
    try:
        with watch_events(repository.card, wish.quiet) as show:
            scored = score(repository, looked.evidence, shape, folder, show)
        audit = audit_of(repository, looked, scored, command=again, policy=wish.policy)
    except CardauditError as error:
        missing = tuple(getattr(error, "missing", ()))
        audit = audit_of(repository, looked, None, missing, unclimbed(3, str(error)), again, wish.policy)
    save_audit(audit, folder)
    return audit


def reproduce(bench: Bench) -> list[str]:
    """Retrains what was asked for within the budget, on each GPU one card at a time; gives what went wrong, a sentence each."""
    from cardaudit.zoo.budget import Budget
    from cardaudit.zoo.devices import gpus, shared_out
    from cardaudit.zoo.measured import record_audit
    from cardaudit.zoo.worth import REPRODUCE, chosen_cards, ranked, settle

    chosen, failures = chosen_cards(bench.store, bench.wish.reproduce, "--reproduce")
    devices = gpus() if bench.slots is None else tuple(map(str, range(bench.slots.number)))
    on_gpu = bool(devices) if bench.slots is None else bench.slots.gpu
    cards: dict[int, Card] = {}
    for candidate in chosen:
        cards[candidate.card_id] = bench.reading.card(candidate.card_id)
        failures += _queued(bench, candidate, cards[candidate.card_id], on_gpu)
    budget, stopped, spent = Budget(bench.wish.budget), Event(), 0.0
    due = _affordable(ranked(bench.store, chosen), budget, bench.wish.quiet)

    def stop() -> None:
        stopped.set()
        if bench.slots is not None:
            from cardaudit.zoo.ray_cluster import leave

            leave()

    def act(job: "tuple[Candidate, float]", device: str) -> Ended:
        return _retrained(bench, job[0], cards[job[0].card_id], device, stopped)

    for (candidate, price), ended in shared_out(due, devices or ("",), act, stop):
        budget.ended(price, ended.seconds)
        spent += ended.seconds
        if ended.audit is not None:
            record_audit(bench.store, candidate.card_id, REPRODUCE, ended.audit)
            settle(bench.store, REPRODUCE, candidate.card_id, "done", ended.seconds)
        else:
            settle(bench.store, REPRODUCE, candidate.card_id, "failed", ended.seconds, ended.because)
            failures.append(f"{candidate.name}: {ended.because}")
    if bench.wish.rate and not bench.wish.quiet:
        click.echo(f"cardaudit: retraining took {spent / 3600:.2f} device hours, {bench.wish.rate.words(spent)}", err=True)
    return failures


def _affordable(due: "Iterator[tuple[Candidate, float]]", budget: "Budget", quiet: bool) -> "Iterator[tuple[Candidate, float]]":
    """Those whose price fits into what is left when their turn comes; the others stay queued."""
    left_out = 0
    for candidate, price in due:
        if budget.take(price):
            yield candidate, price
        else:
            left_out += 1
    if left_out and not quiet:
        click.echo(f"cardaudit: {left_out} more are queued, beyond the budget: the same command goes on with them", err=True)


def _queued(bench: Bench, candidate: "Candidate", card: "Card", gpu: bool) -> list[str]:
    """Puts a card on the list with its price; of one that says too little, its page will tell what is missing."""
    from dataclasses import replace

    from cardaudit.plan import make_plan
    from cardaudit.zoo.worth import REPRODUCE, enqueue, lack, price_of

    try:
        plan = make_plan(card, replace(_shape(bench, card), resolve=False))
    except CardauditError as error:
        lack(bench.store, REPRODUCE, candidate, str(error), getattr(error, "missing", ()))
        return [f"{candidate.name}: {error}"]
    enqueue(bench.store, REPRODUCE, candidate, price_of(plan, gpu), plan.estimate.get("seconds_gpu"))
    return []


def _retrained(bench: Bench, candidate: "Candidate", card: "Card", device: str, stopped: Event) -> Ended:
    """Retrains one card; an engine that dies is started again, and goes on where it was."""
    from cardaudit.zoo.worth import TRIES

    began, because = monotonic(), ""
    for _ in range(TRIES):
        try:
            return Ended(_run(bench, candidate, card, device, stopped), monotonic() - began)
        except EngineFailed as error:
            because = str(error)
        except CardauditError as error:
            return Ended(None, monotonic() - began, str(error))
    return Ended(None, monotonic() - began, because)


def _run(bench: Bench, candidate: "Candidate", card: "Card", device: str, stopped: Event) -> "Audit":
    """Trains what is still to be trained and writes the audit, also of what an interruption leaves."""
    from cardaudit.audit import Effort, reproduction, train
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
        return saved(_far_away(bench, candidate, card))
    plan = make_plan(card, _shape(bench, card))
    try:
        with watch(card, plan, wish.quiet or bool(device)) as show:
            train(card, plan, folder, _until(stopped, show), Effort(wish.replay, wish.min_seeds, devices=(device,)))
    except (KeyboardInterrupt, EngineFailed, Stopped):
        saved(plan)
        raise
    return saved(plan)


def _far_away(bench: Bench, candidate: "Candidate", card: "Card") -> "Plan":
    """The plan of what a node of the cluster trained; its runs then lie in the card's folder."""
    from cardaudit.audit import Effort
    from cardaudit.runs import read_plan
    from cardaudit.zoo.ray_cluster import train_on_ray

    assert bench.slots is not None
    effort = Effort(bench.wish.replay, bench.wish.min_seeds)
    shape, folder = _shape(bench, card), bench.folder(candidate)
    return read_plan(train_on_ray(card, shape, effort, bench.slots.gpu, folder))


def _until(stopped: Event, show: "Callable[[Any], None]") -> "Callable[[Any], None]":
    def on_event(event: Any) -> None:
        if stopped.is_set():
            raise Stopped
        show(event)

    return on_event


def _shape(bench: Bench, card: "Card") -> "PlanSettings":
    from cardaudit.cli.plan import plan_settings

    wish = bench.wish
    return plan_settings(
        card, bench.settings, wish.sets, wish.dataset, wish.base_model, wish.seeds, wish.replay, wish.allow_pickle
    )
