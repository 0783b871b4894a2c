"""The accuracy is that of guessing.

## What it does
Compares the accuracy at which the card sums up with 1 / K for the K classes of the named data set.

## Condition
The data set has K equally common classes (facts/baselines.json, facts/labels.json), and the accuracy's print comes within two
standard errors of 1 / K, sqrt(1 / K (1 - 1 / K) / n), for the n examples of a split made for evaluation.

## When it stays silent
Sets whose classes are not equally common or not known; tasks that do not count examples; cards that name several data sets; where
the numbers are refuted for the data set's splits.

## Usual causes
A learning rate at which the model collapsed; labels that do not belong to the inputs; a head that was never trained.

## Example
Accuracy 0.5 on imdb, two classes of 12,500 each.
"""

from collections.abc import Iterator
from math import sqrt

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import accuracy_over_examples, evaluation_baselines, named_dataset

STANDARD_ERRORS = 2


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("claimed-split-refuted", "chance-level-loss"),
    needs=("metric accuracy",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    number, possible = accuracy_over_examples(card)
    named = named_dataset(card)
    even = [each for each in evaluation_baselines(named) if each.label in ("any", "either")]
    if not even:
        raise NotCheckable("the classes of the named data set are not equally common")
    for each in even:
        share = float(each.share)
        error = sqrt(share * (1 - share) / each.size)
        if float(possible.high) < share - STANDARD_ERRORS * error or float(possible.low) > share + STANDARD_ERRORS * error:
            continue
        classes = round(1 / share)
        message = (
            f"accuracy {number.text} is that of guessing among the {classes} classes of {named.words}: {share:.4f}, standard "
            f"error {error:.4f} on {each.size:,} examples of {each.split}"
        )
        yield Hit(message, (number.span,), {"classes": classes, "share": str(each.share), "standard_error": round(error, 5)})
        return
