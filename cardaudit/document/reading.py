"""A text as a Document."""

import re
from bisect import bisect_left
from itertools import accumulate, count
from operator import add
from typing import NamedTuple

from cardaudit.document.blocks import Block, Lines, scan
from cardaudit.document.front_matter import FrontMatter, read_front_matter
from cardaudit.document.scalars import YamlError
from cardaudit.patterns import deferred

FENCE = deferred(r"---[ \t]*\r{0,2}(?:\n|\Z)")
CLOSING_FENCE = deferred(r"^---[ \t]*\r{0,2}$", re.M)
BEFORE_FENCE = deferred(r"[\ufeff \t\r\n]*")
LINE_END = deferred(r"\r\r?\n|\r|\n")  # "\r\r\n" is one line's end: "\r\n" written once more as text by Windows


class Document(NamedTuple):
    """A text, scanned. `front_matter` is None where there is none or where it is broken; then `front_matter_error` says how."""

    text: str
    line_starts: tuple[int, ...]
    blocks: tuple[Block, ...]
    body_start: int
    front_matter: FrontMatter | None = None
    front_matter_error: YamlError | None = None


def read_document(text: str) -> Document:
    """The document of any text; never raises. Offsets count characters of `text` as given."""
    starts, texts = _lines(text)
    begin, end, body_start = _front_matter_range(text)
    front_matter: FrontMatter | None = None
    error: YamlError | None = None
    try:
        front_matter = read_front_matter(text, begin, end) if end > begin else None
    except YamlError as broken:
        error = broken
    first = bisect_left(starts, body_start)
    body = Lines(starts[first:], texts[first:])
    return Document(text, starts, tuple(scan(text, body)), body_start, front_matter, error)


def _lines(text: str) -> tuple[tuple[int, ...], list[str]]:
    if "\r" not in text:
        texts = text.split("\n")
        return tuple(map(add, accumulate(map(len, texts[:-1]), initial=0), count())), texts
    starts, texts = [0], []
    for end in LINE_END.finditer(text):
        texts.append(text[starts[-1] : end.start()])
        starts.append(end.end())
    return tuple(starts), [*texts, text[starts[-1] :]]


def _front_matter_range(text: str) -> tuple[int, int, int]:
    """Start and end of the YAML, and where the body starts, found as huggingface_hub does (repocard.py, REGEX_YAML_BLOCK)."""
    head = BEFORE_FENCE.match(text)
    at = head.end() if head else 0
    opening = FENCE.match(text, at)
    closing = CLOSING_FENCE.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return 0, 0, 0
    return opening.end(), closing.start(), min(closing.end() + 1, len(text))
