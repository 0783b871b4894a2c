"""The card still holds the template's placeholders.

## What it does
Counts places where the template asks for text, in one line for the whole card.

## Condition
"More information needed" (also in brackets, and in a sentence), "TODO", "lorem ipsum", or an unfilled Jinja placeholder.

## When it stays silent
Inside code blocks and inline code.

## Usual causes
The generated card was published as it is: 94 % of the Trainer's cards keep at least three.

## Example
`More information needed`
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted
from cardaudit.rules._text import lowered

NEEDED = deferred(r"information (?:is )?(?:currently )?needed")
BEFORE = deferred(r"(?:more|further) \Z")
LOREM = deferred("lorem ipsum")
TODO = deferred(r"TODO(?=[:\s]|$)")
JINJA = deferred(r"\{\{[ \t]*[A-Za-z_][\w.| ()]{0,80}\}\}")
CODE = deferred(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


@rule(kind="missing", severity="info", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    found = _placeholders(text, lowered(subject.card))
    if not found:
        return
    code = [match.span() for match in CODE.finditer(text)] if "`" in text else []
    found = [span for span in found if not any(start <= span.start < end for start, end in code)]
    if not found:
        return
    message = f'{counted(len(found), "placeholder")}: "{text[slice(*found[0])]}"'
    yield Hit(message, tuple(found), {"placeholders": len(found)})


def _placeholders(text: str, lower: str) -> list[Span]:
    """In the order of the text, which is also given in lower case."""
    found: list[Span] = []
    for match in NEEDED.finditer(lower) if " needed" in lower else ():
        before = BEFORE.search(lower, max(match.start() - len("further "), 0), match.start())
        if before:
            found.append(Span(before.start(), match.end()))
    if "lorem ipsum" in lower:
        found += [Span(*match.span()) for match in LOREM.finditer(lower)]
    if "TODO" in text:
        found += [
            Span(*match.span()) for match in TODO.finditer(text) if not text[max(match.start() - 1, 0) : match.start()].isalnum()
        ]
    if "{" in text and "{{" in text:  # one character is found far faster than two, and seldom here
        found += [Span(*match.span()) for match in JINJA.finditer(text)]
    return sorted(found)
