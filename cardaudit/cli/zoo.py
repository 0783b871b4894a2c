"""cardaudit zoo SOURCE, zoo export, zoo diff"""

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cardaudit.cli.asking import asked, policy_of, tell_leftovers, with_flags
from cardaudit.cli.options import common, said, settings_for
from cardaudit.cli.plan import least, planned
from cardaudit.cli.saying import answer, tell
from cardaudit.cli.zoo_tables import diff, export
from cardaudit.plurals import count

if TYPE_CHECKING:
    from cardaudit.cli.zoo_bench import Slots, Wish
    from cardaudit.config import Settings
    from cardaudit.records import Severity
    from cardaudit.zoo.lint_stage import Executor, Progress
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.store import Store

DEFAULT = "audit"
MANY_PAGES = 500


class WithDefault(click.Group):
    """A group whose first command need not be named: `zoo cards/` is `zoo audit cards/`, and its help is that command's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = [DEFAULT, *(args or ["--help"])]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return ("" if name == DEFAULT else name), found, rest


class Unnamed(click.Context):
    """Of a command that need not be named: its path is that of its group."""

    @property
    def command_path(self) -> str:
        return super().command_path.rstrip()


class Default(click.Command):
    context_class = Unnamed


@click.group("zoo", cls=WithDefault)
def command() -> None:
    """Audit many cards and write an index page."""


@command.command(DEFAULT, cls=Default, epilog="Also: cardaudit zoo export ZOO, cardaudit zoo diff OLD NEW.")
@click.argument("source")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes that read and check.  [default: all cores]")
@click.option("--ray", metavar="ADDRESS", help="Work on the Ray cluster that answers there; its nodes need this cardaudit.")
@click.option("--pages/--no-pages", default=None, help="A page for each card.  [default: for the 2,000 that matter most]")
@click.option(
    "--verify",
    multiple=True,
    metavar="NAME",
    help="Hold these cards against their repositories and score their weights again; a name or a pattern; repeat.",
)
@click.option(
    "--reproduce",
    multiple=True,
    metavar="NAME",
    help="Retrain these cards too, what is most worth settling first; a name or a pattern such as 'invoice-*'; repeat.",
)
@click.option(
    "--budget",
    metavar="LIMIT",
    help="Retrain what fits into 8h, 30m, 2d or 20USD; what takes longer than foreseen is cut, and the same command goes on.",
)
@click.option("--hourly-rate", metavar="MONEY", help="What one device costs an hour, for --budget and for prices: 2.50, 2.50USD.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("zoo"),
    show_default=True,
    metavar="DIR",
    help="Folder of the store and the pages.",
)
@asked
@planned
@least
@common
def audit(
    source: str,
    jobs: int | None,
    ray: str | None,
    pages: bool | None,
    verify: tuple[str, ...],
    reproduce: tuple[str, ...],
    budget: str | None,
    hourly_rate: str | None,
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
    """Audit many cards: keep what is found in DIR/zoo.sqlite, and write an index page with a page for each card.

    SOURCE is a folder, a Parquet or JSONL file of cards, a text file with Hub ids or paths, an earlier zoo, a Hub id, author:NAME
    or search:WORDS. Of a folder every card at any depth is read; a folder with files of a model beside its README.md is one card.
    The same command given again looks only at what changed, and goes on where it was interrupted. Runs that the output folder
    holds from before are kept and shown.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 a card could not be read or a run could not be made.
    """
    from cardaudit.cli.zoo_bench import Wish
    from cardaudit.runs import require_extra
    from cardaudit.zoo.budget import limit_of, rate_of

    settings = with_flags(settings_for(config, offline, no_color), profile, select, ignore, allow, baseline, fail_on)
    policy = policy_of(settings)
    rate = rate_of(hourly_rate, budget) if hourly_rate else None
    limit = limit_of(budget, rate) if budget else None
    wish = Wish(verify, reproduce, sets, dataset, base_model, seeds, min_seeds, replay, allow_pickle, quiet, policy, limit, rate)
    if verify or reproduce:
        require_extra()
    done = _audit(source, output, settings, wish, _Choice(jobs, ray, pages))
    for failure in done.failures:
        tell(failure, "red")
    _tell(done)
    tell_leftovers(policy, quiet)
    if not quiet:
        click.echo(f"index: {done.page.resolve().as_uri()}", err=True)
    return 2 if done.failures else _exit_code(done.severities, settings.fail_on or "error")


class _Choice(NamedTuple):
    """Where it is done, and whether each card gets a page; None: as fits."""

    jobs: int | None
    ray: str | None
    pages: bool | None


class _Done(NamedTuple):
    """What a session gave, for the last line and the exit code."""

    cards: int
    severities: "dict[Severity, int]"
    outcomes: dict[str, int]
    failures: list[str]
    page: Path


def _audit(source: str, output: Path, settings: "Settings", wish: "Wish", choice: _Choice) -> _Done:
    """All stages over a source, into the store of `output` and its pages."""
    from cardaudit.cli.zoo_bench import Bench
    from cardaudit.cli.zoo_runs import reproduce, verify
    from cardaudit.zoo.excuses import excuse
    from cardaudit.zoo.pages import write_index, write_pages
    from cardaudit.zoo.reading import Reading
    from cardaudit.zoo.store import Store
    from cardaudit.zoo.workers import cores

    store = Store(output, source, "cardaudit " + shlex.join(sys.argv[1:]))
    try:
        executor, slots = _executor(choice)
        progress = _lint(store, source, settings, wish, executor)
        failures = _unreadable(store)
        with Reading(store.path) as reading:
            if choice.pages is not False:
                _name_pages(store, reading, bool(choice.pages), wish.quiet)
            bench = Bench(store, reading, output, settings, wish, slots)
            failures += verify(bench) if wish.verify else []
            failures += reproduce(bench) if wish.reproduce else []
        excuse(store, wish.policy)
        if choice.pages is not False:
            write_pages(store, output, wish.policy, choice.jobs or cores(), _patience(wish.quiet))
        index = write_index(output, Path(source).name or source, wish.rate)
        with Reading(store.path) as reading:
            return _Done(progress.cards, reading.severities(), reading.outcomes(), failures, index)
    finally:
        if choice.ray:
            from cardaudit.zoo.ray_cluster import leave

            leave()
        store.close()


def _executor(choice: _Choice) -> "tuple[Executor, Slots | None]":
    """What does the linting, and where on a cluster reproductions can go."""
    from functools import partial

    if choice.ray:
        from cardaudit.cli.zoo_bench import Slots
        from cardaudit.zoo.ray_cluster import connect, work_on_ray

        resources = connect(choice.ray)
        gpus, processors = int(resources.get("GPU", 0)), resources.get("CPU", 1.0)
        return partial(work_on_ray, processors=processors), Slots(gpus or int(processors), gpus > 0)
    from cardaudit.zoo.workers import cores, work

    return partial(work, jobs=choice.jobs or cores()), None


def _lint(store: "Store", source: str, settings: "Settings", wish: "Wish", executor: "Executor") -> "Progress":
    from cardaudit.cli.zoo_progress import telling
    from cardaudit.zoo.lint_stage import lint_stage
    from cardaudit.zoo.sources import read_source

    try:
        items = read_source(source, settings.offline, store.known_text, said(wish.quiet))
        with telling(wish.quiet) as tell:
            progress = lint_stage(store, items, wish.policy, executor, tell)
    except KeyboardInterrupt:
        store.end("interrupted")
        raise
    store.end("finished")
    return progress


def _unreadable(store: "Store") -> list[str]:
    rows = store.connection.execute("SELECT name, error FROM current WHERE error != '' ORDER BY id LIMIT 100").fetchall()
    return [error if name in error else f"{name}: {error}" for name, error in rows]


def _name_pages(store: "Store", reading: "Reading", all_: bool, quiet: bool) -> None:
    """Gives all cards a page, or of a large zoo those that matter most."""
    from cardaudit.zoo.pages import MOST_PAGES, name_pages

    cards = len(reading.rows())
    if all_ or cards <= MOST_PAGES:
        name_pages(store)
        return
    name_pages(store, reading.foremost(MOST_PAGES))
    if not quiet:
        told = f"the {MOST_PAGES:,} cards of {cards:,} that matter most get a page of their own; --pages gives one to each"
        click.echo(f"cardaudit: {told}", err=True)


def _patience(quiet: bool) -> "Callable[[int], None]":
    """Tells of pages that take a while."""
    return lambda pages: None if quiet or pages < MANY_PAGES else click.echo(f"cardaudit: writing {pages:,} pages", err=True)


def _exit_code(severities: "dict[Severity, int]", fail_on: str) -> int:
    from cardaudit.cli.options import SEVERITIES

    if fail_on == "never":
        return 0
    counting: Sequence[Any] = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return int(any(severities[severity] for severity in counting))


def _tell(done: _Done) -> None:
    found, outcomes = done.severities, done.outcomes
    measured = "; retrained: " + ", ".join(f"{cards} {outcome}" for outcome, cards in outcomes.items()) if outcomes else ""
    told = ", ".join((count(found["error"], "error"), count(found["warning"], "warning"), count(found["info"], "note")))
    answer(f"{count(done.cards, 'card')}: {told}{measured}")


command.add_command(export)
command.add_command(diff)
