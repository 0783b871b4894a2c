"""A data set in the front matter is no id of the Hub.

## What it does
Looks at the spelling of each item of `datasets`.

## Condition
The Hub takes `name` or `owner/name` of letters, digits, hyphens, underscores and points (huggingface_hub 2.4,
utils/_validators.py, `validate_repo_id`); anything else links nowhere.

## When it stays silent
Cards without `datasets`; null, which null-list-item reports; placeholders such as "None", which unnamed-dataset reports.

## Usual causes
The data set's title, a path or a web address in place of its id.

## Example
`datasets: - Mimic III`
"""

import re
from collections.abc import Iterator
from typing import Any

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._front_matter import key_span, scalars

ID = deferred(r"[A-Za-z0-9_][\w.-]{0,95}(?:/[A-Za-z0-9_][\w.-]{0,95})?", re.ASCII)
NO_NAMES = frozenset(("", "none", "null", "n/a", "-", "unknown", "custom"))
MOST = 3


@rule(kind="suspicious", severity="info", confidence="proven", needs=("front matter", "listed data sets"))
def check(subject: Subject) -> Iterator[Hit]:
    items = _items((subject.card.front_matter or {}).get("datasets"))
    if not items:
        raise NotCheckable("the front matter names no data sets")
    odd = [(at, item) for at, item in enumerate(items) if item is not None and not _is_id(item)]
    if not odd:
        return
    places = scalars(subject.card)
    spans = tuple(places["datasets", at].span for at, _ in odd if ("datasets", at) in places)
    shown = [f'"{item[:60]}"' if isinstance(item, str) else "a mapping" for _, item in odd[:MOST]]
    shown += [f"{len(odd) - MOST} more"] if len(odd) > MOST else []
    at = spans or (key_span(subject.card, "datasets"),)
    yield Hit(f"no id of a data set: {listed(shown)}", at, {"items": len(odd)})


def _items(listing: Any) -> list[Any]:
    return listing if isinstance(listing, list) else [listing] if isinstance(listing, str) else []


def _is_id(item: Any) -> bool:
    if not isinstance(item, str):
        return isinstance(item, int | float)
    return ID.fullmatch(item.strip()) is not None or item.strip().lower() in NO_NAMES
