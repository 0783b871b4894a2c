"""Precision, recall and F1 fit no known count of the named data set's entities.

## What it does
Where the data set's gold spans have been counted (facts/entity_counts.json), looks for whole numbers of found and predicted
spans behind every printed precision, recall and F1.

## Condition
For a split with M gold spans there must be whole TP and predicted with TP / M in I(R), TP / predicted in I(P) and 2 TP / (M +
predicted) in I(F1): seqeval's micro average. The rule fires where some printed triple has no solution under any way of
labelling sub-tokens, for validation and test. Chunk and part-of-speech tags of the same data are tried beside and named where
they fit and miss no more spans than three times the wrong tokens: a missed span holds, or stands beside, a wrong token, and a
wrong token is in or beside at most three spans.

## When it stays silent
Data sets that are not counted. Base models other than uncased BERT and DistilBERT: another tokenizer gives other counts where
every sub-token is labelled (RoBERTa, DeBERTa, XLM-R: 6 of 94 real cards would have been refuted wrongly). Cards that speak of
part-of-speech tags or chunks. The counts hold at the default length, at which no sentence of conll2003 is cut.

## Usual causes
Another task of the same data (part-of-speech tags, chunks); a subset; another data set.

## Example
Precision 0.9109, recall 0.9144, F1 0.9126 on conll2003.
"""

from collections.abc import Iterator

from cardaudit.facts import entity_counts
from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._entities import (
    UNCUT,
    counted_dataset,
    fits,
    fits_tokens,
    other_task,
    printed_triples,
    token_accuracies,
    uncased_bert,
)


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("inconsistent-f1", "zero-f1"),
    needs=("data set", "numbers"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    dataset = counted_dataset(card)
    if not uncased_bert(card):
        raise NotCheckable("the entity spans under this base model's tokenizer have not been counted")
    if other_task(card):
        raise NotCheckable("the card speaks of another task of this data set")
    triples = printed_triples(card)
    counts = entity_counts(dataset)
    if any(fits(count, triples) for count in counts if count.task == "NER"):
        return
    accuracies = token_accuracies(card)
    others = [
        count for count in counts if count.task != "NER" and fits(count, triples) and fits_tokens(count, triples, accuracies)
    ]
    elsewhere = list(dict.fromkeys(count.task for count in others))
    tried = sorted({count.spans for count in counts if count.task == "NER"})
    message = (
        f"no whole numbers of entities print like this on {dataset}: {listed([f'{spans:,}' for spans in tried])} gold spans tried"
    )
    if elsewhere:
        message += f"; its {listed(elsewhere)} tags do"
    shown = triples[0]
    yield Hit(
        message,
        (shown.f1.span, shown.precision.span, shown.recall.span),
        {
            "gold_spans_tried": tried,
            "refuted": [f"{count.split}, {count.convention}: {count.spans:,}" for count in counts if count.task == "NER"],
            "tasks_that_fit": elsewhere,
            "triples": len(triples),
            "assumptions": [UNCUT],
            "fits": [f"{count.task}, {count.split}, {count.convention}: {count.spans:,}" for count in others],
        },
    )
