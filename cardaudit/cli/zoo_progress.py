"""How far a zoo is: one line that renews itself on a terminal, a line now and then elsewhere."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from cardaudit.output.columns import cut, terminal_columns
from cardaudit.plurals import count

if TYPE_CHECKING:
    from cardaudit.zoo.lint_stage import Progress

SECONDS_A_LINE = 30.0


@contextmanager
def telling(quiet: bool) -> "Iterator[Callable[[Progress], None]]":
    """What is told of a session's progress, while it lasts."""
    if quiet:
        yield lambda _: None
        return
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    told = [monotonic()]

    def tell(progress: "Progress") -> None:
        now = monotonic()
        if terminal:
            click.echo(f"\r{cut(_line(progress), (terminal_columns(sys.stderr) or 80) - 1)}\x1b[K", nl=False, err=True)
        elif now - told[0] > SECONDS_A_LINE:
            told[0] = now
            click.echo(_line(progress), err=True)

    try:
        yield tell
    finally:
        if terminal:
            click.echo(err=True)


def _line(progress: "Progress") -> str:
    rate = progress.cards / max(progress.seconds, 0.001)
    return f"{count(progress.cards, 'card')}, {progress.linted:,} checked, {progress.unchanged:,} unchanged, {rate:,.0f} a second"
