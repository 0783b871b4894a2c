"""The accuracies are no counts over any split of the named data set.

## What it does
Holds every printed accuracy of table and headline against the sizes of the named data set's evaluation splits.

## Condition
An accuracy is a count k / n (Brown and Heathers 2017). A split of n examples is refuted where for some printed accuracy no
whole k has k / n inside its print, with n both the split's size and what `dataloader_drop_last` leaves of it (size // batch *
batch). The rule fires where every split made for evaluation, of every config that may be meant, is refuted, and says how
probable it is that as many random prints would all fit the largest of them: the product of min(1, n w) over the distinct
prints of width w. At four decimals a split beyond 10,000 examples cannot be refuted. The smallest number of examples over
which all are counts is named where random prints would fit at most 0.1 (see small-evaluation-set).

## When it stays silent
Where that probability is above 0.5, for then the prints say nothing. Data sets without a split made for evaluation. Tasks that
do not count examples, cards that name no task, several data sets, or a set of unknown size. Where the front matter's fraction
already says it (subset-evaluation). A headline that no row repeats: it may be of another split than the rows.

## Usual causes
A subset, or a split of the author's own; a rounding by the author; balanced accuracy under the name of accuracy.

## Example
0.66, 0.8667, 0.84 and 0.8933 on glue/sst2: no count over the 872 validation or 1,821 test examples prints as 0.8667.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval, Proportion, interval, possible_counts, possible_sizes, proportion, telling_size
from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import (
    apart_from_rows,
    counts_examples,
    described,
    named_dataset,
    stated_accuracies,
    with_dropped_tails,
)

WIDTH = Fraction(1, 10**4)
TELLING = 0.5
FEW, LARGEST = 0.1, 2_000


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("subset-evaluation",), needs=("metric accuracy",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not counts_examples(card):
        raise NotCheckable("the card does not say that its accuracy counts examples")
    if apart_from_rows(card, "accuracy"):
        raise NotCheckable("headline and rows may be of two splits")
    prints = {possible: number for number in stated_accuracies(card) if (possible := interval(number))}
    if not prints:
        raise NotCheckable("neither where the card sums up nor in a row of a training table an accuracy in (0, 1) is stated")
    named = named_dataset(card)
    sizes = named.evaluation_sizes()
    if not sizes:
        raise NotCheckable("the named data set has no split made for evaluation")
    chance = _chance(prints, max(size for numbers in sizes.values() for size in numbers))
    if chance > TELLING:
        raise NotCheckable("its splits are so large that any print would fit")
    refuting = [_refuting(card, prints, size) for numbers in sizes.values() for size in numbers]
    if not all(refuting):
        return
    number = next(number for number in refuting if number)
    message = (
        f"accuracy {number.text} is no count over a split of {named.words}: {listed(described(sizes))}; "
        f"random digits would fit the largest with probability {chance:.2g}"
    )
    smallest = _smallest(prints)
    if smallest:
        message += f"; counts over {smallest.n:,} fit, standard error {smallest.standard_error:.3f}"
    worked = {
        "n": smallest.n if smallest else None,
        "refuted": {split: sorted(numbers) for split, numbers in sizes.items()},
        "nearest": {split: _nearest(number, max(numbers)) for split, numbers in sizes.items()},
        "chance_that_random_digits_fit": float(f"{chance:.2g}"),
    }
    yield Hit(message, (number.span, named.span), worked)


def _chance(prints: dict[Interval, Printed], n: int) -> float:
    product = 1.0
    for each in prints:
        product *= min(1.0, float(n * max(each.high - each.low, WIDTH)))
    return product


def _refuting(card: Card, prints: dict[Interval, Printed], size: int) -> Printed | None:
    """The first accuracy that no count over the split gives, for the split as a whole and without its last batch."""
    refuting = [
        next((number for each, number in prints.items() if not possible_counts(each, n)), None)
        for n in with_dropped_tails(size, card)
    ]
    return refuting[0] if all(refuting) else None


def _smallest(prints: dict[Interval, Printed]) -> Proportion | None:
    """The first accuracy as a count over the smallest number that fits all, as far as random prints would fit few."""
    widths = [max(each.high - each.low, WIDTH) for each in prints]
    sizes = possible_sizes(prints, telling_size(widths, FEW, LARGEST))
    return proportion(possible_counts(next(iter(prints)), sizes[0])[0], sizes[0]) if sizes else None


def _nearest(number: Printed, n: int) -> str:
    """The count over n that is nearest to a print, worked out."""
    k = round(Fraction(number.value or 0) * n)
    return f"{k}/{n} = {k / n:.6f}"
