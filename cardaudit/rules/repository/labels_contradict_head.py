"""The configuration names another number of labels than the weights have.

## What it does
Compares the labels of config.json with the rows of the classification head in the weights' header.

## Condition
len(id2label) is not the first dimension of the head's last weight. The header of a safetensors file gives shapes without the
weights.

## When it stays silent
Without config.json or safetensors weights; for heads of other names than classifier, score and classifier.out_proj.

## Usual causes
The weights of another checkpoint; a configuration edited or copied from a sibling.

## Example
9 labels in config.json beside a classifier.weight of shape [47, 768].
"""

from collections.abc import Iterator

from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._evidence import need_evidence, need_fact


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("evidence",))
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    labels = need_fact(evidence, "labels", "config.json")
    head = need_fact(evidence, "head_labels", "header of safetensors weights")
    if len(labels.value) != head.value:
        message = f"{labels.file} names {len(labels.value)} labels, the head in {head.file} has {head.value}"
        where = subject.card.model_name.span if subject.card.model_name else Span(0, 0)
        yield Hit(message, (where,), {"labels": labels.value, "head": head.value})
