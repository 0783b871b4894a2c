"""Findings as Markdown, for a pull request, a discussion or a step summary."""

import re
from collections.abc import Sequence

from cardaudit.output import Checked, by_severity, position
from cardaudit.output.text import printable, total

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@])")
SIGNS = {"error": "✗ error", "warning": "! warning", "info": "i note"}


def render(checked: Sequence[Checked]) -> str:
    """One table a card with findings; cards without come as one line."""
    parts = [f"**cardaudit**: {total(checked)}\n"]
    for each in checked:
        findings = by_severity(each.checkup)
        name = escape(each.name)
        if not findings:
            parts.append(f"### {name}\n\nNothing found; {len(each.checkup.unchecked)} rules had nothing to check.\n")
            continue
        rows = [f"| {SIGNS[f.severity]} | {position(each.card, f)[0]} | {f.rule} | {escape(f.message)} |" for f in findings]
        parts.append("\n".join([f"### {name}\n", "| | line | rule | what |", "| --- | ---: | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def escape(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return SPECIAL.sub(r"\\\1", printable(text).replace("\n", " "))
