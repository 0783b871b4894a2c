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

from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, listed
from cardaudit.rules._front_matter import front_span

HEADING = re.compile(r"\n(#{1,6})[ \t]+(\S[^\n]*?)[ \t#]*\r?$", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
FENCED = re.compile(r"^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
SAYS = re.compile(r"\d|https?://|[:.!?]\s+\S|\]\(")
TABLE = "Training results"
MOST = 3


@rule(kind="missing", severity="info", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    headings = _headings(card)
    if len(headings) < 2:
        raise NotCheckable("the card has no sections")
    ends = [*(following.start() for following in headings[1:]), len(card.text)]
    deeper = [*(len(following[1]) for following in headings[1:]), 0]
    empty = [
        heading
        for heading, end, level in zip(headings, ends, deeper, strict=True)
        if level <= len(heading[1])
        and not SAYS.search(heading[2])
        and heading is not headings[0]
        and heading[2] != TABLE
        and not COMMENT.sub("", card.text[heading.end() : end]).strip()
    ]
    if empty:
        shown = [f'"{heading[2][:40]}"' for heading in empty[:MOST]]
        shown += [f"{len(empty) - MOST} more"] if len(empty) > MOST else []
        at = tuple(Span(*heading.span(2)) for heading in empty)
        yield Hit(f"{counted(len(empty), 'empty section')}: {listed(shown)}", at, {"sections": [each[2] for each in empty]})


def _headings(card: Card) -> list[re.Match[str]]:
    found = list(HEADING.finditer(card.text, max(front_span(card).end - 1, 0)))
    if "```" not in card.text and "~~~" not in card.text:
        return found
    code = [match.span() for match in FENCED.finditer(card.text)]
    outside: list[re.Match[str]] = []
    at = 0
    for heading in found:
        while at < len(code) and code[at][1] <= heading.start():
            at += 1
        if at == len(code) or heading.start() < code[at][0]:
            outside.append(heading)
    return outside
