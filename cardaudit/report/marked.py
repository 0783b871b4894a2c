"""The card's own text, line by line, with its numbers marked and the findings on their lines.

Every line is shown. A card of more than MOST_MARKED lines is marked up to there and wherever a finding is; the rest is folded
into plain text, so that a table of 20,000 rows still opens.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple

from cardaudit.records import Audit, Card, EpochRow, Printed
from cardaudit.report.comparison import anchor_of, verdict_line
from cardaudit.report.findings import Group
from cardaudit.report.words import SEVERITIES, Mark, metric_words, outcome_mark

MOST_MARKED = 1500


class Piece(NamedTuple):
    """A stretch of a line: `field` says what it was read as, `tone` is "unread" or a finding's severity."""

    text: str
    field: str = ""
    tone: str = ""


class Note(NamedTuple):
    """What stands beside a line: a finding or a verdict, with the address of the whole story."""

    mark: Mark
    name: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what stands beside it; or, where `folded` has text, all lines from `number` to `last`."""

    number: int
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    folded: str = ""
    last: int = 0


class _Stretch(NamedTuple):
    start: int
    end: int
    field: str
    tone: str


def marked_lines(audit: Audit, groups: Sequence[Group]) -> tuple[Line, ...]:
    """The card's lines; a `folded` one stands for all from `number` to `last`."""
    card = audit.card
    notes = _notes(audit, groups)
    count = _count(card)
    shown = [number for number in range(1, count + 1) if number <= MOST_MARKED or number in notes]
    lines: list[Line] = []
    for line in _lines(audit, notes, shown):
        before = (lines[-1].last or lines[-1].number) if lines else 0
        if line.number > before + 1:
            lines.append(_folded(card, before + 1, line.number - 1))
        lines.append(line)
    if lines and lines[-1].number < count:
        lines.append(_folded(card, lines[-1].number + 1, count))
    return tuple(lines)


def framed_lines(audit: Audit, groups: Sequence[Group]) -> tuple[Line, ...]:
    """Only the lines that a finding points to, each between its neighbours; their notes name the rule and no more."""
    notes = {number: [each._replace(text="") for each in found] for number, found in _notes(audit, groups).items()}
    count = _count(audit.card)
    shown = sorted({near for number in notes for near in range(number - 1, number + 2) if 1 <= near <= count})
    return tuple(_lines(audit, notes, shown))


def _count(card: Card) -> int:
    return sum(start < len(card.text) for start in card.line_starts)


def _lines(audit: Audit, notes: Mapping[int, Sequence[Note]], shown: Sequence[int]) -> Iterator[Line]:
    stretches = _by_line(audit.card, _stretches(audit), set(shown))
    for number in shown:
        yield Line(number, _pieces(audit.card, number, stretches.get(number, [])), tuple(notes.get(number, ())))


def _folded(card: Card, first: int, last: int) -> Line:
    text = "\n".join(_text(card, number) for number in range(first, last + 1))
    return Line(first, (), (), text, last)


def _text(card: Card, number: int) -> str:
    start, end = _bounds(card, number)
    return card.text[start:end]


def _bounds(card: Card, number: int) -> tuple[int, int]:
    start = card.line_starts[number - 1]
    end = card.line_starts[number] if number < len(card.line_starts) else len(card.text)
    return start, start + len(card.text[start:end].rstrip("\r\n"))


def _notes(audit: Audit, groups: Sequence[Group]) -> dict[int, list[Note]]:
    notes: dict[int, list[Note]] = {}
    for group in groups:
        for entry in group.entries:
            for line in entry.lines:
                text = entry.message if line == entry.lines[0] else f"see line {entry.lines[0]}"
                note = Note(SEVERITIES[entry.severity], group.rule, text, f"#{entry.anchor}")
                notes.setdefault(line, []).append(note)
    for verdict in audit.verdicts:
        place = verdict_line(audit.card, verdict)
        if place is not None and verdict.measured:
            note = Note(outcome_mark(verdict), metric_words(verdict.metric), "", f"#{anchor_of(verdict)}")
            notes.setdefault(place, []).append(note)
    return notes


def _stretches(audit: Audit) -> Iterator[_Stretch]:
    """What is marked: read values, lines that nothing read, and the places of findings."""
    for name, printed in _read(audit.card):
        yield _Stretch(*printed.span, _reading(name, printed), "")
    for mention in audit.card.datasets:
        yield _Stretch(*mention.span, "dataset", "")
    if audit.card.optimizer:
        yield _Stretch(*audit.card.optimizer.span, "optimizer", "")
    for line in audit.card.unread:
        yield _Stretch(*line.span, "", "unread")
    for finding in audit.checkup.findings:
        for place in finding.at:
            if not place.file:
                yield _Stretch(*place.span, "", finding.severity)


def _reading(name: str, printed: Printed) -> str:
    if printed.value is None:
        return name
    if not printed.slack:
        return f"{name}: {printed.value}, exact"
    return f"{name}: {printed.low} to {printed.high}"


def _read(card: Card) -> Iterator[tuple[str, Printed]]:
    """Every value of the record that stands in the text under one name."""
    for identity in ("model_name", "base_model", "task"):
        value = getattr(card, identity)
        if isinstance(value, Printed):
            yield identity, value
    yield from card.framework_versions.items()
    for field in fields(card.hyperparameters):
        value = getattr(card.hyperparameters, field.name)
        if isinstance(value, Printed):
            yield field.name, value
    yield from card.hyperparameters.other.items()
    for name, printed in card.headline.items():
        yield f"{name}, headline", printed
    for number, row in enumerate(card.epochs, 1):
        for name, cell in _row_cells(row):
            yield f"{name}, row {number}", cell
    yield from ((f"{result.metric}, model-index", result.number) for result in card.model_index)
    yield from ((result.metric, result.number) for result in card.results)


def _row_cells(row: EpochRow) -> Iterator[tuple[str, Printed]]:
    for name in ("epoch", "step", "training_loss", "validation_loss"):
        cell = getattr(row, name)
        if cell is not None:
            yield name, cell
    yield from row.metrics.items()


def _by_line(card: Card, stretches: Iterator[_Stretch], shown: set[int]) -> dict[int, list[_Stretch]]:
    """The stretches of each shown line; one that runs over several lines is cut at their ends."""
    by_line: dict[int, list[_Stretch]] = {}
    for stretch in stretches:
        first = bisect_right(card.line_starts, stretch.start)
        last = bisect_right(card.line_starts, max(stretch.start, stretch.end - 1))
        for number in range(first, last + 1):
            if number in shown:
                by_line.setdefault(number, []).append(stretch)
    return by_line


def _pieces(card: Card, number: int, stretches: Sequence[_Stretch]) -> tuple[Piece, ...]:
    start, end = _bounds(card, number)
    cuts = {start, end} | {cut for s in stretches for cut in (s.start, s.end) if start < cut < end}
    edges = sorted(cuts)
    waiting = sorted(stretches, key=lambda s: s.start, reverse=True)
    over: list[_Stretch] = []
    pieces = []
    for left, right in pairwise(edges):
        while waiting and waiting[-1].start <= left:
            over.append(waiting.pop())
        over = [s for s in over if s.end >= right]
        field = next((s.field for s in over if s.field), "")
        pieces.append(Piece(card.text[left:right], field, _tone([s.tone for s in over])))
    return tuple(pieces)


def _tone(tones: Sequence[str]) -> str:
    return next((tone for tone in (*SEVERITIES, "unread") if tone in tones), "")
