"""cardaudit zoo SOURCE"""

import shlex
import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cardaudit.cli.asking import asked, policy_of, tell_leftovers, with_flags
from cardaudit.cli.options import common, emit, failing, settings_for
from cardaudit.cli.plan import least, plan_settings, planned
from cardaudit.cli.reproduce import run
from cardaudit.errors import CardauditError, NotEnoughFacts

if TYPE_CHECKING:
    from cardaudit.config import Settings
    from cardaudit.policy import Policy
    from cardaudit.records import Audit, Card, Checkup, ZooRow


class Wish(NamedTuple):
    """What the user wants retrained, and how."""

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


@click.command("zoo", no_args_is_help=True)
@click.argument("source")
@click.option(
    "--reproduce",
    "patterns",
    multiple=True,
    metavar="NAME",
    help="Retrain these cards too; a name or a pattern such as 'invoice-*'; repeat.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("zoo"),
    show_default=True,
    metavar="DIR",
    help="Folder of the pages.",
)
@asked
@planned
@least
@common
def command(
    source: str,
    patterns: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    allow: Path | None,
    baseline: Path | None,
    fail_on: str | None,
    output: Path,
    sets: tuple[str, ...],
    dataset: str | None,
    base_model: str | None,
    seeds: int,
    min_seeds: int,
    replay: bool,
    allow_pickle: bool,
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Audit many cards and write an index page with a page for each.

    SOURCE is a folder, or a Parquet or JSONL file of cards. Runs that the output folder holds from before are kept and shown.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 a card could not be read or a run could not be made.
    """
    from cardaudit.report import render_zoo
    from cardaudit.runs import require_extra
    from cardaudit.zoo import zoo_of

    settings = with_flags(settings_for(config, offline, no_color), profile, select, ignore, allow, baseline, fail_on)
    policy = policy_of(settings)
    wish = Wish(patterns, sets, dataset, base_model, seeds, min_seeds, replay, allow_pickle, quiet, policy)
    if patterns:
        require_extra()
    rows, checkups, failures = _audit_all(source, output, settings, wish)
    zoo = zoo_of(Path(source).name or source, rows, checkups, "cardaudit " + shlex.join(sys.argv[1:]))
    index = output / "index.html"
    emit(render_zoo(zoo), index)
    for failure in failures:
        click.secho(f"cardaudit: {failure}", fg="red", err=True)
    _tell(rows, checkups)
    tell_leftovers(policy, quiet)
    if not quiet:
        click.echo(f"index: {index.resolve().as_uri()}", err=True)
    return 2 if failures else failing(checkups, settings.fail_on or "error")


def _audit_all(source: str, output: Path, settings: "Settings", wish: Wish) -> tuple[list["ZooRow"], list["Checkup"], list[str]]:
    from cardaudit.records import ZooRow
    from cardaudit.report import save_audit
    from cardaudit.targets import Unreadable, read_target
    from cardaudit.zoo import row_of

    rows: list[ZooRow] = []
    checkups: list[Checkup] = []
    failures: list[str] = []
    taken: set[str] = set()
    matched: set[str] = set()
    for card in read_target(source, settings.offline):
        if isinstance(card, Unreadable):
            rows.append(ZooRow(name=card.name, error=card.because))
            failures.append(f"{card.name}: {card.because}")
            continue
        name = _free_name(card, taken)
        folder = output / "cards" / name
        hits = {pattern for pattern in wish.patterns if fnmatch(name, pattern)}
        matched |= hits
        audit = _audit(card, folder, settings, wish, bool(hits), failures)
        save_audit(audit, folder)
        rows.append(row_of(audit, f"cards/{name}/report.html"))
        checkups.append(audit.checkup)
    failures += [
        f"--reproduce {pattern}: no card of {source} has that name" for pattern in wish.patterns if pattern not in matched
    ]
    return rows, checkups, failures


def _audit(card: "Card", folder: Path, settings: "Settings", wish: Wish, retrain: bool, failures: list[str]) -> "Audit":
    from cardaudit.audit import Effort, lint_audit
    from cardaudit.plan import make_plan
    from cardaudit.zoo import kept

    again = f"cardaudit reproduce {shlex.quote(card.source.name)}"
    if not retrain:
        return kept(card, folder, wish.policy) or lint_audit(card, command=again, policy=wish.policy)
    try:
        shape = plan_settings(
            card, settings, wish.sets, wish.dataset, wish.base_model, wish.seeds, wish.replay, wish.allow_pickle
        )
        plan = make_plan(card, shape)
        return run(card, plan, folder, again, Effort(wish.replay, wish.min_seeds), wish.quiet, wish.policy)
    except NotEnoughFacts as error:
        failures.append(f"{card.source.name}: {error}")
        return lint_audit(card, getattr(error, "missing", ()), again, policy=wish.policy)
    except CardauditError as error:
        failures.append(f"{card.source.name}: {error}")
        return kept(card, folder, wish.policy) or lint_audit(card, command=again, policy=wish.policy)


def _free_name(card: "Card", taken: set[str]) -> str:
    from cardaudit.audit import audit_name

    base = name = audit_name(card.source.name)
    number = 2
    while name.lower() in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name.lower())
    return name


def _tell(rows: Sequence["ZooRow"], checkups: Sequence["Checkup"]) -> None:
    from collections import Counter

    found = Counter(finding.severity for checkup in checkups for finding in checkup.findings)
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    measured = "; retrained: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) if outcomes else ""
    click.echo(f"{len(rows)} cards: {found['error']} errors, {found['warning']} warnings, {found['info']} notes{measured}")
