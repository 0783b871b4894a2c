"""Findings for programs: json and jsonl in the contract's shapes, and GitHub's workflow commands."""

import json
from collections.abc import Iterator, Sequence

from cardaudit.escaping import visible
from cardaudit.exchange import checkup_json, lint_json
from cardaudit.output import RANK, Checked, folded, not_said, position
from cardaudit.records import Finding

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render_json(checked: Sequence[Checked]) -> str:
    """The document `cardaudit.lint/1`."""
    entries = [checkup_json(each.name, each.card, each.checkup) for each in checked]
    return json.dumps(lint_json(entries), indent=2, ensure_ascii=False) + "\n"


def render_jsonl(checked: Sequence[Checked]) -> str:
    """One entry of the document's `cards` a line."""
    return "".join(json.dumps(checkup_json(*each), ensure_ascii=False) + "\n" for each in checked)


def render_github(checked: Sequence[Checked]) -> str:
    """Workflow commands that GitHub shows as annotations, gravest first: of each level it shows the first ten of a step.

    Escaped as docs.github.com, "Workflow commands", says: `%`, CR and LF, in properties also `:` and `,`.
    """
    found = [annotation for each in checked for annotation in _annotations(each)]
    lines = []
    for each, finding, title, message in sorted(found, key=lambda annotation: RANK[annotation[1].severity]):
        line, column = position(each.card, finding)
        place = f"file={_property(each.name)},line={line},col={column},title={_property(title)}"
        lines.append(f"::{LEVELS[finding.severity]} {place}::{_data(message)}\n")
    return "".join(lines)


def _annotations(each: Checked) -> Iterator[tuple[Checked, Finding, str, str]]:
    """A card's findings with title and message, what is not said as one."""
    odd, unsaid, facts = folded(each.checkup)
    yield from ((each, finding, finding.rule, finding.message) for finding in odd)
    if unsaid:
        yield each, unsaid[0], "not said", not_said(each.card, unsaid)
    yield from ((each, finding, finding.rule, finding.message) for finding in facts)


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
