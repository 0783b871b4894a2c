"""A metric's value in the model index is no number.

## What it does
Looks at each `value` of `model-index`.

## Condition
A text, a list or a mapping. The Hub's cards and leaderboards take numbers; huggingface_hub's issue 2894 tells what a text did to
a listing.

## When it stays silent
"286.26 +/- 16.68", which the Hub's reinforcement learning course asks for; nan and inf, which are numbers that not-a-number
reports; values that are absent, which incomplete-model-index reports.

## Usual causes
A percent sign; quotes; a dictionary of several scores given as one.

## Example
`value: 19.47%`
"""

import re
from collections.abc import Iterator
from typing import Any

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._front_matter import key_span, scalars

WITH_SPREAD = deferred(r"\s*(?:[-−]?[\d.,]+(?:e-?\d+)?|nan)\s*(?:\+/-|±|\+-)\s*(?:[\d.,]+(?:e-?\d+)?|nan)\s*", re.IGNORECASE)
NOT_FINITE = frozenset(("nan", ".nan", "inf", ".inf", "-inf", "-.inf", ""))
MOST = 3


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("front matter", "model-index key"))
def check(subject: Subject) -> Iterator[Hit]:
    front = subject.card.front_matter or {}
    index = front.get("model-index")
    if not isinstance(index, list):
        raise NotCheckable("the front matter holds no model-index")
    odd = [(path, value) for path, value in _values(index) if _is_odd(value)]
    if odd:
        printed = [_printed(value) for _, value in odd[:MOST]] + ([f"{len(odd) - MOST} more"] if len(odd) > MOST else [])
        yield Hit(f"value is no number: {listed(printed)}", _at(subject.card, [path for path, _ in odd]), {"values": len(odd)})


def _values(index: list[Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for model, entry in enumerate(index):
        results = entry.get("results") if isinstance(entry, dict) else None
        for number, result in enumerate(results if isinstance(results, list) else ()):
            metrics = result.get("metrics") if isinstance(result, dict) else None
            for at, metric in enumerate(metrics if isinstance(metrics, list) else ()):
                if isinstance(metric, dict) and metric.get("value") is not None:
                    yield ("model-index", model, "results", number, "metrics", at, "value"), metric["value"]


def _is_odd(value: Any) -> bool:
    if isinstance(value, str):
        return WITH_SPREAD.fullmatch(value) is None and value.strip().lower() not in NOT_FINITE
    return isinstance(value, bool) or not isinstance(value, int | float)


def _printed(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value[:30]}"'
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else str(value)


def _at(card: Card, paths: list[tuple[str | int, ...]]) -> tuple[Span, ...]:
    places = scalars(card)
    return tuple(places[path].span for path in paths if path in places) or (key_span(card, "model-index"),)
