"""The accuracy is a fraction of another split than the one named beside it.

## What it does
Reads the fraction behind a full-precision accuracy of the front matter and holds its denominator against the size of the split
that `dataset.split` names.

## Condition
The denominator in lowest terms divides the number of examples (or, for tagged tokens, of labelled tokens: facts/
entity_counts.json) of another split and not that of the named one, nor what `dataloader_drop_last` leaves of it. It is 20 or
more: smaller ones divide many sizes.

## When it stays silent
Results that name no split or one of unknown size; results marked `verified`; denominators that divide no split at all, which
subset-evaluation reports; cards that name several data sets.

## Usual causes
transformers up to 4.25 wrote the training set's split (`train`) into the results of the evaluation set (fixed by its pull request
20506); a front matter copied from another model.

## Example
`split: train` above `value: 0.9036697247706422`, which is 197 / 218: of glue/sst2 only validation, 872, has a multiple of 218
examples.
"""

from collections.abc import Iterator

from cardaudit.facts import entity_counts
from cardaudit.plurals import listed
from cardaudit.records import Card, IndexResult
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import Named, counts_examples, described, exact_fractions, named_dataset, whole_number_of

LEAST = 20


@rule(kind="suspicious", severity="info", confidence="likely", needs=("model index", "metric accuracy"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    exact = [each for each in exact_fractions(card, "accuracy") if each.result.split and each.fraction.denominator >= LEAST]
    if not exact:
        raise NotCheckable("no full-precision accuracy beside the name of its split stands in the front matter")
    named = named_dataset(card)
    for result, fraction in exact:
        sizes = _sizes(card, result, named)
        stated, n = result.split or "", fraction.denominator
        fitting = whole_number_of(n, sizes, card)
        if stated not in sizes or not fitting or stated in fitting:
            continue
        unit = "examples" if counts_examples(card, result) else "labelled tokens"
        others = {split: {size for size in sizes[split] if size % n == 0} or sizes[split] for split in fitting}
        own = f"; {described({stated: sizes[stated]})[0]} is none" if sizes[stated] else ""
        message = (
            f"split {stated}, but accuracy {result.number.text} is {fraction.numerator:,}/{n:,}, and of {named.words} "
            f"{listed(described(others))} is a multiple of {n:,} {unit}{own}"
        )
        worked = {"fraction": str(fraction), "splits_that_fit": fitting, "stated_split": stated}
        yield Hit(message, (result.number.span,), worked)
        return


def _sizes(card: Card, result: IndexResult, named: Named) -> dict[str, set[int]]:
    """Split -> how many examples, or labelled tokens, it may hold; a split without counts has none and is left out."""
    if counts_examples(card, result):
        return named.sizes()
    tokens: dict[str, set[int]] = {"train": set()}
    for count in entity_counts(named.dataset):
        if count.tokens:
            tokens.setdefault(count.split, set()).add(count.tokens)
    return tokens if len(tokens) > 1 else {}
