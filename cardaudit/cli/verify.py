"""cardaudit verify HUB-ID"""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.asking import asked, policy_of, tell_leftovers, with_flags
from cardaudit.cli.options import common, failing, settings_for, shaping
from cardaudit.cli.plan import missing_text, plan_settings
from cardaudit.cli.progress import watch_events
from cardaudit.cli.saying import answer, tell
from cardaudit.errors import CardauditError, NotEnoughFacts, NotScored
from cardaudit.output.columns import terminal_columns

if TYPE_CHECKING:
    from cardaudit.records import Audit


@click.command("verify", no_args_is_help=True)
@click.argument("target", metavar="HUB-ID|FOLDER")
@shaping("sets", "dataset", "allow_pickle")
@click.option("--rung", type=click.IntRange(1, 3), default=3, show_default=True, help="Climb no further.")
@asked
@shaping("output")
@common
def command(
    target: str,
    sets: tuple[str, ...],
    dataset: str | None,
    allow_pickle: bool,
    rung: int,
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    allow: Path | None,
    baseline: Path | None,
    fail_on: str | None,
    output: Path | None,
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Hold a model's card against its own repository, then score the published weights again on the claimed split.

    Rung 1: the card against itself; 2: against the files beside it (arguments, adapter, logs, results, labels, curves, history);
    3: the weights, scored. A folder that holds a repository does as well as a Hub id. Exit code: 0 replayed or reproduced, 1 the
    claim deviates in the direction that flatters the model, 4 undecided, 3 not comparable, not measured or the card says too
    little, 2 could not run. With --rung 1 or 2, and where there is nothing for rung 3 to score: 1 where something at or above
    --fail-on was found, as `lint` has it.
    """
    from cardaudit.audit import audit_name
    from cardaudit.compare import exit_code
    from cardaudit.ladder import audit_of, look, open_repository, score, unclimbed
    from cardaudit.report import save_audit

    settings = with_flags(settings_for(config, offline, no_color), profile, select, ignore, allow, baseline, fail_on)
    policy = policy_of(settings)
    repository = open_repository(target, settings.offline)
    folder = output or Path("audits") / audit_name(repository.card.source.name)
    again = "cardaudit " + shlex.join(sys.argv[1:])
    wanted = plan_settings(repository.card, settings, sets, dataset, None, 1, False, allow_pickle)
    looked = look(repository, policy, rung)
    tell_leftovers(policy, quiet)
    if rung < 3:
        _end(audit_of(repository, looked, command=again), folder, quiet)
        return failing([looked.checkup], settings.fail_on or "error")
    try:
        with watch_events(repository.card, quiet) as show:
            scored = score(repository, looked.evidence, wanted, folder, show)
        audit = audit_of(repository, looked, scored, command=again, policy=policy)
    except CardauditError as error:
        missing = tuple(getattr(error, "missing", ()))
        save = audit_of(repository, looked, missing=missing, stopped=unclimbed(3, str(error)), command=again)
        _end(save, folder, quiet)
        if isinstance(error, NotEnoughFacts):
            click.echo(missing_text(error, terminal_columns(sys.stderr)), err=True)
        nothing_to_score = isinstance(error, NotEnoughFacts | NotScored)
        if nothing_to_score and (found := failing([looked.checkup], settings.fail_on or "error")):
            tell(f"rung 3 was not climbed: {error}")
            return found
        raise
    except KeyboardInterrupt:
        save_audit(audit_of(repository, looked, stopped=unclimbed(3, "interrupted"), command=again), folder)
        raise
    _end(audit, folder, quiet)
    return exit_code(audit.verdicts)


def _end(audit: "Audit", folder: Path, quiet: bool) -> None:
    """Saves the audit and says what was found, rung by rung."""
    from cardaudit.compare import summary_sentence
    from cardaudit.output.ladder import render_rungs
    from cardaudit.output.verdicts import render
    from cardaudit.report import save_audit

    save_audit(audit, folder)
    answer(render_rungs(audit.rungs).rstrip("\n"))
    if audit.verdicts:
        answer(f"{render(audit.verdicts)}{click.style(summary_sentence(audit.verdicts), bold=True)}")
    if not quiet:
        click.echo(f"report: {(folder / 'report.html').resolve().as_uri()}", err=True)
