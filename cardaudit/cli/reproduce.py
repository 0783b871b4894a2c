"""cardaudit reproduce TARGET"""

import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import click

from cardaudit.cli.asking import policy_of
from cardaudit.cli.options import common, seconds_of, settings_for, shaping
from cardaudit.cli.plan import plan_settings, plan_text, tell_memory, tell_missing
from cardaudit.cli.progress import watch, watch_events
from cardaudit.cli.saying import answer, tell
from cardaudit.errors import CardauditError, EngineFailed, NotEnoughFacts
from cardaudit.output.columns import terminal_columns

if TYPE_CHECKING:
    from cardaudit.audit import Effort
    from cardaudit.ladder import Looked, Repository
    from cardaudit.plan import PlanSettings
    from cardaudit.policy import Policy
    from cardaudit.records import Audit, Card, Plan, Rung


EXPLAINING = 1800.0
"""Seconds that --explain may take where no budget is given."""
UNDECIDED = 4


@click.command("reproduce", no_args_is_help=True)
@click.argument("target")
@shaping()
@shaping("min_seeds")
@click.option(
    "--loop",
    type=click.Choice(("auto", "fast", "reference")),
    default="auto",
    show_default=True,
    help="What trains: the stock Trainer (reference), the fast loop, or the fast one for all but the card's own seed (auto).",
)
@click.option("--explain", is_flag=True, help="Where the claim deviates, try other recipes: columns, splits, epochs, rates ...")
@click.option(
    "--budget",
    callback=seconds_of,
    metavar="TIME",
    help="Stop after 30m, 8h, 90s with what is known; the same command goes on. Without it only --explain has an end, after 30m.",
)
@click.option("--no-checkpoints", is_flag=True, help="Keep nothing to resume from within a seed.")
@shaping("output")
@common
def command(
    target: str,
    sets: tuple[str, ...],
    dataset: str | None,
    base_model: str | None,
    seeds: int,
    min_seeds: int,
    replay: bool,
    allow_pickle: bool,
    loop: str,
    explain: bool,
    budget: float | None,
    no_checkpoints: bool,
    output: Path | None,
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Retrain the model of a card, compare what comes out with what the card claims, and write a report.

    The same command given again continues an interrupted run. Exit code: 0 replayed or reproduced, 1 the claim deviates in the
    direction that flatters the model, 4 undecided, 3 the card does not say enough, 2 could not run.
    """
    from cardaudit.audit import Effort, audit_name, due, lint_audit
    from cardaudit.ladder import audit_of
    from cardaudit.output.ladder import render_rungs
    from cardaudit.plan import make_plan
    from cardaudit.report import save_audit
    from cardaudit.runs import require_extra
    from cardaudit.targets import read_one
    from cardaudit.zoo.devices import gpus

    require_extra()
    until = None if budget is None else monotonic() + budget
    settings = settings_for(config, offline, no_color)
    policy = policy_of(settings)
    repository, looked = _look(target, settings.offline, policy)
    card = repository.card if repository else read_one(target, settings.offline)
    folder = output or Path("audits") / audit_name(card.source.name)
    again = "cardaudit " + shlex.join(sys.argv[1:])
    try:
        wanted = plan_settings(card, settings, sets, dataset, base_model, seeds, replay, allow_pickle)
        wanted = replace(wanted, evidence=looked.evidence if looked else None)
        plan = make_plan(card, wanted)
    except NotEnoughFacts as error:
        missing = getattr(error, "missing", ())
        whole = audit_of(repository, looked, missing=missing, command=again) if repository and looked else None
        save_audit(whole or lint_audit(card, missing, again, policy.check(card)), folder)
        code = tell_missing(error)
        _tell_report(folder, quiet)
        return code
    if not quiet:
        click.echo(plan_text(plan, terminal_columns(sys.stderr)), err=True)
        tell_memory(plan)
    climb = _climb(repository, looked, wanted, folder, quiet) if repository and looked else None
    effort = Effort(replay, min_seeds, not no_checkpoints, loop, gpus() or ("",), until)
    audit = run(card, plan, folder, again, effort, quiet, policy, climb)
    if explain:
        audit = _explained(audit, wanted, folder, EXPLAINING if effort.seconds is None else effort.seconds, quiet)
    if audit.rungs:
        answer(render_rungs(audit.rungs).rstrip("\n"))
    _tell_verdicts(audit)
    out_of_time = effort.seconds == 0.0 and bool(due(card, plan, folder, effort))
    if out_of_time:
        _tell_budget(audit)
    _tell_report(folder, quiet)
    return UNDECIDED if out_of_time and not _finished(audit) else exit_code_of(audit)


def run(
    card: "Card",
    plan: "Plan",
    folder: Path,
    again: str,
    effort: "Effort",
    quiet: bool,
    policy: "Policy | None" = None,
    climb: "Climb | None" = None,
) -> "Audit":
    """Trains what is still to be trained and writes the audit, also of what an interruption leaves.

    `climb`: what the rungs below gave, where the card came with its repository.
    """
    from cardaudit.audit import train

    try:
        with watch(card, plan, quiet) as show:
            train(card, plan, folder, show, effort)
    except (KeyboardInterrupt, EngineFailed):
        with suppress(OSError):  # a disk that is full takes no report either, and the engine's sentence says more
            _saved(card, plan, folder, again, effort, policy, climb)
        raise
    return _saved(card, plan, folder, again, effort, policy, climb)


def _saved(
    card: "Card", plan: "Plan", folder: Path, again: str, effort: "Effort", policy: "Policy | None", climb: "Climb | None"
) -> "Audit":
    from cardaudit.audit import reproduction
    from cardaudit.ladder import climbed
    from cardaudit.report import save_audit
    from cardaudit.runs import read_runs

    evidence = climb.looked.evidence if climb else None
    audit = reproduction(card, plan, read_runs(folder, plan), effort.replay, again, policy, evidence)
    if climb is not None:
        audit = climbed(audit, climb.looked, climb.third)
    save_audit(audit, folder)
    return audit


def _finished(audit: "Audit") -> list[int]:
    return [run.seed for run in audit.runs if run.outcome != "stopped"]


def _tell_budget(audit: "Audit") -> None:
    """What the time did not suffice for, and how to go on."""
    stopped = [str(run.seed) for run in audit.runs if run.outcome == "stopped"]
    whole = len(_finished(audit))
    begun = f", seed {', '.join(stopped)} stopped on the way" if stopped else ""
    tell(f"the budget is used up: {whole} seed{'' if whole == 1 else 's'} trained{begun}; the same command goes on")


def _explained(audit: "Audit", wanted: "PlanSettings", folder: Path, seconds: float, quiet: bool) -> "Audit":
    """The audit with what else gives the claim, where there is something to explain; written again."""
    from cardaudit.explain import explain, explicable
    from cardaudit.report import save_audit

    if audit.plan is None or not explicable(audit.verdicts):
        return audit
    with watch_events(audit.card, quiet) as show:
        rung = explain(audit.card, audit.plan, wanted, folder, seconds, show)
    audit = replace(audit, rungs=(*audit.rungs, rung))
    save_audit(audit, folder)
    return audit


class Climb(NamedTuple):
    """What the rungs below retraining gave; `third` is rung 3, climbed or not."""

    looked: "Looked"
    third: "Rung"


def _look(target: str, offline: bool, policy: "Policy") -> "tuple[Repository, Looked] | tuple[None, None]":
    """Rungs 1 and 2 of a target that is a repository; a mere card has none beside it."""
    from cardaudit.ladder import is_repository, look, open_repository
    from cardaudit.targets import is_hub_id

    if not is_repository(target) and (Path(target).exists() or not is_hub_id(target)):
        return None, None
    repository = open_repository(target, offline)
    return repository, look(repository, policy)


def _climb(repository: "Repository", looked: "Looked", wanted: "PlanSettings", folder: Path, quiet: bool) -> Climb:
    """Rung 3; where it cannot be climbed, retraining goes on without it."""
    from cardaudit.ladder import score, unclimbed

    try:
        with watch_events(repository.card, quiet) as show:
            return Climb(looked, score(repository, looked.evidence, wanted, folder, show).rung)
    except CardauditError as error:
        return Climb(looked, unclimbed(3, str(error)))


def exit_code_of(audit: "Audit") -> int:
    from cardaudit.compare import exit_code

    return exit_code(audit.verdicts)


def _tell_verdicts(audit: "Audit") -> None:
    from cardaudit.compare import summary_sentence
    from cardaudit.output.verdicts import render

    answer(f"{render(audit.verdicts)}{click.style(summary_sentence(audit.verdicts), bold=True)}")


def _tell_report(folder: Path, quiet: bool) -> None:
    if not quiet:
        click.echo(f"report: {(folder / 'report.html').resolve().as_uri()}", err=True)
