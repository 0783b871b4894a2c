"""Recall repeats the accuracy, so precision, recall and F1 are weighted averages.

## What it does
Says which average the plain names `precision`, `recall` and `f1` stand for.

## Condition
Weighted recall = sum over classes of (support / n) * (TP / support) = all TP / n = accuracy, so in a weighted average recall
repeats the accuracy always; in a binary or macro average it does by coincidence only, about once in a thousand four-digit
rows. Told where recall and accuracy print alike in every evaluation while precision differs, in at least two evaluations or in
one of four digits.

## When it stays silent
Where one evaluation differs; all four alike (micro-average-everywhere); token tagging.

## Usual causes
`average="weighted"` in compute_metrics: no fault, but large classes then outweigh small ones.

## Example
`Accuracy: 0.8123`, `Precision: 0.8101`, `Recall: 0.8123`, `F1: 0.8090`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._averages import FOUR, counts_tokens, is_micro, quadruples, recall_is_accuracy
from cardaudit.rules._columns import counted

SURE_DIGITS = 4


@rule(kind="note", severity="info", confidence="likely", yields_to=("micro-average-everywhere",), needs=FOUR)
def check(subject: Subject) -> Iterator[Hit]:
    found = quadruples(subject.card)
    first = found[0]
    if (
        counts_tokens(subject.card)
        or not all(recall_is_accuracy(each) for each in found)
        or all(is_micro(each) for each in found)
    ):
        return
    if len(found) < 2 and len(first.recall.text.rpartition(".")[2]) < SURE_DIGITS:
        return
    message = (
        f"recall repeats the accuracy, {first.recall.text}, in {counted(len(found), 'evaluation')}: "
        "precision, recall and F1 are weighted averages over the classes"
    )
    chance = float(f"{10.0 ** (-3 * len(found)):.1g}")
    worked = {"evaluations": len(found), "average": "weighted", "chance_in_another_average": chance}
    yield Hit(message, tuple(number.span for number in first.numbers), worked)
