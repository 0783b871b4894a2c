"""Findings for people: a frame of the card's own lines, the finding below it, and what was read and checked at the end."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import click

from cardaudit.coverage import coverage
from cardaudit.escaping import one_line
from cardaudit.output import Checked, by_gravity, folded, not_said, position
from cardaudit.records import Card, Finding, Place, Span

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
WORDS = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}
WIDEST = 160
MOST_PLACES = 3


class Window(NamedTuple):
    """The part of a long line that is shown: from where, how many columns at most, and how long the line is."""

    shift: int
    widest: int
    length: int


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
        blocks.append(total(checked) + "\n")
    return "\n".join(blocks)


def concise(checked: Sequence[Checked]) -> str:
    """One line a finding: file:line:column, severity, rule, message."""
    lines = []
    for each in checked:
        for finding in by_gravity(each.checkup):
            line, column = position(each.card, finding)
            lines.append(
                f"{one_line(each.name)}:{line}:{column}: {finding.severity} {finding.rule}: {one_line(finding.message)}\n"
            )
    return "".join(lines) + total(checked) + "\n"


def frame(checked: Checked, finding: Finding) -> str:
    """One finding: where, what, the lines of the card it stands on with the place underlined, and its message."""
    own = [place for place in finding.at if not place.file]
    quoted = _quoted(checked.card, own[:MOST_PLACES], COLOURS[finding.severity])
    head, grade = _head(checked, finding, finding.rule), f"  ({finding.kind}, {finding.confidence})"
    fits = len(click.unstyle(head)) + len(grade) <= _width()
    return "\n".join([head + grade if fits else f"{head}\n{grade}", *quoted, _told(finding.message)]) + "\n"


def _head(checked: Checked, finding: Finding, title: str) -> str:
    """Where, how grave, and what."""
    line, column = position(checked.card, finding)
    where = click.style(f"{one_line(checked.name)}:{line}:{column}", bold=True)
    word = click.style(WORDS[finding.severity][0], fg=COLOURS[finding.severity], bold=True)
    return f"{where}  {word}  {click.style(title, bold=True)}"


def _told(message: str) -> str:
    """A message below its place, broken at the width of a terminal; one line in a pipe."""
    return _filled(f"  = {one_line(message)}")


def _filled(line: str) -> str:
    width = _width()
    if width > WIDEST:
        return line
    from textwrap import fill

    return fill(line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _width() -> int:
    """Columns to write in: a terminal's, else more than any frame takes."""
    if not sys.stdout.isatty():
        return WIDEST + 1
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 40)


def _quoted(card: Card, places: Sequence[Place], colour: str) -> list[str]:
    """Each line once, with all its places underlined; a long one from a little before the first."""
    lines: dict[int, list[Span]] = {}
    for place in sorted(places):
        lines.setdefault(card.line(place.span), []).append(place.span)
    gutter = max((len(str(number)) for number in lines), default=0)
    widest = min(_width() - gutter - len("   | "), WIDEST)
    quoted: list[str] = []
    for number, spans in lines.items():
        text = line_text(card, number)
        shift = max(0, card.column(spans[0]) - widest // 2)
        quoted.append(f"  {number:>{gutter}} | {_cut(one_line(text), shift, widest)}")
        quoted.append(f"  {'':>{gutter}} | {_underline(card, spans, Window(shift, widest, len(text)), colour)}")
    return quoted


def _cut(text: str, shift: int, widest: int) -> str:
    shown = text[shift : shift + widest]
    shown = "…" + shown[1:] if shift else shown
    return shown[:-1] + "…" if shift + widest < len(text) else shown


def _underline(card: Card, spans: Sequence[Span], window: Window, colour: str) -> str:
    line, at = "", 0
    for span in spans:
        start = card.column(span) - 1 - window.shift
        width = max(1, min(span.end - span.start, window.length - window.shift - start, window.widest - start))
        if at <= start < window.widest:
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
    name = one_line(checked.name)
    said = _filled(
        f"{name}: {counts}{allowed} "
        f"({checked.card.dialect}; {able} of {rules} rules had something to check, {read} of {seen} numbers read)"
    )
    return click.style(name, bold=True) + said[len(name) :] if said.startswith(name) else said


def total(checked: Sequence[Checked]) -> str:
    """All cards in one sentence."""
    found = Counter(finding.severity for each in checked for finding in each.checkup.findings)
    hit = sum(any(f.severity != "info" for f in each.checkup.findings) for each in checked)
    counts = ", ".join(_count(found[s], *WORDS[s]) for s in ("error", "warning", "info"))
    return f"{counts} in {_count(len(checked), 'card', 'cards')}; {hit} with an error or a warning"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
