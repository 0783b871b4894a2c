"""How far a zoo is: one line that renews itself on a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cardaudit.zoo.lint_stage import Progress

SECONDS_A_LINE = 30.0


def teller(quiet: bool) -> "Callable[[Progress], None]":
    """What is told of a session's progress; nothing of one that is over at once."""
    if quiet:
        return lambda _: None
    terminal = sys.stderr.isatty()
    told = [monotonic()]

    def tell(progress: "Progress") -> None:
        now = monotonic()
        if terminal:
            click.echo(f"\r{_line(progress)}\x1b[K", nl=False, err=True)
        elif now - told[0] > SECONDS_A_LINE:
            told[0] = now
            click.echo(_line(progress), err=True)

    return tell


def _line(progress: "Progress") -> str:
    rate = progress.cards / max(progress.seconds, 0.001)
    return f"{progress.cards:,} cards, {progress.linted:,} checked, {progress.unchanged:,} unchanged, {rate:,.0f} a second"
