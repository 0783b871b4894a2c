"""The accuracy is a fraction that no split of the named data set can give.

## What it does
Reads the fraction behind a full-precision accuracy of the front matter and holds its denominator against the sizes of the named
data set's splits.

## Condition
A double in (0, 1) stands for at most one fraction k / n with n below 2 million (two such fractions are at least 2.5e-13 apart;
continued fractions find it). In lowest terms n divides the number of examples that were scored. The rule fires where n divides
the size of no split of the config (facts/datasets.json), and neither what `dataloader_drop_last` leaves of it, size // batch *
batch. `suspicious` where the data set has a split made for evaluation; a `note` where it has none, so that every author must cut
one.

## When it stays silent
Tasks whose accuracy counts tokens or answers rather than examples. Results marked `verified`, which were measured by others.
Cards that name several data sets, and data sets of unknown size. Denominators that divide a split's size: a subset may do so too.

## Usual causes
A subset taken for speed (`select(range(300))`); a split of the author's own; a filtered data set.

## Example
`value: 0.8733333333333333` is 131 / 150; the splits of imdb have 25,000 and 50,000 examples.
"""

from collections.abc import Iterator

from cardaudit.intervals import proportion
from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import counts_examples, described, exact_fractions, named_dataset, whole_number_of

MOST = 4


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("model index", "metric accuracy"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    exact = [each for each in exact_fractions(card, "accuracy") if counts_examples(card, each.result)]
    if not exact:
        raise NotCheckable("no full-precision accuracy over examples stands in the front matter")
    named = named_dataset(card)
    sizes = named.sizes()
    for result, fraction in exact:
        n = fraction.denominator
        if whole_number_of(n, sizes, card):
            continue
        estimate = proportion(fraction.numerator, n)
        message = (
            f"accuracy {result.number.text} is {fraction.numerator:,}/{n:,}, and no split of {named.words} has a multiple of "
            f"{n:,} examples: {listed(described(sizes)[:MOST])}; "
            f"at {n:,}, the fewest, the standard error is {estimate.standard_error:.3f}"
        )
        worked = {
            "fraction": str(fraction),
            "split_sizes": {split: sorted(numbers) for split, numbers in sizes.items()},
            "n": n,
            "standard_error": round(estimate.standard_error, 4),
            "wilson_95": [round(estimate.low, 4), round(estimate.high, 4)],
        }
        own = not named.evaluation_sizes()
        yield Hit(message, (result.number.span, named.span), worked, *(("note", "info") if own else ()))
        return
