"""cardaudit reproduce TARGET"""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, settings_for
from cardaudit.cli.plan import columns_of, least, missing_text, plan_settings, plan_text, planned
from cardaudit.cli.progress import watch
from cardaudit.errors import EngineFailed, NotEnoughFacts

if TYPE_CHECKING:
    from cardaudit.audit import Effort
    from cardaudit.policy import Policy
    from cardaudit.records import Audit, Card, Plan


@click.command("reproduce", no_args_is_help=True)
@click.argument("target")
@planned
@least
@click.option("--no-checkpoints", is_flag=True, help="Keep nothing to resume from within a seed.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Audit folder.  [default: audits/<name>]")
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
    from cardaudit.audit import Effort, audit_name, lint_audit
    from cardaudit.plan import make_plan
    from cardaudit.report import save_audit
    from cardaudit.runs import require_extra
    from cardaudit.targets import read_one

    require_extra()
    settings = settings_for(config, offline, no_color)
    card = read_one(target, settings.offline)
    folder = output or Path("audits") / audit_name(card.source.name)
    again = "cardaudit " + shlex.join(sys.argv[1:])
    try:
        plan = make_plan(card, plan_settings(card, settings, sets, dataset, base_model, seeds, replay, allow_pickle))
    except NotEnoughFacts as error:
        save_audit(lint_audit(card, getattr(error, "missing", ()), again), folder)
        click.echo(missing_text(error), err=True)
        _tell_report(folder, quiet)
        raise
    if not quiet:
        click.echo(plan_text(plan, columns_of(sys.stderr)), err=True)
    audit = run(card, plan, folder, again, Effort(replay, min_seeds, not no_checkpoints), quiet)
    _tell_verdicts(audit)
    _tell_report(folder, quiet)
    return exit_code_of(audit)


def run(
    card: "Card", plan: "Plan", folder: Path, again: str, effort: "Effort", quiet: bool, policy: "Policy | None" = None
) -> "Audit":
    """Trains what is still to be trained and writes the audit, also of what an interruption leaves."""
    from cardaudit.audit import reproduction, train
    from cardaudit.report import save_audit
    from cardaudit.runs import read_runs

    try:
        with watch(card, plan, quiet) as show:
            train(card, plan, folder, show, effort)
    except (KeyboardInterrupt, EngineFailed):
        save_audit(reproduction(card, plan, read_runs(folder, plan), effort.replay, again, policy), folder)
        raise
    audit = reproduction(card, plan, read_runs(folder, plan), effort.replay, again, policy)
    save_audit(audit, folder)
    return audit


def exit_code_of(audit: "Audit") -> int:
    from cardaudit.compare import exit_code

    return exit_code(audit.verdicts)


def _tell_verdicts(audit: "Audit") -> None:
    from cardaudit.compare import summary_sentence
    from cardaudit.output.verdicts import render

    click.echo(render(audit.verdicts), nl=False)
    click.secho(summary_sentence(audit.verdicts), bold=True)


def _tell_report(folder: Path, quiet: bool) -> None:
    if not quiet:
        click.echo(f"report: {(folder / 'report.html').resolve().as_uri()}", err=True)
