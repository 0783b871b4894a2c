"""The entity counts behind precision, recall and F1 tell which split was evaluated.

## What it does
Prints the whole numbers of found and predicted spans behind the headline, for every split and every way of labelling
sub-tokens whose gold spans are counted (facts/entity_counts.json).

## Condition
As in dataset-refuted-by-counts: TP / M in I(R), TP / predicted in I(P), 2 TP / (M + predicted) in I(F1) for M gold spans. The
rule reports where one split fits and another is refuted. Other tasks of the data set are refuted where no whole numbers fit,
or where more spans are missed than three times the wrong tokens (see dataset-refuted-by-counts). How likely random digits fit the
named split is printed with it: of few rows many do.

## When it stays silent
Where all splits fit or none does; where the front matter's fractions say more (identified-labelling); where a data set's spans
are not counted. Labels on every sub-token are tried for BERT's tokenizers only, because another tokenizer gives other counts.

## Usual causes
None is needed: this is a fact. Numbers called test results that fit the validation split alone are worth a look.

## Example
Precision 0.9288, recall 0.9374 and F1 0.9331 on conll2003: 5,570 of 5,942 gold spans found and 5,997 predicted on validation;
no solution on test.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

from cardaudit.facts import EntityCount, entity_counts
from cardaudit.intervals import interval, possible_counts
from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import Triple
from cardaudit.rules._entities import (
    UNCUT,
    bert,
    counted_dataset,
    fits,
    fits_tokens,
    other_task,
    printed_triples,
    solutions,
    token_accuracies,
)

SHOWN = 5


@rule(
    kind="note",
    severity="info",
    confidence="likely",
    yields_to=("inconsistent-f1", "zero-f1", "dataset-refuted-by-counts", "identified-labelling"),
    needs=("data set", "numbers"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    dataset = counted_dataset(card)
    triples = printed_triples(card)
    counts = [
        count for count in entity_counts(dataset) if count.task == "NER" and (bert(card) or "every" not in count.convention)
    ]
    fitting = list({(count.split, count.spans): count for count in reversed(counts) if fits(count, triples)}.values())[::-1]
    splits = {count.split for count in fitting}
    if other_task(card) or len(splits) != 1 or len({count.split for count in counts}) == 1:
        return
    shown = triples[0]
    found = {count: list(islice(solutions(count, shown), SHOWN)) for count in fitting}
    parts = [
        f"{hits:,} of {count.spans:,} found, {predicted:,} predicted ({count.convention})"
        for count, (*_, (hits, predicted)) in found.items()
        if len(found[count]) == 1
    ] or [f"{count.spans:,} spans ({count.convention})" for count in fitting]
    refuted = sorted({count.split for count in counts} - splits)
    message = f"on {dataset} these are {splits.pop()} numbers: {listed(parts)}; none for {listed(refuted)}"
    accuracy = token_accuracies(card).get(shown.where)
    worked = {
        "solutions": {_words(count): [list(pair) for pair in pairs] for count, pairs in found.items()},
        "missed_and_spurious": {
            _words(count): [count.spans - pairs[0][0], pairs[0][1] - pairs[0][0]]
            for count, pairs in found.items()
            if len(pairs) == 1
        },
        "wrong_tokens": {_words(count): wrong for count in fitting if (wrong := _wrong_tokens(count, accuracy))},
        "chance_that_random_digits_fit": float(f"{_chance(fitting, triples):.2g}"),
        "assumptions": [UNCUT],
        "other_tasks_refuted": [_words(count) for count in entity_counts(dataset) if _refuted(count, triples, card)],
    }
    yield Hit(message, (shown.f1.span, shown.precision.span, shown.recall.span), worked)


def _chance(fitting: Sequence[EntityCount], triples: Sequence[Triple]) -> float:
    """How likely random digits fit the named split: of recall's print of width w a share w M has a count of M spans, of
    precision's the counts of predicted spans lie P^2 / (R M) apart, and F1 follows from both. At most 1.
    """
    return min(1.0, sum(prod(_share_that_fits(count.spans, triple) for triple in triples) for count in fitting))


def _share_that_fits(spans: int, triple: Triple) -> float:
    precision, recall = (float(number.value or 0) for number in (triple.precision, triple.recall))
    if not precision or not recall:
        return 1.0
    widths = [2 * float(number.slack) for number in (triple.precision, triple.recall)]
    scale = 100 if max(precision, recall) > 1 else 1
    between = (precision / scale) ** 2 / (recall / scale * spans)
    return min(1.0, widths[1] / scale * spans) * min(1.0, widths[0] / scale / between)


def _words(count: EntityCount) -> str:
    task = "" if count.task == "NER" else f"{count.task}, "
    return f"{task}{count.split}, {count.convention}"


def _wrong_tokens(count: EntityCount, accuracy: Printed | None) -> list[int] | None:
    """Fewest and most wrong tokens that print like this accuracy."""
    possible = interval(accuracy) if accuracy else None
    if count.tokens is None or possible is None or not possible_counts(possible, count.tokens):
        return None
    right = possible_counts(possible, count.tokens)
    return [count.tokens - right[-1], count.tokens - right[0]]


def _refuted(count: EntityCount, triples: Sequence[Triple], card: Card) -> bool:
    """Whether another task of the data set has no solution, or misses more spans than its wrong tokens allow."""
    return count.task != "NER" and not (fits(count, triples) and fits_tokens(count, triples, token_accuracies(card)))
