"""More predictions are wrong than the cross-entropy allows.

## What it does
Holds accuracy against the evaluation loss of a classifier.

## Condition
Where the most probable label is wrong, the right one has a probability of at most 1/2, so that example costs at least ln 2:
the mean cross-entropy is at least (1 - accuracy) ln 2, and 1 - accuracy <= loss / ln 2. Reported where the intervals break
that by more than 2 %. Of 1,169 real cards four break it, two of them multi-label: hence `suspicious`.

## When it stays silent
Losses that are no plain cross-entropy: under label smoothing; where the card names binary cross-entropy, focal, weighted,
contrastive, margin or triplet loss, multi-label classification, or a regression. Where an area under the ROC curve, a Hamming
loss or an F1 above the accuracy stands beside it: several labels an example may share one loss, and all must be right for one
right answer. Token-level tasks, whose loss is a mean over batches. Losses of 0 and below. Language models and question answering,
whose accuracy counts something else.

## Usual causes
Accuracy and loss of different checkpoints or sets; a loss that is scaled or weighted without saying so; an edited digit.

## Example
`Accuracy 0.6120` beside `Loss 0.1834`, which allows at least 0.7353.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import log

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._groups import Fault, Tied, told
from cardaudit.rules._groups import tied as numbers_together

LN2 = Fraction(log(2))
LEEWAY = Fraction(98, 100)
OTHER_LOSS = deferred(
    r"multi[- _]?label|\bBCE|binary[ _]?cross|focal|class[ _]weight|weighted (?:loss|cross)|contrastive|triplet|margin|"
    r"regression|\bmse\b|mean squared|distill|\bCTC\b|hinge|dice loss|smoothing|reward|preference|\bDPO\b",
    re.IGNORECASE,
)
CLASSIFIER = deferred(r"classification", re.IGNORECASE)
SEVERAL_LABELS = ("auc", "hamming", "lrap")
OTHER_TASK = deferred(r"token|question|language|fill|generation|multi", re.IGNORECASE)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("metric accuracy", "metric loss"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    ties = [each for each in numbers_together(card, ("accuracy",), ("loss", "validation_loss")) if each.keys[0] == "accuracy"]
    faults = [fault for each in ties if (fault := _fault(each))]
    if not faults:
        return
    if because := _other_loss(card):
        raise NotCheckable(because)
    yield from told(faults, ["the loss is an unweighted mean cross-entropy in nats", "each example has one label"])


def _other_loss(card: Card) -> str | None:
    if card.hyperparameters.label_smoothing_factor is not None:
        return "label smoothing alters the evaluation loss"
    task = card.task.text if card.task else ""
    if not CLASSIFIER.search(task) or OTHER_TASK.search(task):
        return "the loss is a mean cross-entropy for classifiers of whole examples only"
    if any(map(_several_labels, (card.headline, *(row.metrics for row in card.epochs)))):
        return "an example may have several labels, by the metrics beside the accuracy"
    match = OTHER_LOSS.search(card.text)
    return f"the card speaks of {match[0]!r}, which may be another loss" if match else None


def _several_labels(numbers: Mapping[str, Printed]) -> bool:
    """Whether numbers printed together are those of several labels an example, as far as their names and sizes tell."""
    accuracy = numbers.get("accuracy")
    if accuracy is None or not is_number(accuracy):
        return False
    for key, number in numbers.items():
        words = key.split("_")
        above = "f1" in words and is_number(number) and (number.value or 0) > (accuracy.value or 0)
        if above or any(sign in words for sign in SEVERAL_LABELS):
            return True
    return False


def _fault(each: Tied) -> Fault | None:
    accuracy, loss = each.intervals
    if accuracy.high > 1 or loss.low <= 0 or 1 - accuracy.high <= loss.high / LN2 / LEEWAY:
        return None
    least = f"{float(1 - loss.high / LN2):.4f}"
    says = f"accuracy {each.numbers[0].text}, but a cross-entropy of {each.numbers[1].text} allows no accuracy below {least}"
    return Fault(each, says, {each.keys[0]: f"at least {least}"}, "suspicious")
