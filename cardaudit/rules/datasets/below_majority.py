"""A constant answer would score a higher accuracy.

## What it does
Compares the accuracy at which the card sums up with the share of the commonest class in the named data set.

## Condition
The accuracy's print lies wholly below the share k / n (facts/baselines.json) of every split made for evaluation whose share is
known.

## When it stays silent
Sets whose class shares are not known; tasks that do not count examples; cards that name several data sets. Where the accuracy is
the share itself (majority-accuracy). Where the numbers are refuted for the data set's splits, for then its shares say nothing.

## Usual causes
A model that diverged or is overconfident on a hard small set; labels in another order than the data's.

## Example
Accuracy 0.4648 on glue/wnli, where 40 of 71 (0.5634) have the commonest class.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._evaluations import accuracy_over_examples, evaluation_baselines, named_dataset


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("majority-accuracy", "claimed-split-refuted", "subset-evaluation"),
    needs=("metric accuracy",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    number, possible = accuracy_over_examples(card)
    named = named_dataset(card)
    lowest = min(evaluation_baselines(named), key=lambda each: each.share)
    if possible.high >= lowest.share or (lowest.label in ("any", "either") and possible.high > lowest.share / 2):
        return
    share = float(lowest.share)
    message = (
        f"accuracy {number.text} is below that of a constant answer on {named.words}: {lowest.commonest:,} of {lowest.size:,}, "
        f"{share:.4f}, in {lowest.split}"
    )
    worked = {"share": str(lowest.share), "split": lowest.split, "source_of_the_share": lowest.source}
    yield Hit(message, (number.span,), worked)
