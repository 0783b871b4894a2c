"""Findings as Markdown, for a pull request, a discussion or a step summary."""

from collections.abc import Sequence

from cardaudit.escaping import as_markdown
from cardaudit.output import Checked, folded, not_said, position
from cardaudit.output.text import total
from cardaudit.plurals import count
from cardaudit.records import Finding

SIGNS = {"error": "✗ error", "warning": "! warning", "info": "i note"}


def render(checked: Sequence[Checked]) -> str:
    """One table a card with findings; cards without come as one line."""
    parts = [f"**cardaudit**: {total(checked)}\n"]
    for each in checked:
        odd, unsaid, facts = folded(each.checkup)
        name = as_markdown(each.name)
        if not each.checkup.findings:
            parts.append(f"### {name}\n\nNothing found; {count(len(each.checkup.unchecked), 'rule')} had nothing to check.\n")
            continue
        rows = [_row(each, f) for f in odd]
        if unsaid:
            rows.append(f"| {SIGNS[unsaid[0].severity]} | | not said | {as_markdown(not_said(each.card, unsaid))} |")
        rows += [_row(each, f) for f in facts]
        parts.append("\n".join([f"### {name}\n", "| | line | rule | what |", "| --- | ---: | --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def _row(each: Checked, finding: Finding) -> str:
    line = position(each.card, finding)[0]
    return f"| {SIGNS[finding.severity]} | {line} | {finding.rule} | {as_markdown(finding.message)} |"
