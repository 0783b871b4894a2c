"""What commands say beside their answer: sentences on standard error, and results broken at the width of a terminal."""

import sys

import click

from cardaudit.escaping import visible
from cardaudit.output.columns import fold, fold_lines, terminal_columns


def tell(sentence: str, colour: str | None = "yellow") -> None:
    """One sentence on standard error, with the program's name; names in it may be strangers'."""
    line = fold(f"cardaudit: {visible(sentence)}", terminal_columns(sys.stderr), "  ")
    click.secho(line, fg=colour, err=True, color=False if uncoloured() else None)


def answer(text: str) -> None:
    """A text on standard output, each line of it broken between words where a terminal is narrower."""
    click.echo(fold_lines(text, terminal_columns()))


def uncoloured() -> bool:
    """Whether the user or the terminal wants no colours: https://no-color.org, and terminals that say that they are dumb.

    The flag is looked for among the arguments because errors are told when the command is over and its options are gone.
    """
    import os

    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or "--no-color" in sys.argv[1:]
