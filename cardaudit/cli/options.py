"""Options that several commands share, and where their answers go."""

from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cardaudit.cli.saying import tell, uncoloured
from cardaudit.config import Settings, find_settings
from cardaudit.durations import seconds_in
from cardaudit.errors import CardauditError

if TYPE_CHECKING:
    from cardaudit.records import Checkup

Command = TypeVar("Command", bound=Callable[..., Any])
SEVERITIES = ("error", "warning", "info")


def seconds_of(_ctx: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    """A time as "30m", "8h", "90s" or "2d" in seconds, for an option's callback; a bare number is minutes."""
    if value is None:
        return None
    seconds = seconds_in(value, "m")
    if seconds is None:
        raise click.BadParameter(f"{value!r} is no time: write for example 30m, 8h or 90s")
    return seconds


def common(function: Command) -> Command:
    """--config, --offline, --no-color, -q, -v."""
    for option in (
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            help="Settings file (default: the nearest cardaudit.toml or pyproject.toml).",
        ),
        click.option("--offline", is_flag=True, help="Never touch the network; use what is in the cache."),
        click.option("--no-color", is_flag=True, help="No colours."),
        click.option("-q", "--quiet", is_flag=True, help="No progress, no hints."),
        click.option("-v", "--verbose", is_flag=True, help="Say more."),
    ):
        function = option(function)
    return function


SHAPING = {
    "sets": click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="KEY=VALUE",
        help="A planned value; repeat. `cardaudit plan --help` lists the keys.",
    ),
    "dataset": click.option("--dataset", metavar="ID|PATH", help="Short for --set dataset=..."),
    "base_model": click.option("--base-model", metavar="ID|PATH", help="Short for --set base_model=..."),
    "seeds": click.option(
        "--seeds",
        type=click.IntRange(1, 19),
        default=19,
        show_default=True,
        help="At most so many seeds. The claim is weighed after 3 and after each further one up to 16; what is left takes the "
        "place of runs that fail.",
    ),
    "replay": click.option("--replay/--no-replay", default=True, help="Run the card's own seed once, first.  [default: replay]"),
    "allow_pickle": click.option(
        "--allow-pickle", is_flag=True, help="Load weights that are no safetensors file (weights only)."
    ),
    "min_seeds": click.option(
        "--min-seeds",
        type=click.IntRange(0, 19),
        default=0,
        show_default=True,
        help="Train so many seeds besides the card's own even where that one decides.",
    ),
    "output": click.option(
        "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Audit folder.  [default: audits/<name>]"
    ),
}
PLAN = ("sets", "dataset", "base_model", "seeds", "replay", "allow_pickle")


def shaping(*names: str) -> Callable[[Command], Command]:
    """These options that shape a run; where none is named, those of a plan."""

    def decorate(function: Command) -> Command:
        for name in reversed(names or PLAN):
            function = SHAPING[name](function)
        return function

    return decorate


def outputs(formats: Sequence[str], default: str) -> Callable[[Command], Command]:
    """--format, and -o PATH for one output or -o FORMAT=PATH for several."""

    def decorate(function: Command) -> Command:
        function = click.option("--format", "format_", type=click.Choice(tuple(formats)), default=default, show_default=True)(
            function
        )
        return click.option(
            "-o", "--output", multiple=True, metavar="[FORMAT=]PATH", help="Write to a file; repeat for several formats."
        )(function)

    return decorate


class Wanted(NamedTuple):
    """One output that was asked for: a format and a file, or None for standard output."""

    format: str
    path: Path | None


def wanted(formats: Sequence[str], format_: str, output: Sequence[str]) -> list[Wanted]:
    """The outputs asked for. Standard output is used where no plain `-o PATH` takes the chosen format."""
    asked: list[Wanted] = []
    plain: Path | None = None
    for item in output:
        name, equals, path = item.partition("=")
        if equals and name in formats:
            asked.append(Wanted(name, Path(path)))
        elif plain is None:
            plain = Path(item)
        else:
            raise CardauditError(
                f"two outputs without a format, {plain} and {item}: write -o FORMAT=PATH with one of {', '.join(formats)}"
            )
    return [Wanted(format_, plain), *asked]


def emit(made: str | Callable[[], str], where: Path | None) -> None:
    """Writes an answer to a file, making its folder, or to standard output.

    An answer whose lines depend on the terminal is given as what makes it: in a file it is that of a pipe, without colours.
    """
    if where is None:
        click.echo(made if isinstance(made, str) else made(), nl=False)
        return
    with redirect_stdout(StringIO()):
        text = made if isinstance(made, str) else click.unstyle(made())
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CardauditError(f"{where} cannot be written: {error.strerror or error}") from error


def said(quiet: bool) -> Callable[[str], None]:
    """What writes a sentence to standard error; with -q, nothing."""
    return lambda sentence: None if quiet else tell(sentence)


def settings_for(config: Path | None, offline: bool, no_color: bool) -> Settings:
    """The settings that hold for this call; --offline beats the file, --no-color and NO_COLOR switch colours off."""
    from dataclasses import replace

    if no_color or uncoloured():
        click.get_current_context().color = False
    settings = find_settings(config)
    return replace(settings, offline=True) if offline else settings


def failing(checkups: Sequence["Checkup"], fail_on: str) -> int:
    """1 where a finding is at or above the severity `fail_on`, else 0; "never" is always 0."""
    from cardaudit.output import RANK

    if fail_on == "never":
        return 0
    worst = min((RANK[finding.severity] for checkup in checkups for finding in checkup.findings), default=len(RANK))
    return int(worst <= SEVERITIES.index(fail_on))
