"""cardaudit doctor"""

import json
from pathlib import Path

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted

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
    lines = []
    for check in checks:
        word, colour = SIGNS[check.state]
        lines.append(f"{check.name:<13} {click.style(f'{word:<8}', fg=colour)} {check.seen}")
        if check.mend:
            lines.append(f"{'':<13} {'':<8} -> {check.mend}")
    texts = {"text": "\n".join(lines) + "\n", "json": json.dumps([check._asdict() for check in checks], indent=2) + "\n"}
    for each in wanted(FORMATS, format_, output):
        emit(texts[each.format], each.path)
    return 0
