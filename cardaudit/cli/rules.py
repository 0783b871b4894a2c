"""cardaudit rules [NAME [TARGET]]"""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted

if TYPE_CHECKING:
    from cardaudit.rule import Rule

FORMATS = ("text", "json")
LEAST_TITLE = 44


@click.command("rules")
@click.argument("name", required=False)
@click.argument("target", required=False)
@outputs(FORMATS, "text")
@common
def command(
    name: str | None,
    target: str | None,
    format_: str,
    output: tuple[str, ...],
    config: Path | None,
    offline: bool,
    no_color: bool,
    quiet: bool,  # noqa: ARG001
    verbose: bool,  # noqa: ARG001
) -> int:
    """Print the catalogue of rules, one rule's page, or with a TARGET what that rule makes of the card and its worked numbers."""
    settings = settings_for(config, offline, no_color)
    for each in wanted(FORMATS, format_, output):
        if name is None:
            emit(partial(_catalogue, each.format), each.path)
        elif target is None:
            emit(partial(_page, name, each.format), each.path)
        else:
            emit(partial(_worked, name, target, settings.offline, each.format), each.path)
    return 0


def _catalogue(format_: str) -> str:
    from cardaudit.rules import GROUPS, RULES

    if format_ == "json":
        rows = [
            {
                "name": r.name,
                "group": r.group,
                "kind": r.kind,
                "severity": r.severity,
                "confidence": r.confidence,
                "title": r.title,
            }
            for r in RULES
        ]
        return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    lines: list[str] = []
    for group, rules in GROUPS.items():
        lines += [click.style(group, bold=True, underline=True), *map(_line, rules), ""]
    return "\n".join([*lines, f"{len(RULES)} rules. cardaudit rules NAME prints a rule's page."]) + "\n"


def _line(rule: "Rule") -> str:
    """A rule of the catalogue: its title beside it, or below it where a terminal leaves too little room there."""
    from cardaudit.output.columns import fold, terminal_columns
    from cardaudit.rules import RULES

    width, widest = terminal_columns(), max(len(each.name) for each in RULES)
    head = f"{click.style(f'{rule.name:<{widest}}', bold=True)}  {rule.kind:<12}  {rule.severity:<7}"
    at = len(click.unstyle(head)) + 2
    if width is not None and width < at + LEAST_TITLE:
        return f"{head.rstrip()}\n{fold(f'    {rule.title}', width, '    ')}"
    return fold(f"{head}  {rule.title}", width, " " * at)


def _page(name: str, format_: str) -> str:
    from cardaudit.lint import chosen_rules

    rule = chosen_rules((name,))[0]
    if format_ == "json":
        return json.dumps({"name": rule.name, "page": rule.page}, indent=2, ensure_ascii=False) + "\n"
    head = f"{click.style(rule.name, bold=True)}  {rule.kind}, {rule.severity}, {rule.confidence}"
    return f"{head}\n\n{_filled(rule.page.strip())}\n"


def _worked(name: str, target: str, offline: bool, format_: str) -> str:
    from cardaudit.exchange import checkup_json
    from cardaudit.lint import check_card, chosen_rules
    from cardaudit.output import Checked
    from cardaudit.output.columns import fold, terminal_columns
    from cardaudit.output.text import frame
    from cardaudit.targets import read_one

    rule = chosen_rules((name,))[0]
    card = read_one(target, offline)
    checkup = check_card(card, select=(rule.name,))
    if format_ == "json":
        return json.dumps(checkup_json(card.source.name, card, checkup), indent=2, ensure_ascii=False) + "\n"
    checked = Checked(card.source.name, card, checkup)
    width = terminal_columns()
    lines = [fold(click.style(rule.name, bold=True) + f": {rule.title}", width), "", _section(rule.page, "Condition"), ""]
    for finding in checkup.findings:
        lines.append(frame(checked, finding))
        worked = finding.arithmetic.items()
        lines += [fold(f"    {key} = {json.dumps(value, ensure_ascii=False)}", width) for key, value in worked]
    lines += [fold(f"unchecked: {unchecked.because}", width) for unchecked in checkup.unchecked]
    lines += [fold(f"clear: {checked.name} was looked at and nothing was found", width) for _ in checkup.clear]
    return "\n".join(lines).rstrip() + "\n"


def _filled(text: str, indent: str = "") -> str:
    """A page as it is written, or where that is wider than a terminal with its paragraphs filled anew."""
    from cardaudit.output.columns import fold, terminal_columns

    width, written = terminal_columns(), text.splitlines()
    if width is None or max(map(len, written), default=0) + len(indent) <= width:
        return "\n".join(f"{indent}{line}".rstrip() for line in written)
    paragraphs, open_ = list[str](), False
    for line in written:
        plain = bool(line) and not line.startswith("#")
        if plain and open_:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        open_ = plain
    return "\n".join(fold(f"{indent}{paragraph}".rstrip(), width, indent) for paragraph in paragraphs)


def _section(page: str, title: str) -> str:
    """One section of a rule's page, indented."""
    body = page.partition(f"## {title}\n")[2].partition("\n## ")[0].strip()
    return _filled(body, "  ")
