"""Precision, recall and F1 repeat the accuracy.

## What it does
Tells that four columns hold one number: they are micro averages over single labels.

## Condition
In every evaluation that prints accuracy, precision, recall and F1 the four print alike, below 1. Where each example has one
label, each wrong prediction is one false positive and one false negative, so micro precision = micro recall = micro F1 =
accuracy (scikit-learn, "Multiclass and multilabel classification"). A note: nothing is wrong, and the three say nothing beyond
accuracy.

## When it stays silent
Where one evaluation differs; where all are 0 or 1.

## Usual causes
`average="micro"` in compute_metrics.

## Example
`Accuracy: 0.9345`, `Precision: 0.9345`, `Recall: 0.9345`, `F1: 0.9345`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._averages import FOUR, is_micro, quadruples
from cardaudit.rules._columns import counted


@rule(kind="note", severity="info", confidence="proven", needs=FOUR)
def check(subject: Subject) -> Iterator[Hit]:
    found = quadruples(subject.card)
    if not all(is_micro(each) for each in found):
        return
    first = found[0]
    assert first.accuracy is not None
    message = (
        f"precision, recall and F1 repeat the accuracy, {first.accuracy.text}, in {counted(len(found), 'evaluation')}: "
        "micro averages over single labels"
    )
    yield Hit(message, tuple(number.span for number in first.numbers), {"evaluations": len(found), "average": "micro"})
