"""The configuration numbers the labels, and the card does not say what they mean.

## What it does
Looks at the labels of config.json and for a legend in the card.

## Condition
Every label in id2label is `LABEL_` and a number, as transformers fills it in where no names are given
(transformers/configuration_utils.py, `num_labels`), and no line of the card explains one: no `LABEL_0` in it, and no `0` followed
by a sign or word of explanation and a word (`0: negative`, `0 = negative`, `0 means negative`).

## When it stays silent
Without the repository's evidence or without id2label; where a single label is named; where the card explains its labels. Two
labels with the names of transformers' own default are not written to config.json, so that they cannot be seen.

## Usual causes
A head made with num_labels alone. Whoever loads the model gets LABEL_2 as an answer.

## Example
`"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}` and a card without a legend.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._evidence import need_evidence, need_fact

NUMBERED = deferred(r"LABEL_\d+")
LEGEND = deferred(
    r"LABEL_\d|(?<![\w.])0[\"'`*]*\s*(?:=>?|:-?>?|->|→|means?|is|stands for|-)\s*[\"'`*]*[^\W\d_]{2}", re.IGNORECASE
)


@rule(kind="missing", severity="info", confidence="likely", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    labels = need_fact(need_evidence(subject), "labels", "config.json")
    names = [str(name) for name in labels.value]
    if len(names) < 2 or not all(map(NUMBERED.fullmatch, names)) or LEGEND.search(subject.card.text):
        return
    where = subject.card.model_name.span if subject.card.model_name else Span(0, 0)
    message = f"{labels.file} names the labels {names[0]} to {names[-1]}, and the card does not say what they mean"
    yield Hit(message, (where,), {"labels": names})
