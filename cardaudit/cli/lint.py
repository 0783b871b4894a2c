"""cardaudit lint TARGET..."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.asking import asked, policy_of, tell_leftovers, with_flags
from cardaudit.cli.options import common, emit, failing, outputs, said, settings_for, wanted
from cardaudit.cli.saying import tell
from cardaudit.plurals import count

if TYPE_CHECKING:
    from cardaudit.output import Checked
    from cardaudit.policy import Policy

FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "markdown", "html")


@click.command("lint", no_args_is_help=True)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@asked
@click.option(
    "--write-baseline", type=click.Path(path_type=Path), metavar="FILE", help="Write all findings as known ones; exit code 0."
)
@click.option(
    "--census",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with this census instead of the shipped one; cardaudit census build makes one.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what a card says.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that change what a card says.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; exit code 1 where it would.")
@outputs(FORMATS, "text")
@common
def command(
    targets: tuple[str, ...],
    profile: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    allow: Path | None,
    baseline: Path | None,
    fail_on: str | None,
    write_baseline: Path | None,
    census: Path | None,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
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
    JSONL file of cards. Nothing is trained and, for files, nothing is fetched. Of a folder every card at any depth is read; a
    folder with files of a model beside its README.md is one card, and Markdown that this leaves out is told.

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 a card could not be read.

    \b
    A file for --allow:
      [[allow]]
      card = "someone/*"   # a name, a path or a pattern
      rule = "zero-f1"
      because = "the evaluation split holds no entity"
      until = 2027-06-30   # last day; may be left out
    """
    settings = with_flags(settings_for(config, offline, no_color), profile, select, ignore, allow, baseline, fail_on)
    destinations = wanted(FORMATS, format_, output)
    policy = policy_of(settings, use_baseline=write_baseline is None)
    if census:
        from cardaudit.census.stored import StoredCensus

        policy.census = StoredCensus(census)
    checked, unreadable = _check(targets, policy, settings.offline, quiet)
    if diff:
        return _show_diff(checked, policy, unsafe_fixes, unreadable, quiet)
    if fix:
        checked = _fix(checked, policy, unsafe_fixes, quiet)
    if write_baseline:
        _write_baseline(write_baseline, checked, quiet)
    else:
        for each in destinations:
            emit(partial(_render, each.format, checked), each.path)
    _tell(unreadable, quiet)
    tell_leftovers(policy, quiet)
    if unreadable:
        return 2
    sarif = destinations[0].format == "sarif"
    return 0 if write_baseline or sarif else failing([each.checkup for each in checked], settings.fail_on or "error")


def _check(targets: tuple[str, ...], policy: "Policy", offline: bool, quiet: bool) -> tuple[list["Checked"], list[str]]:
    from cardaudit.output import Checked
    from cardaudit.targets import Unreadable, read_targets

    checked: list[Checked] = []
    unreadable: list[str] = []
    for card in read_targets(targets, offline, said(quiet)):
        if isinstance(card, Unreadable):
            unreadable.append(f"{card.name}: {card.because}")
        else:
            checked.append(Checked(card.source.name, card, policy.check(card)))
    return checked, unreadable


def _tell(unreadable: Sequence[str], quiet: bool) -> None:
    if unreadable and not quiet:
        for line in unreadable:
            tell(line, "red")


def _show_diff(checked: Sequence["Checked"], policy: "Policy", unsafe: bool, unreadable: Sequence[str], quiet: bool) -> int:
    from cardaudit.cli.mending import diff_of

    text = "".join(diff_of(each, policy, unsafe) for each in checked)
    click.echo(text, nl=False)
    _tell(unreadable, quiet)
    return 2 if unreadable else int(bool(text))


def _fix(checked: Sequence["Checked"], policy: "Policy", unsafe: bool, quiet: bool) -> list["Checked"]:
    from cardaudit.cli.mending import fixed, sentence

    mended = [fixed(each, policy, unsafe) for each in checked]
    if not quiet:
        click.echo(sentence(mended, unsafe), err=True)
    return [each for each, _ in mended]


def _write_baseline(path: Path, checked: Sequence["Checked"], quiet: bool) -> None:
    from cardaudit.baseline import baseline_json, known_by

    known = [known_by(each.card, finding) for each in checked for finding in each.checkup.findings]
    emit(baseline_json(known), path)
    if not quiet:
        click.echo(f"{count(len(known), 'finding')} written to {path} as known: use it with --baseline {path}", err=True)


def _render(format_: str, checked: Sequence["Checked"]) -> str:
    if format_ == "html":
        from cardaudit.audit import lint_audit
        from cardaudit.report import render_html
        from cardaudit.zoo import index_of

        only = checked[0] if len(checked) == 1 else None
        if only:
            return render_html(lint_audit(only.card, checkup=only.checkup))
        return index_of([(each.card, each.checkup) for each in checked])
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
