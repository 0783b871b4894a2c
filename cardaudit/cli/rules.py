"""cardaudit rules [NAME [TARGET]]"""

import json
from pathlib import Path

import click

from cardaudit.cli.options import common, emit, outputs, settings_for, wanted

FORMATS = ("text", "json")


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
            text = _catalogue(each.format)
        elif target is None:
            text = _page(name, each.format)
        else:
            text = _worked(name, target, settings.offline, each.format)
        emit(text, each.path)
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
    widest = max(len(rule.name) for rule in RULES)
    lines: list[str] = []
    for group, rules in GROUPS.items():
        lines += [click.style(group, bold=True, underline=True)]
        lines += [f"{click.style(f'{r.name:<{widest}}', bold=True)}  {r.kind:<12}  {r.severity:<7}  {r.title}" for r in rules]
        lines += [""]
    return "\n".join([*lines, f"{len(RULES)} rules. cardaudit rules NAME prints a rule's page."]) + "\n"


def _page(name: str, format_: str) -> str:
    from cardaudit.lint import chosen_rules

    rule = chosen_rules((name,))[0]
    if format_ == "json":
        return json.dumps({"name": rule.name, "page": rule.page}, indent=2, ensure_ascii=False) + "\n"
    return f"{click.style(rule.name, bold=True)}  {rule.kind}, {rule.severity}, {rule.confidence}\n\n{rule.page.strip()}\n"


def _worked(name: str, target: str, offline: bool, format_: str) -> str:
    from cardaudit.exchange import checkup_json
    from cardaudit.lint import check_card, chosen_rules
    from cardaudit.output import Checked
    from cardaudit.output.text import frame
    from cardaudit.targets import read_one

    rule = chosen_rules((name,))[0]
    card = read_one(target, offline)
    checkup = check_card(card, select=(rule.name,))
    if format_ == "json":
        return json.dumps(checkup_json(card.source.name, card, checkup), indent=2, ensure_ascii=False) + "\n"
    checked = Checked(card.source.name, card, checkup)
    lines = [click.style(rule.name, bold=True) + f": {rule.title}", "", _section(rule.page, "Condition"), ""]
    for finding in checkup.findings:
        lines.append(frame(checked, finding))
        lines += [f"    {key} = {json.dumps(value, ensure_ascii=False)}" for key, value in finding.arithmetic.items()]
    lines += [f"unchecked: {unchecked.because}" for unchecked in checkup.unchecked]
    lines += [f"clear: {checked.name} was looked at and nothing was found" for _ in checkup.clear]
    return "\n".join(lines).rstrip() + "\n"


def _section(page: str, title: str) -> str:
    """One section of a rule's page, indented."""
    body = page.partition(f"## {title}\n")[2].partition("\n## ")[0].strip()
    return "\n".join(f"  {line}" for line in body.splitlines())
