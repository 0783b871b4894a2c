"""The accuracy is no count over the number of examples that the card states.

## What it does
Holds the accuracies of a card against a sentence that says how large the test or evaluation set is.

## Condition
An accuracy over n examples is k / n (Brown and Heathers 2017, GRIM). The rule fires where one sentence states one n ("a test set
of 150 images", "300 held-out examples") and no whole k, for n and for what `dataloader_drop_last` leaves of it (n // batch *
batch), lies inside the print of the headline's accuracy. The chance that a random print fits is n w for a print of width w; the
rule looks only where it is at most 0.5.

## When it stays silent
Cards that state several such numbers; accuracies under another name ("balanced accuracy"); a stated n so large that most prints
fit; several models or data sets, whose accuracies may be averages.

## Usual causes
The number of examples before filtering; a mean over runs, folds or classes; a digit mistyped.

## Example
"a test set of 150 images" and accuracy 0.8972: 134 / 150 = 0.8933, 135 / 150 = 0.9000.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import interval, possible_counts
from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._evaluations import with_dropped_tails

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
MOST_LIKELY = Fraction(1, 2)
WIDTH = Fraction(1, 10**4)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("headline", "metric accuracy"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    accuracy = card.headline.get("accuracy")
    possible = interval(accuracy) if accuracy and is_number(accuracy) else None
    if accuracy is None or possible is None or not 0 < possible.high < 1 or len(card.results) > 1:
        raise NotCheckable("no single accuracy in (0, 1) is stated")
    stated = _stated_sizes(card)
    if len(stated) != 1:
        raise NotCheckable("no sentence says how large the evaluation set is" if not stated else "several sizes are stated")
    ((n, span),) = stated.items()
    width = max(possible.high - possible.low, WIDTH)
    if n * width > MOST_LIKELY:
        raise NotCheckable(f"most numbers print like a count over {n:,}")
    if any(possible_counts(possible, size) for size in with_dropped_tails(n, card)):
        return
    below = possible.low.numerator * n // possible.low.denominator
    near = [f"{k}/{n} = {k / n:.4f}" for k in (below, below + 1)]
    message = f"accuracy {accuracy.text} is no count over the stated {n:,} examples: {near[0]}, {near[1]}"
    yield Hit(message, (accuracy.span, span), {"n": n, "nearest": near, "chance_that_random_digits_fit": float(n * width)})


def _stated_sizes(card: Card) -> dict[int, Span]:
    found: dict[int, Span] = {}
    if not any(unit in card.text for unit in UNIT_WORDS):
        return found
    for match in STATED.finditer(card.text):
        n = int((match[1] or match[2]).replace(",", "") or 0)
        if n > 1:
            found.setdefault(n, Span(*match.span()))
    return found
