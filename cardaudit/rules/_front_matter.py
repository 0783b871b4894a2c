"""Where things stand in the front matter: what several rules ask of its text. Not a rule."""

import itertools
import re
from decimal import Decimal

from cardaudit.document import Scalar, YamlError, read_front_matter
from cardaudit.document.scalars import Path
from cardaudit.patterns import deferred
from cardaudit.records import Card, Edit, Span
from cardaudit.rules._remembered import remembered

OPENING = deferred(r"[\ufeff \t\r\n]*---[ \t]*\r{0,2}\n")
CLOSING = deferred(r"---[ \t]*\r{0,2}(?:\n|\Z)")
KEY = deferred(r"\n([\"']?)([A-Za-z][\w-]*)\1[ \t]*:(?=\s)")
ITEM = deferred(r"[ \t]*- +[\"']?$")
HYPHENS = deferred(r"^---[ \t]*\r{0,2}$", re.MULTILINE)
HUB_KEY = deferred(r"^(?:license|language|tags|datasets|pipeline_tag|library_name|model-index|base_model):", re.MULTILINE)
YAML_LINE = deferred(r"[\w-]+:(?:\s|\Z)|\s+\S|- |#|\r{0,2}\Z")
FENCE = deferred(r"^(?:```|~~~)", re.MULTILINE)
LONGEST = 4_000
ZERO = Decimal(0)


@remembered
def front_span(card: Card) -> Span:
    """The YAML between the two lines of hyphens; an empty range where there is none."""
    opening = OPENING.match(card.text)
    at = opening.end() - 1 if opening else -1
    while at >= 0 and opening:
        at = card.text.find("\n---", at)
        if at >= 0 and CLOSING.match(card.text, at + 1):
            return Span(opening.end(), max(at + 1, opening.end()))
        at = at + 1 if at >= 0 else -1
    return Span(0, 0)


def top_names(card: Card) -> list[str]:
    """The keys that stand at the left margin, each as often as it stands there."""
    start, end = front_span(card)
    return [name for _, name in KEY.findall(card.text, max(start - 1, 0), end)]


def top_keys(card: Card) -> list[tuple[str, Span]]:
    """The same with their places."""
    start, end = front_span(card)
    return [(found[2], Span(*found.span(2))) for found in KEY.finditer(card.text, max(start - 1, 0), end)]


def key_span(card: Card, key: str) -> Span:
    """Where a key at the left margin stands; the front matter's start where it does not."""
    start = front_span(card).start
    return next((span for name, span in top_keys(card) if name == key), Span(start, start))


def scalars(card: Card) -> dict[Path, Scalar]:
    """Every scalar of the front matter by its path, read anew: for cards that have something to report."""
    try:
        front = read_front_matter(card.text, *front_span(card))
    except YamlError:
        return {}
    return dict(front.scalars) if front else {}


def whole_line(card: Card, span: Span) -> Span:
    """The line in which a span starts, with its end."""
    line = card.line(span)
    following = card.line_starts[line] if line < len(card.line_starts) else len(card.text)
    return Span(card.line_starts[line - 1], following)


def is_alone(card: Card, span: Span) -> bool:
    """Whether a value is the whole item of a list that takes a line."""
    line = whole_line(card, span)
    before, after = card.text[line.start : span.start], card.text[span.end : line.end]
    return ITEM.match(before) is not None and after.strip("\"' \t\r\n") == ""


def line_removed(card: Card, span: Span) -> Edit:
    """The edit that takes a value's line away."""
    return Edit(whole_line(card, span), "")


def later_front_matter(card: Card) -> Span | None:
    """A block that would be front matter if it stood at the start: YAML with a key of the Hub's between lines of hyphens."""
    start = front_span(card).end
    below = start + len("---") if start else 0
    if card.text.find("---\n", below) < 0:
        return None
    lines = [found.span() for found in HYPHENS.finditer(card.text, below)]
    for (_, first), (last, _) in itertools.pairwise(lines):
        block = card.text[first + 1 : last]
        if 0 < len(block) < LONGEST and HUB_KEY.search(block) and all(map(YAML_LINE.match, block.split("\n"))):
            is_code = len(FENCE.findall(card.text, 0, first)) % 2 == 1
            return None if is_code else Span(first + 1, last)
    return None
