"""Lines of a card with places underlined, in the columns of a terminal: of a long line the parts around the places."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import click

from cardaudit.escaping import one_line
from cardaudit.output.columns import cells
from cardaudit.records import Card, Place, Span

SHORTEST = 16  # cells that a part of a long place keeps


def quoted(card: Card, places: Sequence[Place], colour: str, width: int) -> list[str]:
    """Each line once, with its places underlined; the first place is always shown, the others where they fit in `width` cells."""
    lines: dict[int, list[Span]] = {}
    for place in places:
        lines.setdefault(card.line(place.span), []).append(place.span)
    gutter = max((len(str(number)) for number in lines), default=0)
    shown: list[str] = []
    for number in sorted(lines):
        start = card.line_starts[number - 1]
        spans = [Span(span.start - start, span.end - start) for span in lines[number]]
        text, carets = underlined(line_text(card, number), spans, width - gutter - len("   | "), colour)
        shown += [f"  {number:>{gutter}} | {text}", f"  {'':>{gutter}} | {carets}"]
    return shown


def line_text(card: Card, number: int) -> str:
    """One line of a card, without its end."""
    start = card.line_starts[number - 1]
    end = card.line_starts[number] if number < len(card.line_starts) else len(card.text)
    return card.text[start:end].rstrip("\r\n")


def underlined(line: str, spans: Sequence[Span], widest: int, colour: str) -> tuple[str, str]:
    """A line in at most `widest` cells, and carets below `spans` of it; the first of them is the one that matters."""
    end = max(len(line), *(span.start + 1 for span in spans))
    line = line.ljust(end)  # a place at the end of a line is one blank
    spans = [Span(span.start, min(max(span.end, span.start + 1), end)) for span in spans]
    shown, carets, at = "", "", 0
    for part in _parts(line, spans, widest):
        gap = "…" if part.start > at else ""
        shown, carets, at = shown + gap, carets + " " * len(gap), part.end
        for start, stop, marked in _stretches(part, spans):
            piece = one_line(line[start:stop])
            shown += piece
            carets += click.style("^" * cells(piece), fg=colour) if marked else " " * cells(piece)
    return (shown + "…" if at < end else shown).rstrip(), carets.rstrip()


def _stretches(part: Span, spans: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """A part of a line in pieces that lie in a place as a whole, or in none."""
    inside = [span for span in spans if span.start < part.end and span.end > part.start]
    edges = {edge for span in inside for edge in span if part.start < edge < part.end}
    cuts = sorted({part.start, part.end, *edges})
    for start, stop in pairwise(cuts):
        yield start, stop, any(span.start <= start and stop <= span.end for span in inside)


def _parts(line: str, spans: Sequence[Span], widest: int) -> list[Span]:
    """What is shown of a line: all, or as much around each place as fits; a place that is long itself from its beginning."""
    if len(line) <= 4 * widest and cells(one_line(line)) <= widest:
        return [Span(0, len(line))]
    begun = [_begun(line, span, widest - 2) for span in spans]
    whole = _cost(line, _merged(line, begun, 0)) <= widest
    share = widest - 2 if whole else max(SHORTEST, (widest - 1) // len(spans) - 1)
    kept = list[Span]()
    for span in (_begun(line, span, min(share, widest - 2)) for span in spans):
        if not kept or _cost(line, _merged(line, [*kept, span], 0)) <= widest:
            kept.append(span)
    low, high = 0, widest
    while low < high:
        middle = (low + high + 1) // 2
        fits = _cost(line, _merged(line, kept, middle)) <= widest
        low, high = (middle, high) if fits else (low, middle - 1)
    return _merged(line, kept, low)


def _begun(line: str, span: Span, widest: int) -> Span:
    """As much of a place from its beginning as takes `widest` cells, one character at least."""
    end = min(span.end, span.start + widest)
    while end > span.start + 1 and cells(one_line(line[span.start : end])) > widest:
        end -= 1
    return Span(span.start, end)


def _merged(line: str, spans: Sequence[Span], margin: int) -> list[Span]:
    """Places with `margin` characters on both sides, those that touch or leave one character between them as one."""
    parts = list[Span]()
    for span in sorted(spans):
        start, end = max(0, span.start - margin), min(len(line), span.end + margin)
        if parts and start <= parts[-1].end + 1:
            parts[-1] = Span(parts[-1].start, max(end, parts[-1].end))
        else:
            parts.append(Span(start, end))
    return parts


def _cost(line: str, parts: Sequence[Span]) -> int:
    """Cells of parts with what stands for the rest: one cell before, between and after them."""
    rest = (parts[0].start > 0) + len(parts) - 1 + (parts[-1].end < len(line))
    return rest + sum(cells(one_line(line[part.start : part.end])) for part in parts)
