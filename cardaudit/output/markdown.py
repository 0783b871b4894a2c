"""Findings as Markdown, for a pull request, a discussion or a step summary."""

from collections.abc import Sequence

from cardaudit.escaping import as_markdown
from cardaudit.output import Checked, by_severity, position
from cardaudit.output.text import total

SIGNS = {"error": "✗ error", "warning": "! warning", "info": "i note"}


def render(checked: Sequence[Checked]) -> str:
    """One table a card with findings; cards without come as one line."""
    parts = [f"**cardaudit**: {total(checked)}\n"]
    for each in checked:
        findings = by_severity(each.checkup)
        name = as_markdown(each.name)
        if not findings:
            parts.append(f"### {name}\n\nNothing found; {len(each.checkup.unchecked)} rules had nothing to check.\n")
            continue
        rows = [f"| {SIGNS[f.severity]} | {position(each.card, f)[0]} | {f.rule} | {as_markdown(f.message)} |" for f in findings]
        parts.append("\n".join([f"### {name}\n", "| | line | rule | what |", "| --- | ---: | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)
