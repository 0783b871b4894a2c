"""Verifying and retraining cards of a zoo, what is most worth settling first."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import click

from cardaudit.errors import CardauditError, NotEnoughFacts

if TYPE_CHECKING:
    from cardaudit.cli.zoo_bench import Bench
    from cardaudit.cli.zoo_training import Ended
    from cardaudit.plan import PlanSettings
    from cardaudit.records import Audit, Card, Plan
    from cardaudit.zoo.budget import Budget
    from cardaudit.zoo.worth import Candidate


def verify(bench: "Bench") -> list[str]:
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


def _verified(bench: "Bench", candidate: "Candidate") -> "Audit":
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


def reproduce(bench: "Bench") -> list[str]:
    """Retrains what was asked for within the budget, on each GPU one card at a time; gives what went wrong, a sentence each."""
    from cardaudit.cli.zoo_lacking import by_reason
    from cardaudit.cli.zoo_training import retrained
    from cardaudit.zoo.budget import Budget
    from cardaudit.zoo.devices import gpus, shared_out
    from cardaudit.zoo.measured import record_audit
    from cardaudit.zoo.worth import REPRODUCE, chosen_cards, ranked, settle

    chosen, failures = chosen_cards(bench.store, bench.wish.reproduce, "--reproduce")
    devices = gpus() if bench.slots is None else tuple(map(str, range(bench.slots.number)))
    on_gpu = bool(devices) if bench.slots is None else bench.slots.gpu
    cards: dict[int, Card] = {}
    lacking: list[tuple[str, CardauditError]] = []
    for candidate in chosen:
        cards[candidate.card_id] = bench.reading.card(candidate.card_id)
        if error := _queued(bench, candidate, cards[candidate.card_id], on_gpu):
            lacking.append((candidate.name, error))
    failures += by_reason(lacking)
    budget, stopped, spent = Budget(bench.wish.budget, len(devices) or 1), Event(), 0.0
    due = _affordable(ranked(bench.store, chosen), budget, bench.wish.quiet)

    def stop() -> None:
        stopped.set()
        if bench.slots is not None:
            from cardaudit.zoo.ray_cluster import leave

            leave()

    def act(job: "tuple[Candidate, float]", device: str) -> "Ended":
        return retrained(bench, job[0], cards[job[0].card_id], device, stopped, job[1])

    for (candidate, taken), ended in shared_out(due, devices or ("",), act, stop):
        budget.ended(taken, ended.seconds)
        spent += ended.seconds
        if ended.audit is not None:
            record_audit(bench.store, candidate.card_id, REPRODUCE, ended.audit)
        settle(bench.store, REPRODUCE, candidate.card_id, ended.state, ended.seconds, ended.because)
        if ended.state == "failed":
            failures.append(f"{candidate.name}: {ended.because}")
        elif ended.because and not bench.wish.quiet:
            click.echo(f"cardaudit: {candidate.name}: {ended.because}; the same command goes on", err=True)
    if bench.wish.rate and not bench.wish.quiet:
        click.echo(f"cardaudit: retraining took {spent / 3600:.2f} device hours, {bench.wish.rate.words(spent)}", err=True)
    return failures


def _affordable(due: "Iterator[tuple[Candidate, float]]", budget: "Budget", quiet: bool) -> "Iterator[tuple[Candidate, float]]":
    """Those whose price fits into what is left when their turn comes, with the seconds that they may take; others stay queued."""
    left_out = 0
    for candidate, price in due:
        if taken := budget.take(price):
            yield candidate, taken
        else:
            left_out += 1
    if left_out and not quiet:
        queued = "1 more is queued, beyond the budget: the same command goes on with it"
        if left_out > 1:
            queued = f"{left_out} more are queued, beyond the budget: the same command goes on with them"
        click.echo(f"cardaudit: {queued}", err=True)


def _queued(bench: "Bench", candidate: "Candidate", card: "Card", gpu: bool) -> CardauditError | None:
    """Puts a card on the list with its price; of one that says too little, its page will tell what is missing."""
    from cardaudit.cli.zoo_training import shape_of
    from cardaudit.zoo.worth import REPRODUCE, enqueue, lack, price_of

    try:
        plan = _priced(card, shape_of(bench, card))
    except CardauditError as error:
        lack(bench.store, REPRODUCE, candidate, str(error), getattr(error, "missing", ()))
        return error
    enqueue(bench.store, REPRODUCE, candidate, price_of(plan, gpu), plan.estimate.get("seconds_gpu"))
    return None


def _priced(card: "Card", shape: "PlanSettings") -> "Plan":
    """The plan as far as it can be made before anything is downloaded; model and data that are here tell the most of a price."""
    from dataclasses import replace

    from cardaudit.plan import make_plan

    try:
        return make_plan(card, replace(shape, offline=True))
    except NotEnoughFacts:
        raise
    except CardauditError:
        return make_plan(card, replace(shape, resolve=False))
