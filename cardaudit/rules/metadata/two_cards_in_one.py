"""The text holds a second card.

## What it does
Looks for another front matter below the first, and for two generated openings.

## Condition
A block of YAML keys between two lines of hyphens that is not the first thing in the text, with a key of the Hub's among them;
or the sentence "It achieves the following results on the evaluation set" below two different titles.

## When it stays silent
Examples in code blocks; a front matter below text where none stands at the start, which missing-front-matter reports; lines of
hyphens around text; two lists of results below one title.

## Usual causes
A template pasted below an older card; a tool that wrote its front matter again. The Hub reads only the first.

## Example
`---` `license: mit` `---` below the card's own text.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import front_span, later_front_matter

OPENING = "It achieves the following results on the evaluation set"
TITLE = deferred(r"^# +(\S.*)$", re.MULTILINE)


@rule(kind="suspicious", severity="warning", confidence="likely")
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    second = later_front_matter(card) if front_span(card).end else None
    if second:
        yield Hit("a second front matter stands below the first", (second,), {"line": card.line(second)})
        return
    titles = _titles_above_results(card)
    if len(set(titles.values())) > 1:
        first, other = list(dict.fromkeys(titles.values()))[:2]
        yield Hit(f'two cards: "{first}" and "{other}"', tuple(Span(at, at + len(OPENING)) for at in titles))


def _titles_above_results(card: Card) -> dict[int, str]:
    """Where the Trainer's sentence stands -> the title above it; empty where it stands once."""
    if card.text.count(OPENING) < 2:
        return {}
    places = [found.start() for found in re.finditer(re.escape(OPENING), card.text)]
    titles = [(found.start(), found[1].strip()) for found in TITLE.finditer(card.text)]
    above = {at: next((title for start, title in reversed(titles) if start < at), "") for at in places}
    return {at: title for at, title in above.items() if title}
