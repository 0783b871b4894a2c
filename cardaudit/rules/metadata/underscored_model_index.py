"""The results stand under `model_index`, which the Hub does not read.

## What it does
Looks for the key that transformers up to 4.9 wrote.

## Condition
`model_index` without `model-index`. The Hub and huggingface_hub read `model-index` (repocard_data.py 2.4). The fix renames the
key where all of its results have what the Hub asks for.

## When it stays silent
Cards that have both.

## Usual causes
A card written by transformers 4.6 to 4.9.

## Example
`model_index:`
"""

from collections.abc import Iterator
from typing import Any

from cardaudit.records import Edit, Fix
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import key_span
from cardaudit.rules._model_index import lacks


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    front = subject.card.front_matter or {}
    if "model_index" not in front or "model-index" in front:
        return
    span = key_span(subject.card, "model_index")
    able = _is_whole(front["model_index"]) and span.end > span.start
    fix = Fix("rename model_index to model-index", (Edit(span, "model-index"),), safe=True) if able else None
    yield Hit("the Hub does not read the key model_index; it reads model-index", (span,), fix=fix)


def _is_whole(index: Any) -> bool:
    return not lacks(index)
