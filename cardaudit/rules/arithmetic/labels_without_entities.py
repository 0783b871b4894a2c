"""The label names of the evaluation set form no entity that the metric could count.

## What it does
Tells why precision, recall and F1 are 0 whatever the model predicts, once the model was retrained here and its evaluation set
was seen: by the names of its labels that set holds no entity at all.

## Condition
A run of the card evaluated on labels in which seqeval finds no entity, while more than one label is used. seqeval 1.2.2,
`get_entities`, reads a label's first character as its prefix and the rest as its type, "_" where nothing is left. A chunk ends
where the type changes, at O, B or S after B or I, and after E or S; the type of "O" itself is "_". So a name of one character
other than B, I, E and S opens a chunk that never ends, and none is counted; "NN", with the type "N", would be one.

## When it stays silent
Without a run. Where the evaluation set has an entity, or only one label.

## Usual causes
Labels written as integers (0, 1) instead of names such as O, B-SENDER and I-SENDER.

## Example
Labels `0` and `1` over 1,524 invoice lines: no entity, F1 0.0; the same lines as O, B-SENDER and I-SENDER hold 112.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardaudit.records import Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule

if TYPE_CHECKING:
    from cardaudit.records import Run

ENTITIES = "evaluation_word_entities"


@rule(kind="suspicious", severity="error", confidence="proven", needs=("run",))
def check(subject: Subject) -> Iterator[Hit]:
    run = _entity_run(subject.runs)
    labels = [str(label) for label in run.facts["labels"]]
    if run.facts[ENTITIES] or len(labels) < 2:
        return
    names = ", ".join(repr(label) for label in labels)
    words = run.facts.get("evaluation_words")
    over = f" over {words:,} words" if isinstance(words, int) else ""
    message = f"the labels {names}{over} form no entity in seqeval: precision, recall and F1 are 0 whatever is predicted"
    yield Hit(message, _places(subject), {"labels": labels, "entities": 0, "words": words})


def _entity_run(runs: "tuple[Run, ...]") -> "Run":
    for run in runs:
        if ENTITIES in run.facts and run.facts.get("labels"):
            return run
    raise NotCheckable("the runs count no entities")


def _places(subject: Subject) -> tuple[Span, ...]:
    """Where the zeros stand: the F1 of the headline and of each row, else the card's first character."""
    card = subject.card
    printed = [card.headline.get("f1"), *(row.metrics.get("f1") for row in card.epochs)]
    return tuple(each.span for each in printed if each is not None and each.value == 0) or (Span(0, 0),)
