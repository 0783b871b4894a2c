"""A list of the front matter names something twice.

## What it does
Looks for repeated data sets, tags, metrics and languages.

## Condition
Two items with the same text. The fix takes all but the first away where each stands in a line of its own.

## When it stays silent
Items that differ in case; lists inside other keys; null, which null-list-item reports.

## Usual causes
A tag added by a library that the author had added too.

## Example
`- text-classification` three lines below `- text-classification`
"""

from collections.abc import Iterator

from cardaudit.document import Scalar
from cardaudit.plurals import listed
from cardaudit.records import Fix
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import is_alone, line_removed, scalars

LISTS = ("datasets", "tags", "metrics", "language")


@rule(kind="note", severity="info", confidence="proven", needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    front = card.front_matter or {}
    keys = [key for key in LISTS if isinstance(front.get(key), list) and _repeated(front[key])]
    if not keys:
        return
    places = scalars(card)
    later: list[Scalar] = []
    for key in keys:
        seen: set[str] = set()
        for at, item in enumerate(front[key]):
            if isinstance(item, str) and item in seen and (key, at) in places:
                later.append(places[key, at])
            seen |= {item} if isinstance(item, str) else set()
    if later:
        names = list(dict.fromkeys(each.text for each in later))
        alone = all(is_alone(card, each.span) for each in later)
        edits = tuple(line_removed(card, each.span) for each in later) if alone else ()
        fix = Fix("take the repeated items away", edits, safe=True) if edits else None
        yield Hit(f"named twice: {listed(names)}", tuple(each.span for each in later), {"repeated": names}, fix=fix)


def _repeated(items: list[object]) -> bool:
    texts = [item for item in items if isinstance(item, str)]
    return len(set(texts)) < len(texts)
