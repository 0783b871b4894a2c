"""The model index lacks what the Hub reads it by.

## What it does
Names the parts that are absent, in one line.

## Condition
`model-index` is a list of models with `name` and `results`; a result has `task.type`, `dataset.type`, `dataset.name` and
`metrics`; a metric has `type` and `value` (huggingface_hub 2.4, repocard_data.py, `model_index_to_eval_results`, which refuses
the whole index else).

## When it stays silent
An empty list of results. The older key `model_index`, which underscored-model-index reports.

## Usual causes
transformers up to 4.11 and AutoTrain wrote results without a data set; an index written by hand.

## Example
A result with `task` and `metrics` and no `dataset`.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import key_span
from cardaudit.rules._model_index import NO_LIST, lacks

MOST = 4


@rule(kind="missing", severity="warning", confidence="proven", needs=("front matter", "model-index key"))
def check(subject: Subject) -> Iterator[Hit]:
    front = subject.card.front_matter or {}
    missing = list(dict.fromkeys(lacks(front["model-index"])))
    if missing:
        if missing == [NO_LIST]:
            yield Hit("model-index is no list of models", (key_span(subject.card, "model-index"),), {"missing": missing})
            return
        shown = missing[:MOST] + ([f"{len(missing) - MOST} more"] if len(missing) > MOST else [])
        yield Hit(f"model-index lacks {listed(shown)}", (key_span(subject.card, "model-index"),), {"missing": missing})
