"""Another author's card has the same training table.

## What it does
Tells that every cell of the table is printed alike on another author's public card. A copy and a repeated run cannot be told
apart: with the same seed and the same software a run gives the same digits.

## Condition
All rows are equal, epoch and step by value, losses and metrics as printed, whatever the columns are called: at least 2 rows and 4
different numbers of at least 3 digits.

## When it stays silent
Where base model or data set are others (same-numbers-other-data); the same author's other cards. A card read from a file does not
say whose it is: one card of its own name is taken for itself.

## Usual causes
A notebook run again as it stands; a card that retells another; a repository copied with its card.

## Example
Three rows that a second author prints to the last digit.
"""

from collections.abc import Iterator

from cardaudit.census import twins
from cardaudit.plurals import listed
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted

MOST_NAMES = 3


@rule(kind="note", severity="info", confidence="proven", yields_to=("same-numbers-other-data",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    author = card.source.name.partition("/")[0]
    names = [twin.id for twin in twins(card, subject.census) if twin.id.partition("/")[0] != author]
    if not names:
        return
    shown = names[:MOST_NAMES] + ([f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else [])
    rows = counted(len(card.epochs), "row")
    message = f"the training table is, number for number, that of {listed(shown)}: {rows}"
    whole = Span(card.epochs[0].span.start, card.epochs[-1].span.end)
    yield Hit(message, (whole,), {"cards": names, "rows": len(card.epochs)})
