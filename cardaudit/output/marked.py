"""A card's own text with its numbers marked: those that a field took, and those that none did.

On a terminal by colour, in a pipe by brackets: [0.9331] was read, ‹2019› was not.
"""

from collections.abc import Iterator

import click

from cardaudit.coverage import NUMBER, numbers
from cardaudit.escaping import visible
from cardaudit.records import Card, Span

LEGEND = "[read] ‹not read›"


def render(card: Card, colour: bool = False) -> str:
    """The whole text, line by line with its number."""
    width = len(str(len(card.line_starts)))
    text, at = "".join(_pieces(card, colour)), []
    for number, line in enumerate(text.split("\n"), 1):
        at.append(f"{click.style(f'{number:>{width}}', dim=True)}  {line.rstrip(chr(13))}")
    legend = f"{click.style('read', fg='green')} {click.style('not read', fg='yellow', reverse=True)}" if colour else LEGEND
    return "\n".join([f"{click.style(visible(card.source.name), bold=True)}  {card.dialect}  {legend}", *at]) + "\n"


def _pieces(card: Card, colour: bool) -> Iterator[str]:
    end = 0
    for span, read in _marks(card):
        if span.start < end:
            continue
        yield _plain(card.text[end : span.start])
        yield _marked(_plain(card.text[span.start : span.end]), read, colour)
        end = span.end
    yield _plain(card.text[end:])


def _marks(card: Card) -> list[tuple[Span, bool]]:
    """Spans of numbers in the order of the text, each with whether it was read; of two that begin alike the read one first."""
    read = {printed.span for printed in numbers(card)} | ({card.optimizer.span} if card.optimizer else set())
    unread = {
        Span(line.span.start + found.start(), line.span.start + found.end())
        for line in card.unread
        for found in NUMBER.finditer(line.text)
    }
    return sorted(
        [*((span, True) for span in read), *((span, False) for span in unread)], key=lambda mark: (mark[0].start, not mark[1])
    )


def _plain(text: str) -> str:
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def _marked(text: str, read: bool, colour: bool) -> str:
    if colour:
        return click.style(text, fg="green") if read else click.style(text, fg="yellow", reverse=True)
    return f"[{text}]" if read else f"‹{text}›"
