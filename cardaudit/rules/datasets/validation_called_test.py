"""Numbers called test results are those of another split.

## What it does
Holds the words "test set" beside the results against what the numbers tell of the split.

## Condition
The text says that the results are those of the test set, and names no validation set; and the front matter's accuracy is a
fraction whose denominator, 20 or more, divides the size of another split of the named data set and not that of its test split,
or the whole numbers of entities behind precision, recall and F1 fit another split and not the test split
(identified-evaluation-split).

## When it stays silent
Splits of equal size (rotten_tomatoes); tests of the author's own, whose sizes divide no split; texts that speak of validation
too.

## Usual causes
The training loop's `eval_dataset` was the validation split; the Trainer calls it the evaluation set.

## Example
"results on the test set" above an accuracy of 197 / 218 on glue/sst2: validation has 872 examples, test 1,821.
"""

import re
from collections.abc import Iterator

from cardaudit.facts import entity_counts
from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._entities import bert, counted_dataset, fits, other_task, printed_triples
from cardaudit.rules._evaluations import counts_examples, exact_fractions, named_dataset, whole_number_of

LEAST = 20
TEST = deferred(
    r"\b(?:results?|scores?|accuracy|f1|metrics|performance|evaluated|tested)\b[^.\n|]{0,60}?\b(?:on|of|for)\s+(?:the\s+|its\s+)?"
    r"(?:held-?out\s+)?test[- ](?:set|split|data)",
    re.IGNORECASE,
)
VALIDATION = deferred(r"\b(?:validation|dev(?:elopment)?)[- ](?:set|split|data)\b", re.IGNORECASE)


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("fraction-of-another-split", "inconsistent-f1"),
    needs=("data set", "numbers"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    told = _by_fraction(card) or _by_entities(card)
    if told is None:
        raise NotCheckable("the numbers do not tell their split")
    claim = TEST.search(card.text)
    if claim is None:
        raise NotCheckable("no sentence calls its results those of the test set")
    if VALIDATION.search(card.text):
        raise NotCheckable("the text speaks of a validation set too")
    split, because, span = told
    if split is None or split == "test":
        return
    words = " ".join(claim[0].split())
    yield Hit(f'"{words}", but {because}', (Span(*claim.span()), span), {"claim": words, "split": split})


def _by_fraction(card: Card) -> tuple[str | None, str, Span] | None:
    """The split that the accuracy's fraction leaves, in words; a split of None where it may be the test split."""
    exact = [each for each in exact_fractions(card, "accuracy") if counts_examples(card, each.result)]
    if not exact or exact[0].fraction.denominator < LEAST:
        return None
    try:
        named = named_dataset(card)
    except NotCheckable:
        return None
    result, fraction = exact[0]
    fitting = whole_number_of(fraction.denominator, named.evaluation_sizes(), card)
    if not fitting or "test" not in named.sizes():
        return None
    split = listed(fitting)
    because = f"accuracy {result.number.text} is {fraction}, a count over the {split} split of {named.words} and not over test"
    return (None if "test" in fitting else fitting[0]), because, result.number.span


def _by_entities(card: Card) -> tuple[str | None, str, Span] | None:
    """The split that the entity counts leave, as `_by_fraction`."""
    try:
        dataset, triples = counted_dataset(card), printed_triples(card)
    except NotCheckable:
        return None
    if other_task(card):
        return None
    counts = [
        count for count in entity_counts(dataset) if count.task == "NER" and (bert(card) or "every" not in count.convention)
    ]
    splits = {count.split for count in counts if fits(count, triples)}
    if not splits:
        return None
    words = f"precision, recall and F1 fit whole numbers of entities in {listed(sorted(splits))} of {dataset} and none in test"
    return (None if "test" in splits else min(splits)), words, triples[0].f1.span
