"""The accuracy is no count over the number of examples that the card states.

## What it does
Holds the accuracies of a card against a sentence that says how large the test or evaluation set is.

## Condition
An accuracy over n examples is k / n (Brown and Heathers 2017, GRIM). The rule fires where one sentence states one n ("a test set
of 150 images", "300 held-out examples") and no whole k, for n and for what `dataloader_drop_last` leaves of it (n // batch *
batch), lies inside the print of the headline's accuracy; without a headline, inside that of any accuracy which the card states.
The chance that a random print fits is n w for a print of width w; the rule looks only where it is at most 0.5.

## When it stays silent
Cards that state several such numbers; accuracies under another name ("balanced accuracy"); a stated n so large that most prints
fit; several models, data sets, splits or settings, whose accuracies may be averages or of another set; the "Size" that
sentence-transformers prints of the data whose loss its Trainer watched, which no evaluator need share.

## Usual causes
The number of examples before filtering; a mean over runs, folds or classes; a digit mistyped.

## Example
"a test set of 150 images" and accuracy 0.8972: 134 / 150 = 0.8933, 135 / 150 = 0.9000.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval, interval, possible_counts
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._evaluations import with_dropped_tails
from cardaudit.rules._stated import beside_headline, over_all_classes

EVALUATION = r"(?:test|evaluation|eval|validation|held-?out)"
UNIT_WORDS = (
    *("examples", "samples", "images", "sentences", "instances", "documents", "texts", "reviews"),
    *("tweets", "comments", "questions", "records", "rows", "pairs", "articles"),
)
UNITS = rf"(?:{'|'.join(UNIT_WORDS)})"
OF_SIZE = r"(?:of|with|has|had|contain(?:s|ed|ing)|consist(?:s|ed|ing) of)"
STATED = deferred(
    rf"\b{EVALUATION} (?:set|split|data|dataset) {OF_SIZE} (?:only )?(\d[\d,]*) (?:\w+ )?{UNITS}\b"
    rf"|\b(\d[\d,]*) (?:\w+ )?{EVALUATION} {UNITS}\b",
    re.IGNORECASE,
)
ACCURACY = frozenset(("accuracy", "acc"))
LISTED = "* Size: "
MOST_LIKELY = Fraction(1, 2)
WIDTH = Fraction(1, 10**4)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("stated results", "metric accuracy"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    accuracies = _accuracies(card)
    sizes = _stated_sizes(card)
    if len(sizes) != 1:
        raise NotCheckable("no sentence says how large the evaluation set is" if not sizes else "several sizes are stated")
    ((n, span),) = sizes.items()
    width = max(max(possible.high - possible.low for _, possible in accuracies), WIDTH)
    if n * width > MOST_LIKELY:
        raise NotCheckable(f"most numbers print like a count over {n:,}")
    if any(possible_counts(possible, size) for _, possible in accuracies for size in with_dropped_tails(n, card)):
        return
    accuracy, possible = accuracies[0]
    below = possible.low.numerator * n // possible.low.denominator
    near = [f"{k}/{n} = {k / n:.4f}" for k in (below, below + 1)]
    message = f"accuracy {accuracy.text} is no count over the stated {n:,} examples: {near[0]}, {near[1]}"
    yield Hit(message, (accuracy.span, span), {"n": n, "nearest": near, "chance_that_random_digits_fit": float(n * width)})


def _accuracies(card: Card) -> list[tuple[Printed, Interval]]:
    """The headline's accuracy as a fraction, else all of one model on one set; raises NotCheckable where there is none."""
    if "accuracy" in card.headline:
        numbers = [card.headline["accuracy"]] if len(card.results) <= 1 else []
    else:
        numbers = [each.number for each in card.results if each.metric in ACCURACY]
        of_one = not any(each.model or each.dataset or each.split or not over_all_classes(each) for each in card.results)
        apart = any(not ACCURACY.isdisjoint(place.numbers) for place in beside_headline(card))
        numbers = numbers if of_one and apart else []
    found = [(number, _share(possible)) for number in numbers if is_number(number) and (possible := interval(number)) is not None]
    if not found or not all(0 < possible.high < 1 for _, possible in found):
        raise NotCheckable("no accuracy in (0, 1) is stated for one model on one evaluation set")
    return found


def _share(printed: Interval) -> Interval:
    """A number of at most 1 as it stands, a larger one as a percentage."""
    return Interval(printed.low / 100, printed.high / 100) if printed.low > 1 else printed


def _stated_sizes(card: Card) -> dict[int, Span]:
    found: dict[int, Span] = {}
    if not any(unit in card.text for unit in UNIT_WORDS):
        return found
    for match in STATED.finditer(card.text):
        n = int((match[1] or match[2]).replace(",", "") or 0)
        if n > 1 and not card.text.startswith(LISTED, match.start() - len(LISTED)):
            found.setdefault(n, Span(*match.span()))
    return found
