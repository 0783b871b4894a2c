"""A list of the front matter holds nothing.

## What it does
Looks for `null` among data sets, tags, metrics and languages.

## Condition
An item that is null. transformers before 4.12 wrote `datasets: - null` for a data set without a name (its issue 13528); the Hub
takes texts only. The fix takes the lines away, and the key where nothing else is in its list.

## When it stays silent
Keys without a value; the text "None", which is a text.

## Usual causes
A data set made in memory; a template's empty bullet.

## Example
`datasets:` above `- null`
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cardaudit.plurals import listed
from cardaudit.records import Card, Edit, Fix, Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import key_span, line_removed, scalars, whole_line

LISTS = ("datasets", "tags", "metrics", "language")


@rule(kind="suspicious", severity="info", confidence="proven", needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    front = subject.card.front_matter or {}
    keys = [key for key in LISTS if isinstance(front.get(key), list) and None in front[key]]
    if keys:
        at = tuple(key_span(subject.card, key) for key in keys)
        yield Hit(f"null stands in the list of {listed(keys)}", at, {"keys": keys}, fix=_fix(subject.card, front, keys))


def _fix(card: Card, front: Mapping[str, Any], keys: list[str]) -> Fix | None:
    """None where an item does not stand in a line of its own."""
    places = scalars(card)
    edits: list[Edit] = []
    for key in keys:
        spans = [Span(*places[key, at].span) for at, item in enumerate(front[key]) if item is None and (key, at) in places]
        lines = [card.text[slice(*whole_line(card, span))].strip() for span in spans]
        if not spans or any(line not in ("-", "- null", "- ~", "- Null", "- NULL") for line in lines):
            return None
        edits += [line_removed(card, span) for span in spans]
        if len(spans) == len(front[key]):
            edits.append(line_removed(card, key_span(card, key)))
    return Fix("take the null items away", tuple(edits), safe=True)
