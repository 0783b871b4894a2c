"""The command line: commands are found by name and imported only when called, so that `lint` never pays for `reproduce`."""

import gc
import sys
from importlib import import_module

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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cardaudit")
def app() -> None:
    """Find out whether a machine-learning model's card tells the truth.

    \b
    cardaudit lint README.md            check the numbers of a card
    cardaudit verify user/model         check the card against its repository and weights
    cardaudit reproduce user/model      retrain the model and compare
    cardaudit zoo cards/                audit a folder of cards

    Exit codes: 0 fine, 1 findings or a claim that deviates, 2 could not run, 3 the card does not say enough, 4 undecided,
    130 interrupted.
    """


def main() -> None:
    """Runs the command line and ends the process with the contract's exit code."""
    gc.set_threshold(NEW_OBJECTS)
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
    """Prints one sentence on standard error and gives `code` back; names in it may be strangers'."""
    from cardaudit.escaping import visible

    click.secho(f"cardaudit: {visible(sentence)}", fg="red", err=True)
    return code
