"""cardaudit lint TARGET..."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import SEVERITIES, common, emit, failing, outputs, settings_for, wanted

if TYPE_CHECKING:
    from cardaudit.output import Checked

FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "markdown", "html")


@click.command("lint", no_args_is_help=True)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--select", multiple=True, metavar="RULE", help="Only these rules; repeat or separate by commas.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules.")
@click.option(
    "--fail-on", type=click.Choice((*SEVERITIES, "never")), help="Lowest severity that gives exit code 1.  [default: error]"
)
@outputs(FORMATS, "text")
@common
def command(
    targets: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,
    verbose: bool,  # noqa: ARG001
) -> int:
    """Read cards and check their numbers.

    TARGET is a file, a folder, - for standard input, a Hub id (user/model, user/model@revision, its web address), or a Parquet or
    JSONL file of cards. Nothing is trained and, for files, nothing is fetched.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 a card could not be read.
    """
    settings = settings_for(config, offline, no_color)
    asked = wanted(FORMATS, format_, output)
    rules = _names(select) or settings.select, _names(ignore) or settings.ignore
    checked, unreadable = _check(targets, *rules, settings.offline)
    for each in asked:
        emit(_render(each.format, checked), each.path)
    if unreadable and not quiet:
        click.secho("\n".join(f"cardaudit: {line}" for line in unreadable), fg="red", err=True)
    return _exit_code(checked, bool(unreadable), fail_on or settings.fail_on or "error", asked[0].format)


def _names(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for item in given for name in item.split(",") if name.strip())


def _check(
    targets: tuple[str, ...], select: Sequence[str], ignore: Sequence[str], offline: bool
) -> tuple[list["Checked"], list[str]]:
    from cardaudit.lint import check_card
    from cardaudit.output import Checked
    from cardaudit.targets import Unreadable, read_targets

    checked: list[Checked] = []
    unreadable: list[str] = []
    for card in read_targets(targets, offline):
        if isinstance(card, Unreadable):
            unreadable.append(f"{card.name}: {card.because}")
        else:
            checked.append(Checked(card.source.name, card, check_card(card, select, ignore)))
    return checked, unreadable


def _render(format_: str, checked: Sequence["Checked"]) -> str:
    if format_ == "html":
        from cardaudit.audit import lint_audit
        from cardaudit.report import render_html
        from cardaudit.zoo import index_of

        return render_html(lint_audit(checked[0].card)) if len(checked) == 1 else index_of([each.card for each in checked])
    if format_ in ("text", "concise"):
        from cardaudit.output import text

        return text.render(checked) if format_ == "text" else text.concise(checked)
    if format_ == "sarif":
        from cardaudit.output import sarif

        return sarif.render(checked)
    if format_ == "markdown":
        from cardaudit.output import markdown

        return markdown.render(checked)
    from cardaudit.output import machine

    return {"json": machine.render_json, "jsonl": machine.render_jsonl, "github": machine.render_github}[format_](checked)


def _exit_code(checked: Sequence["Checked"], unreadable: bool, fail_on: str, format_: str) -> int:
    if unreadable:
        return 2
    return 0 if format_ == "sarif" else failing([each.checkup for each in checked], fail_on)
