"""A section has a heading and nothing below it.

## What it does
Lists the headings that nothing follows, in one line.

## Condition
A heading followed by another of its own level or a higher one, or by the end of the text, with only empty lines and comments
between.

## When it stays silent
A heading above a deeper one; the card's first heading, which is its title; the Trainer's "Training results",
which no-results reports; headings that say something
themselves (a number, a link, a sentence); code.

## Usual causes
A template filled in part.

## Example
`## Limitations` and, on the next line, `## Training data`
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted
from cardaudit.rules._front_matter import front_span
from cardaudit.rules._text import fenced

HEADING = deferred(r"\n#(#{0,5})[ \t]+(?=\S)")
SHALLOW = deferred(
    r"\n(#{1,6})[ \t]+[^\n]++\s*+(?:(?!\1#)#|<!--|\Z)"
)  # a heading, then its own level, a higher one, a comment or the end
TITLE = deferred(r"([^\n]*?)[ \t#]*\r?$", re.MULTILINE)
COMMENT = deferred(r"<!--.*?(?:-->|\Z)", re.DOTALL)
SAYS = deferred(r"\d|https?://|[:.!?]\s+\S|\]\(")
TABLE = "Training results"
MOST = 3


@rule(kind="missing", severity="info", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = list(HEADING.finditer(card.text, max(front_span(card).end - 1, 0)))
    if len(found) > 1 and found[1].end() < _first_fence(card.text) and not SHALLOW.search(card.text, found[1].start()):
        return
    headings = _outside_code(card.text, found)
    if len(headings) < 2:
        raise NotCheckable("the card has no sections")
    empty = list(_empty(card.text, headings))
    if empty:
        shown = [f'"{title[1][:40]}"' for title in empty[:MOST]]
        shown += [f"{len(empty) - MOST} more"] if len(empty) > MOST else []
        at = tuple(Span(*title.span(1)) for title in empty)
        yield Hit(f"{counted(len(empty), 'empty section')}: {listed(shown)}", at, {"sections": [each[1] for each in empty]})


def _empty(text: str, headings: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The titles of the sections below which nothing stands."""
    ends = [*(following.start() for following in headings[1:]), len(text)]
    levels = [len(heading[1]) for heading in headings]
    for heading, end, level, following in zip(headings[1:], ends[1:], levels[1:], [*levels[2:], 0], strict=True):
        below = text.find("\n", heading.end(), end)
        if following > level or not (below < 0 or _is_blank(text[below:end])):
            continue
        title = TITLE.match(text, heading.end())
        if title and not SAYS.search(title[1]) and title[1] != TABLE:
            yield title


def _is_blank(section: str) -> bool:
    """Whether there are only empty lines and comments."""
    return section.isspace() or ("<!--" in section and not COMMENT.sub("", section).strip())


def _first_fence(text: str) -> int:
    """Where a block of code may start, the text's end where none does."""
    places = (text.find("```"), text.find("~~~") if "~" in text else -1)
    return min((at for at in places if at >= 0), default=len(text))


def _outside_code(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    if _first_fence(text) == len(text):
        return found
    code = fenced(text)
    outside: list[re.Match[str]] = []
    at = 0
    for heading in found:
        while at < len(code) and code[at][1] <= heading.start():
            at += 1
        if at == len(code) or heading.start() < code[at][0]:
            outside.append(heading)
    return outside
