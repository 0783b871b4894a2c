"""Findings for people: a frame of the card's own lines, the finding below it, and what was read and checked at the end."""

from collections import Counter
from collections.abc import Sequence

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.output import Checked, by_gravity, folded, not_said, position
from cardaudit.output.columns import cells, fold, terminal_columns
from cardaudit.output.quoted import quoted
from cardaudit.records import Finding

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
WORDS = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
WIDEST = 161
MOST_PLACES = 4


def render(checked: Sequence[Checked]) -> str:
    """Findings with their frames, what is not said in one line, facts in a line each, then what was read and could be checked."""
    blocks = []
    for each in checked:
        odd, unsaid, facts = folded(each.checkup)
        blocks += [frame(each, finding) for finding in odd]
        if unsaid:
            blocks.append(f"{_head(each, unsaid[0], 'not said')}\n{_told(not_said(each.card, unsaid))}\n")
        if facts:
            blocks.append("".join(f"{_head(each, fact, fact.rule)}\n{_told(fact.message)}\n" for fact in facts))
        blocks.append(_summary(each) + "\n")
    if len(checked) > 1:
        blocks.append(fold(total(checked), terminal_columns(), "    ") + "\n")
    return "\n".join(blocks)


def concise(checked: Sequence[Checked]) -> str:
    """One line a finding: file:line:column, severity, rule, message; on a narrow terminal it goes on below."""
    lines = []
    for each in checked:
        for finding in by_gravity(each.checkup):
            line, column = position(each.card, finding)
            lines.append(f"{one_line(each.name)}:{line}:{column}: {finding.severity} {finding.rule}: {one_line(finding.message)}")
    return "".join(f"{fold(line, terminal_columns(), '    ')}\n" for line in (*lines, total(checked)))


def frame(checked: Checked, finding: Finding) -> str:
    """One finding: where, what, the lines of the card it stands on with the place underlined, and its message."""
    own = [place for place in finding.at if not place.file]
    lines = quoted(checked.card, own[:MOST_PLACES], COLOURS[finding.severity], min(terminal_columns() or WIDEST, WIDEST))
    head = _head(checked, finding, finding.rule, f"({finding.kind}, {finding.confidence})")
    return "\n".join([head, *lines, _told(finding.message)]) + "\n"


def _head(checked: Checked, finding: Finding, title: str, grade: str = "") -> str:
    """Where, how grave, and what; below each other where a terminal is too narrow."""
    line, column = position(checked.card, finding)
    where = click.style(f"{one_line(checked.name)}:{line}:{column}", bold=True)
    word = click.style(WORDS[finding.severity][0], fg=COLOURS[finding.severity], bold=True)
    lines, width = [where], terminal_columns()
    for each in filter(None, (word, click.style(title, bold=True), grade)):
        if width is not None and cells(click.unstyle(f"{lines[-1]}  {each}")) > width:
            lines.append(f"  {each}")
        else:
            lines[-1] += f"  {each}"
    return "\n".join(lines)


def _told(message: str) -> str:
    """A message below its place, broken at the width of a terminal; one line in a pipe."""
    return fold(f"  = {one_line(message)}", terminal_columns(), "    ")


def _summary(checked: Checked) -> str:
    found = Counter(finding.severity for finding in checked.checkup.findings)
    counts = ", ".join(_count(found[s], *WORDS[s]) for s in ("error", "warning", "info") if found[s]) or "nothing found"
    read, seen = coverage(checked.card)
    able = len(
        {f.rule for f in checked.checkup.findings}
        | {s.finding.rule for s in checked.checkup.suppressed}
        | {f.rule for f in checked.checkup.known}
        | set(checked.checkup.clear)
    )
    rules = able + len({u.rule for u in checked.checkup.unchecked})
    allowed = f", {len(checked.checkup.suppressed)} allowed" if checked.checkup.suppressed else ""
    allowed += f", {len(checked.checkup.known)} known" if checked.checkup.known else ""
    name = one_line(checked.name)
    return fold(
        f"{click.style(name, bold=True)}: {counts}{allowed} "
        f"({checked.card.dialect}; {able} of {rules} rules had something to check, {read} of {seen} numbers read)",
        terminal_columns(),
        "    ",
    )


def total(checked: Sequence[Checked]) -> str:
    """All cards in one sentence."""
    found = Counter(finding.severity for each in checked for finding in each.checkup.findings)
    hit = sum(any(f.severity != "info" for f in each.checkup.findings) for each in checked)
    counts = ", ".join(_count(found[s], *WORDS[s]) for s in ("error", "warning", "info"))
    return f"{counts} in {_count(len(checked), 'card', 'cards')}; {hit} with an error or a warning"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
