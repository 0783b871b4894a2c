"""The fractions of recall and accuracy tell the split, the vocabulary and the labelling of sub-tokens.

## What it does
Reads the fractions behind full-precision recall and accuracy of the front matter and names the recipe that leaves that many gold
spans and labelled tokens.

## Condition
Recall = TP / M and accuracy = k / n in lowest terms: their denominators divide the M gold spans and n labelled tokens of exactly
one row of the table in facts/recipes.json (seqeval 1.2.2, micro average).

## When it stays silent
Where no row or more than one fits; where recall or accuracy is rounded; data sets that are not in the table. A denominator below
50 divides too much to tell.

## Usual causes
None is needed: this is a fact, and what a retraining has to know.

## Example
Recall 8405 / 8939 and accuracy 62017 / 62947 on conll2003: validation, uncased, a label on every sub-token.
"""

from collections.abc import Iterator

from cardaudit.facts import labellings
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._entities import counted_dataset
from cardaudit.rules._evaluations import exact_fractions

LEAST = 50


@rule(kind="note", severity="info", confidence="proven", needs=("model index", "metric accuracy", "metric recall"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    recalls, accuracies = exact_fractions(card, "recall"), exact_fractions(card, "accuracy")
    if not recalls or not accuracies:
        raise NotCheckable("recall and accuracy are not both in full precision in the front matter")
    recall, accuracy = recalls[0], accuracies[0]
    spans, tokens = recall.fraction.denominator, accuracy.fraction.denominator
    rows = labellings(counted_dataset(card))
    fitting = [row for row in rows if row.spans % spans == 0 and row.tokens % tokens == 0]
    if len(fitting) != 1 or min(spans, tokens) < LEAST:
        return
    row = fitting[0]
    hits = recall.fraction.numerator * (row.spans // spans)
    right = accuracy.fraction.numerator * (row.tokens // tokens)
    vocabulary = f", {row.vocabulary} vocabulary" if row.vocabulary else ""
    message = (
        f"recall is {hits:,} of {row.spans:,} gold spans and accuracy {right:,} of {row.tokens:,} labelled tokens: "
        f"{row.split} of {row.dataset}{vocabulary}, {row.recipe}"
    )
    worked = {"true_positives": hits, "gold_spans": row.spans, "right_tokens": right, "tokens": row.tokens, "split": row.split}
    yield Hit(message, (recall.result.number.span, accuracy.result.number.span), worked)
