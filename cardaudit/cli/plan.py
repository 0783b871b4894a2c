"""cardaudit plan TARGET"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, emit, outputs, seconds_of, settings_for, shaping, wanted
from cardaudit.cli.saying import tell
from cardaudit.errors import CardauditError, NotEnoughFacts
from cardaudit.output.columns import fold_lines, terminal_columns

if TYPE_CHECKING:
    from cardaudit.config import Settings
    from cardaudit.plan import PlanSettings
    from cardaudit.records import Card, Missing, Plan

FORMATS = ("text", "json")
NAME_WIDTH = 28
VALUE_WIDTH = 34
ORIGIN = NAME_WIDTH + VALUE_WIDTH + 2
NARROWEST = 30
planned = shaping()
least = shaping("min_seeds")
UNCLAIMED = (
    "What is given in the place of what the card does not name is trained, and counts as a check of the card only where\n"
    "--set same_dataset=true says that it is the card's own data."
)


class WithKeys(click.Command):
    """A command whose help ends with the keys of --set, as the plan's own documentation lists them."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        from cardaudit import plan

        _, _, keys = (plan.__doc__ or "").partition("\n\n")
        formatter.write("\n" + fold_lines(keys.rstrip(), formatter.width) + "\n")


@click.command("plan", cls=WithKeys, no_args_is_help=True)
@click.argument("target")
@shaping()
@click.option("--budget", callback=seconds_of, metavar="TIME", help="Say what fits into 30m, 8h, 90s, and what it could tell.")
@outputs(FORMATS, "text")
@common
def command(
    target: str,
    sets: tuple[str, ...],
    dataset: str | None,
    base_model: str | None,
    seeds: int,
    replay: bool,
    allow_pickle: bool,
    budget: float | None,
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Print what would be trained: every value, what is assumed and why, what is missing, steps, rough memory and time.

    Exit code 3 where the card does not say enough; the flags that fill the gaps are listed.
    """
    from dataclasses import replace

    from cardaudit.cli.plan_budget import fitting, rows
    from cardaudit.codec import pack
    from cardaudit.targets import read_one

    settings = settings_for(config, offline, no_color)
    card = read_one(target, settings.offline)
    shape = plan_settings(card, settings, sets, dataset, base_model, seeds, replay, allow_pickle)
    try:
        plan = _plan(card, shape)
    except NotEnoughFacts as error:
        return tell_missing(error)
    fits = fitting(plan, budget) if budget is not None else None
    shown = replace(plan, estimate={**plan.estimate, "budget": fits}) if fits else plan
    document = {"schema": "cardaudit.plan/1", **pack(shown)}
    made: dict[str, str | Callable[[], str]] = {
        "text": lambda: plan_text(plan, terminal_columns(), rows(fits) if fits else ()),
        "json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
    }
    for each in wanted(FORMATS, format_, output):
        emit(made[each.format], each.path)
    if not quiet:
        tell_memory(plan)
    return 0


def tell_memory(plan: "Plan") -> None:
    """One line where the plan needs more memory than what would train has free; the engine then takes batches in parts."""
    from cardaudit.doctor import free_memory

    needed = plan.estimate.get("memory_bytes")
    if not needed or (found := free_memory()) is None or needed <= found[1]:
        return
    where, free = found
    tell(
        f"one seed needs roughly {needed / 1e9:,.1f} GB, {where} has {free / 1e9:,.1f} GB free: a batch that does not fit is "
        "taken in parts, which gives the same update and takes longer"
    )


def _plan(card: "Card", shape: "PlanSettings") -> "Plan":
    """The plan, pinned; with the Hub switched off and something not in the cache, one that names what would be had."""
    from dataclasses import replace

    from cardaudit.hub import NotCached
    from cardaudit.plan import make_plan

    try:
        return make_plan(card, shape)
    except NotCached as error:
        plan = make_plan(card, replace(shape, resolve=False))
        tell(f"{error}; neither model nor data was looked into, and nothing is pinned")
        return plan


def plan_settings(
    card: "Card",
    settings: "Settings",
    sets: Sequence[str],
    dataset: str | None,
    base_model: str | None,
    seeds: int,
    replay: bool,
    allow_pickle: bool,
) -> "PlanSettings":
    """What the user wants of a plan: the settings file, then the `[plan]` table beside the card, then the flags."""
    from cardaudit.config import beside_card
    from cardaudit.plan import PlanSettings

    given = parse_sets(sets)
    given |= {key: value for key, value in (("dataset", dataset), ("base_model", base_model)) if value is not None}
    table, folder = beside_card(card.source.name)
    return PlanSettings(
        overrides=given,
        table={**_from_settings(settings), **table},
        folder=folder,
        offline=settings.offline,
        seeds=seeds,
        replay=replay,
        allow_pickle=allow_pickle,
    )


def _from_settings(settings: "Settings") -> dict[str, str]:
    """The settings file's `[plan]` table, its paths made absolute: they start from that file, not from the card."""
    plan = dict(settings.plan)
    for key in ("base_model", "dataset"):
        if settings.origin is not None and key in plan and (settings.origin.parent / plan[key]).exists():
            plan[key] = str((settings.origin.parent / plan[key]).resolve())
    return plan


def parse_sets(sets: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE pairs; raises CardauditError for one without an equals sign."""
    pairs = {}
    for item in sets:
        key, equals, value = item.partition("=")
        if not equals or not key.strip():
            raise CardauditError(f"--set {item!r} is no KEY=VALUE: write for example --set weight_decay=0.01")
        pairs[key.strip().replace("-", "_")] = value.strip()
    return pairs


def plan_text(plan: "Plan", width: int | None = None, more_rows: "Sequence[tuple[str, str, str]]" = ()) -> str:
    """A plan for people: one line a value with where it comes from, broken at `width` columns where that is given.

    In three columns where these leave room for the last one; else the value and where it comes from are one.
    """
    from cardaudit.escaping import one_line
    from cardaudit.plan import describe

    lines, before = list[str](), ""
    row = _beside if width is None or width >= ORIGIN + NARROWEST else _below
    for field, value, origin in (*describe(plan), *more_rows):
        told = "likewise" if origin == before and len(origin) > VALUE_WIDTH else one_line(origin)
        colour = "yellow" if origin.startswith("assumed") else "cyan" if origin.startswith("given") else None
        lines.append(row(field, one_line(value), click.style(told, fg=colour) if told else "", width))
        before = origin
    return "\n".join(lines) + "\n"


def _beside(field: str, value: str, origin: str, width: int | None) -> str:
    """A row in three columns; after a long value the third goes on below."""
    from cardaudit.output.columns import cells, fold

    head = f"{click.style(f'{field:<{NAME_WIDTH}}', bold=True)} {value}{' ' * (VALUE_WIDTH - cells(value))} "
    if width is not None and cells(value) > VALUE_WIDTH:
        return f"{head.rstrip()}\n{fold(' ' * ORIGIN + origin, width, ' ' * ORIGIN)}".rstrip()
    return fold(f"{head}{origin}".rstrip(), width, " " * ORIGIN)


def _below(field: str, value: str, origin: str, width: int | None) -> str:
    """A row in two columns, or where the value has no room beside the name, in lines."""
    from cardaudit.output.columns import cells, fold

    name = click.style(f"{field:<{NAME_WIDTH}}", bold=True)
    if width is None or max(map(cells, value.split(" "))) <= width - NAME_WIDTH - 1:
        return fold(f"{name} {value}  {origin}".rstrip(), width, " " * (NAME_WIDTH + 1))
    return "\n".join([click.style(field, bold=True), fold(f"    {value}", width, "    "), fold(f"    {origin}", width, "    ")])


def tell_missing(error: NotEnoughFacts) -> int:
    """Prints what a plan lacks, what the numbers imply about it and the flags that give it; returns the exit code."""
    tell(str(error).partition(":")[0], "red")
    click.echo(missing_text(error, terminal_columns(sys.stderr)), err=True)
    return error.exit_code


def missing_text(error: NotEnoughFacts, width: int | None = None) -> str:
    """What a plan lacks, each with what the card's numbers imply about it and the flag that gives it."""
    from cardaudit.output.columns import fold

    missing = getattr(error, "missing", ())
    lines = [line for each in missing for line in _missing_lines(each, width)]
    if any(each.field == "dataset" for each in missing):
        lines.append("\n" + (UNCLAIMED if width is None else fold(UNCLAIMED.replace("\n", " "), width, "")))
    return "\n".join(lines)


def _missing_lines(missing: "Missing", width: int | None) -> Iterator[str]:
    from cardaudit.escaping import one_line
    from cardaudit.output.columns import fold

    yield fold(f"  {missing.field}: {one_line(missing.because)}", width, "    ")
    if missing.implied:
        yield "    what else is known of it:"
    for sentence in missing.implied:
        yield fold(f"      - {one_line(sentence)}", width, "        ")
    if missing.flag:
        yield fold(f"    -> {missing.flag}", width, "       ")
