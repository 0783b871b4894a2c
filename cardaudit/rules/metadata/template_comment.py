"""The generator's request to proofread the card still stands in it.

## What it does
Finds the comment that the Trainer and the Keras callback put above a card, to be removed by whoever completes it.

## Condition
A comment that says that the card was generated automatically and asks for its own removal. The fix, which takes a statement of
the card away, takes it out with the empty line below.

## When it stays silent
Cards without the comment; other comments.

## Usual causes
The card was published as it was generated: 97 % of the Trainer's cards keep it.

## Example
"You should probably proofread and complete it, then remove this comment."
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Edit, Fix, Span
from cardaudit.rule import Hit, Subject, rule

COMMENT = deferred(r"<!--(?:(?!-->)[\s\S]){0,400}?then remove this comment\.?\s*-->(?:[ \t]*\r?\n){0,2}", re.IGNORECASE)
SIGN = "remove this comment"


@rule(kind="note", severity="info", confidence="proven", signs=(SIGN,))
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    found = COMMENT.search(text, max(text.rfind("<!--", 0, text.find(SIGN)), 0))
    if found:
        fix = Fix("take the generator's comment away", (Edit(Span(*found.span()), ""),), safe=False)
        place = Span(found.start(), found.start() + len("<!--"))
        yield Hit("the generator's request to proofread the card is still there", (place,), fix=fix)
