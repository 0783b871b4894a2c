"""Findings for people: a frame of the card's own lines, the finding below it, and what was read and checked at the end."""

from collections import Counter
from collections.abc import Sequence

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.output import Checked, by_severity, position
from cardaudit.records import Card, Finding, Place, Span

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
WORDS = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
WIDEST = 160
MOST_PLACES = 3


def render(checked: Sequence[Checked]) -> str:
    """All findings with their frames, then one line a card that says what was read and what could be checked."""
    blocks = []
    for each in checked:
        blocks += [frame(each, finding) for finding in by_severity(each.checkup)]
        blocks.append(_summary(each) + "\n")
    if len(checked) > 1:
        blocks.append(total(checked) + "\n")
    return "\n".join(blocks)


def concise(checked: Sequence[Checked]) -> str:
    """One line a finding: file:line:column, severity, rule, message."""
    lines = []
    for each in checked:
        for finding in by_severity(each.checkup):
            line, column = position(each.card, finding)
            lines.append(
                f"{one_line(each.name)}:{line}:{column}: {finding.severity} {finding.rule}: {one_line(finding.message)}\n"
            )
    return "".join(lines) + total(checked) + "\n"


def frame(checked: Checked, finding: Finding) -> str:
    """One finding: where, what, the lines of the card it stands on with the place underlined, and its message."""
    line, column = position(checked.card, finding)
    colour = COLOURS[finding.severity]
    where = click.style(f"{one_line(checked.name)}:{line}:{column}", bold=True)
    word = click.style(WORDS[finding.severity][0], fg=colour, bold=True)
    head = f"{where}  {word}  {click.style(finding.rule, bold=True)}  ({finding.kind}, {finding.confidence})"
    own = [place for place in finding.at if not place.file]
    quoted = _quoted(checked.card, own[:MOST_PLACES], colour)
    return "\n".join([head, *quoted, f"  = {one_line(finding.message)}"]) + "\n"


def _quoted(card: Card, places: Sequence[Place], colour: str) -> list[str]:
    """Each line once, with all its places underlined; a long one from a little before the first."""
    lines: dict[int, list[Span]] = {}
    for place in sorted(places):
        lines.setdefault(card.line(place.span), []).append(place.span)
    gutter = max((len(str(number)) for number in lines), default=0)
    quoted: list[str] = []
    for number, spans in lines.items():
        text = line_text(card, number)
        shift = max(0, card.column(spans[0]) - WIDEST // 2)
        quoted.append(f"  {number:>{gutter}} | {_cut(one_line(text), shift)}")
        quoted.append(f"  {'':>{gutter}} | {_underline(card, spans, shift, len(text), colour)}")
    return quoted


def _cut(text: str, shift: int) -> str:
    shown = text[shift : shift + WIDEST]
    shown = "…" + shown[1:] if shift else shown
    return shown[:-1] + "…" if shift + WIDEST < len(text) else shown


def _underline(card: Card, spans: Sequence[Span], shift: int, length: int, colour: str) -> str:
    line, at = "", 0
    for span in spans:
        start = card.column(span) - 1 - shift
        width = max(1, min(span.end - span.start, length - shift - start, WIDEST - start))
        if at <= start < WIDEST:
            line += " " * (start - at) + click.style("^" * width, fg=colour)
            at = start + width
    return line


def line_text(card: Card, number: int) -> str:
    """One line of a card, without its end."""
    start = card.line_starts[number - 1]
    end = card.line_starts[number] if number < len(card.line_starts) else len(card.text)
    return card.text[start:end].rstrip("\r\n")


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
    return (
        f"{click.style(one_line(checked.name), bold=True)}: {counts}{allowed} "
        f"({checked.card.dialect}; {able} of {rules} rules had something to check, {read} of {seen} numbers read)"
    )


def total(checked: Sequence[Checked]) -> str:
    """All cards in one sentence."""
    found = Counter(finding.severity for each in checked for finding in each.checkup.findings)
    hit = sum(any(f.severity != "info" for f in each.checkup.findings) for each in checked)
    counts = ", ".join(_count(found[s], *WORDS[s]) for s in ("error", "warning", "info"))
    return f"{counts} in {_count(len(checked), 'card', 'cards')}; {hit} with an error or a warning"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
