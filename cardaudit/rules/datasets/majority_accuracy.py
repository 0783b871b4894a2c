"""The accuracy is that of answering with the commonest class.

## What it does
Compares the accuracy at which the card sums up with the share of the commonest class in the named data set.

## Condition
The share k / n (facts/baselines.json) lies inside the accuracy's print, and the accuracy is the same in all rows that print
one, or F1 or the Matthews correlation beside it is 0: a constant answer gives exactly this. With neither, one print hits the
share by chance with probability n w at most (w its width), and the rule fires only where that is at most 0.1 or the front
matter's fraction is exactly the share.

## When it stays silent
Sets whose class shares are not known, or in which all classes are equally common (chance-accuracy looks at those). Tasks that
do not count examples; cards that name several data sets.

## Usual causes
A learning rate at which the model collapsed; frozen parameters; too few updates.

## Example
Accuracy 0.5634 in every row on glue/wnli, where 40 of 71 are "not entailment".
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.facts import Baseline
from cardaudit.intervals import Interval, fraction_of_float
from cardaudit.records import Card
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import column, is_number
from cardaudit.rules._evaluations import (
    FULL_PRECISION,
    accuracy_over_examples,
    evaluation_baselines,
    named_dataset,
)

BY_CHANCE = 0.1
WIDTH = Fraction(1, 10**4)
ZERO_OF_A_CONSTANT = ("f1", "matthews_correlation")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("metric accuracy",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    number, possible = accuracy_over_examples(card)
    named = named_dataset(card)
    shares = [each for each in evaluation_baselines(named) if each.label not in ("any", "either")]
    for each in shares:
        if possible.low <= each.share <= possible.high and (because := _because(card, each, possible)):
            message = (
                f"accuracy {number.text} is that of always answering {each.label!r} on {named.words}: "
                f"{each.commonest:,} of {each.size:,} in {each.split}; {because}"
            )
            worked = {"share": str(each.share), "split": each.split, "source_of_the_share": each.source, "because": because}
            yield Hit(message, (number.span,), worked)
            return


def _because(card: Card, each: Baseline, possible: Interval) -> str | None:
    """What else speaks for a constant answer."""
    values = column(card, "accuracy").values
    zeros = [key for key in ZERO_OF_A_CONSTANT if (stated := card.headline.get(key)) and is_number(stated) and stated.value == 0]
    if zeros:
        return f"{zeros[0].replace('_', ' ')} is 0"
    if len(values) > 1 and len(set(values)) == 1:
        return f"all {len(values)} rows print it"
    if any(_is_exactly(card, each.share)):
        return "the front matter's value is exactly this share"
    width = max(possible.high - possible.low, WIDTH)
    chance = float(each.size * width)
    return f"random digits fit with probability {chance:.2g}" if chance <= BY_CHANCE and len(values) < 2 else None


def _is_exactly(card: Card, share: Fraction) -> Iterator[bool]:
    for result in card.model_index:
        value = result.number.value
        if result.metric == "accuracy" and value is not None and is_number(result.number) and 0 < value < 1:
            yield len(value.as_tuple().digits) >= FULL_PRECISION and fraction_of_float(Fraction(value)) == share
