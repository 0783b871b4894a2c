"""The command line: commands are found by name and imported only when called, so that `lint` never pays for `reproduce`."""

import gc
import os
import sys
from importlib import import_module
from typing import TextIO, cast

import click

from cardaudit import __version__
from cardaudit.errors import CardauditError

COMMANDS = {
    "lint": "Read cards and check their numbers.",
    "show": "Print the structured record of a card.",
    "plan": "Print what would be trained, and what is assumed.",
    "verify": "Hold a card against its repository and score its weights again.",
    "reproduce": "Retrain the model of a card and compare.",
    "report": "Render saved audits again.",
    "zoo": "Audit many cards and write an index page.",
    "census": "Show what everyone else got with the same recipe.",
    "rules": "Print the catalogue of rules, or one rule's page.",
    "doctor": "Tell what works on this machine and what is missing.",
    "schema": "Print the JSON Schema of a document.",
    "completion": "Print the set-up of tab completion for a shell.",
}
INTERRUPTED = 130
NEW_OBJECTS = 20_000  # between two walks of the garbage collector: what a command makes at its start are modules, which stay


class LazyGroup(click.Group):
    """A group whose commands live in cardaudit/cli/<name>.py as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cardaudit.cli.{name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(_unknown(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cardaudit")
def app() -> None:
    """Find out whether a machine-learning model's card tells the truth.

    \b
    cardaudit lint README.md        check a card's numbers
    cardaudit verify user/model     check its repository too
    cardaudit reproduce user/model  retrain it and compare
    cardaudit zoo cards/            audit a folder of cards

    Exit codes: 0 fine, 1 findings or a claim that deviates, 2 could not run, 3 the card does not say enough, 4 undecided,
    130 interrupted.
    """


def main() -> None:
    """Runs the command line and ends the process with the contract's exit code."""
    gc.set_threshold(NEW_OBJECTS)
    if sys.stdout is None:
        sys.stdout = _closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        code = app.main(standalone_mode=False)
    except CardauditError as error:
        code = fail(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        code = fail("interrupted; what was done is saved, and the same command goes on from there", INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except OSError as error:
        code = fail(f"{error.filename or 'the system'}: {error.strerror or error}", 2)
    except RecursionError:
        code = fail("the input is nested too deeply to be read", 2)
    sys.exit(code if isinstance(code, int) else 0)


def fail(sentence: str, code: int) -> int:
    """Prints one sentence on standard error and gives `code` back."""
    from cardaudit.cli.saying import tell

    tell(sentence, "red")
    return code


def _unknown(name: str) -> str:
    """What to say of a command that there is not."""
    from difflib import get_close_matches
    from pathlib import Path

    if close := get_close_matches(name, COMMANDS, 1):
        return f"no such command {name!r}: did you mean {close[0]}?"
    if Path(name).exists() or "/" in name:
        return f"no such command {name!r}: did you mean cardaudit lint {name}?"
    return f"no such command {name!r}: there are {', '.join(COMMANDS)}"


def _closed() -> TextIO:
    """Standard output that a shell has closed (">&-"): whoever prints learns of it, and who writes to a file need not."""
    from io import TextIOBase

    class Closed(TextIOBase):
        def write(self, _text: str) -> int:
            raise CardauditError("standard output is closed: nothing can be printed; write to a file with -o FILE")

    os.open(os.devnull, os.O_RDWR)  # takes the number of standard output, which the next file opened would have
    return cast("TextIO", Closed())
