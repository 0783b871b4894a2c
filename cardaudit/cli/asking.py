"""The options by which a user says what is asked of cards: rules, what is allowed, what is known, and what fails."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cardaudit.cli.options import SEVERITIES
from cardaudit.cli.saying import tell
from cardaudit.config import PROFILES, Settings

if TYPE_CHECKING:
    from cardaudit.policy import Policy

Command = TypeVar("Command", bound=Callable[..., Any])


def asked(function: Command) -> Command:
    """--profile, --select, --ignore, --allow, --baseline, --fail-on."""
    for option in (
        click.option(
            "--fail-on",
            type=click.Choice((*SEVERITIES, "never")),
            help="Lowest severity that gives exit code 1.  [default: error]",
        ),
        click.option(
            "--baseline",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Findings that this file lists are known: not shown.",
        ),
        click.option(
            "--allow",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="TOML file of findings that are allowed, and why, for cards one cannot edit; cardaudit lint --help has one.",
        ),
        click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules or groups."),
        click.option("--select", multiple=True, metavar="RULE", help="Only these rules or groups; repeat or separate by commas."),
        click.option(
            "--profile",
            type=click.Choice(tuple(PROFILES)),
            help="; ".join(f"{name}: {each.title}" for name, each in PROFILES.items()) + ".",
        ),
    ):
        function = option(function)
    return function


def with_flags(
    settings: Settings,
    profile: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    allow: Path | None,
    baseline: Path | None,
    fail_on: str | None,
) -> Settings:
    """The settings with what the command line says instead; a profile leaves groups out, and sets what fails."""
    chosen = PROFILES.get(profile or settings.profile or "")
    if profile:
        settings = replace(settings, select=(), ignore=(), fail_on=None)
    return replace(
        settings,
        select=_names(select) or settings.select,
        ignore=(*(_names(ignore) or settings.ignore), *(chosen.ignore if chosen else ())),
        allow=allow or settings.allow,
        baseline=baseline or settings.baseline,
        fail_on=fail_on or settings.fail_on or (chosen.fail_on if chosen else None),
    )


def policy_of(settings: Settings, use_baseline: bool = True) -> "Policy":
    """The policy that settings ask for. Raises CardauditError for an unknown rule or a file that cannot be read."""
    from cardaudit.lint import chosen_rules
    from cardaudit.policy import Policy

    chosen_rules(settings.select, settings.ignore)
    for each in settings.per_file:
        chosen_rules(each.select, each.ignore)
    policy = Policy(settings.select, settings.ignore, settings.per_file)
    if settings.allow:
        from cardaudit.allowances import read_allowances

        policy.allowances = read_allowances(settings.allow, [rule.name for rule in chosen_rules()])
    if settings.baseline and use_baseline:
        from cardaudit.baseline import read_baseline

        policy.baseline = read_baseline(settings.baseline)
    return policy


def tell_leftovers(policy: "Policy", quiet: bool) -> None:
    """Says on standard error which allowances and known findings had no effect."""
    if not quiet:
        for line in policy.leftovers():
            tell(line)


def _names(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for item in given for name in item.split(",") if name.strip())
