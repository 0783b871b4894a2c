"""The YAML that an author meant as front matter and the Hub does not take for it: below other text, or without a line of hyphens.

What cards of the Hub have: a title or words copied from a page above it, four or five hyphens, no line that opens it, none that
ends it.
"""

from collections.abc import Iterator

from cardaudit.document.front_matter import FrontMatter, read_front_matter
from cardaudit.document.scalars import YamlError
from cardaudit.patterns import deferred

SIGNS = ("license:", "language:")
KEY = deferred(
    r"(?:license|licen[cs]e_name|language|tags|datasets|metrics|widget|thumbnail|pipeline_tag|library_name|model-index|base_model"
    r"|inference|co2_eq_emissions):(?:\s|\Z)"
)
HYPHENS = deferred(r"-{3,6}[ \t]*\r{0,2}")
INNER = deferred(r"[ \t]+\S|- \S|[ \t]*-?[ \t\r]*\Z")
DEEPEST = 2_500  # characters from the start of the card, within which it begins
MOST_LINES = 200


def misplaced_front_matter(text: str) -> FrontMatter | None:
    """The front matter that stands where none is read; None where no block is one for sure, or where its YAML is broken."""
    if not any(map(text[: DEEPEST + MOST_LINES].__contains__, SIGNS)):
        return None
    for begin, lines in _blocks(text):
        end = _end(begin, lines)
        try:
            return read_front_matter(text, begin, end)
        except YamlError:
            return None
    return None


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where a block may begin, with its lines: at the first words of a text, or behind a line of hyphens with a key below it."""
    at, before, in_fence = 0, "", False
    lines = text[: 4 * DEEPEST].split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        if at > DEEPEST:
            return
        in_fence ^= line.startswith(("```", "~~~"))
        opens = not before or HYPHENS.fullmatch(before) is not None
        if opens and not in_fence and KEY.match(line):
            yield at, lines[number : number + MOST_LINES]
        before = line if line.strip() else before
        at += len(line) + 1


def _end(begin: int, lines: list[str]) -> int:
    """Where the block ends: at a line of hyphens, or before the first line that is neither a key nor under one.

    After a blank line only a key goes on: a list of the text below is none of the front matter's.
    """
    at, blank = begin, False
    for line in lines:
        if HYPHENS.fullmatch(line) or not (KEY.match(line) or (INNER.match(line) and not (blank and line.strip()))):
            break
        blank = not line.strip()
        at += len(line) + 1
    return max(begin, at - 1)
