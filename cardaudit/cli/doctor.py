"""cardaudit doctor"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted

if TYPE_CHECKING:
    from cardaudit.doctor import Check

FORMATS = ("text", "json")
SIGNS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "missing": ("missing", "yellow")}


@click.command("doctor")
@outputs(FORMATS, "text")
@common
def command(
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,  # noqa: ARG001
    verbose: bool,  # noqa: ARG001
) -> int:
    """Tell what works on this machine, what is missing, and the command that mends it."""
    from cardaudit.doctor import examine

    settings = settings_for(config, offline, no_color)
    checks = examine(settings.offline)
    made: dict[str, str | Callable[[], str]] = {
        "text": partial(_text, checks),
        "json": json.dumps([check._asdict() for check in checks], indent=2) + "\n",
    }
    for each in wanted(FORMATS, format_, output):
        emit(made[each.format], each.path)
    return 0


def _text(checks: "Sequence[Check]") -> str:
    from cardaudit.output.columns import fold, terminal_columns

    lines, width, below = list[str](), terminal_columns(), " " * 23
    for check in checks:
        word, colour = SIGNS[check.state]
        lines.append(fold(f"{check.name:<13} {click.style(f'{word:<8}', fg=colour)} {check.seen}", width, below))
        if check.mend:
            lines.append(fold(f"{below}-> {check.mend}", width, f"{below}   "))
    return "\n".join(lines) + "\n"
