"""Matthews' correlation does not go with accuracy, precision and recall.

## What it does
Computes the Matthews correlation of two classes again from the accuracy, precision and recall that stand beside it.

## Condition
The three leave an interval for the share of positives q (impossible-prevalence), with it for specificity and negative
predictive value, and MCC = sqrt(P R TNR NPV) - sqrt((1 - P)(1 - R)(1 - TNR)(1 - NPV)) (Chicco and Jurman 2020). Reported where
I(MCC) lies outside. Each rate is bounded by itself, so the bounds hold and are a little wide.

## When it stays silent
F1 below the harmonic mean, recall equal to accuracy: averages over several classes, for which MCC has another formula. Token
tagging. Two classes are an assumption, hence `suspicious`.

## Usual causes
A digit edited; MCC of another checkpoint; precision and recall of an average over classes.

## Example
`MCC 0.8120` beside `Accuracy 0.8603`, `Precision 0.8845` and `Recall 0.9140`, which give 0.67 to 0.68.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._averages import binary_evaluations
from cardaudit.rules._binary import correlation, prevalence
from cardaudit.rules._groups import Fault, Tied, told
from cardaudit.rules._groups import tied as numbers_together

MCC = ("matthews_correlation", "mcc")
WIDTH = 1e-4


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("impossible-prevalence", "inconsistent-f1"),
    needs=("numbers", MCC, ("accuracy",), ("precision",), ("recall",)),
)
def check(subject: Subject) -> Iterator[Hit]:
    ties = list(numbers_together(subject.card, MCC, ("accuracy",), ("precision",), ("recall",)))
    if not ties:
        raise NotCheckable("Matthews' correlation, accuracy, precision and recall are nowhere stated together")
    if all(len(each.keys[0].split("_")) <= 2 for each in ties):
        binary_evaluations(subject.card)
    yield from told((fault for each in ties if (fault := _fault(each))), ["two classes"])


def _fault(each: Tied) -> Fault | None:
    mcc, accuracy, precision, recall = each.intervals
    share = prevalence(accuracy, precision, recall)
    bounds = correlation(share, precision, recall) if share else None
    if bounds is None or not (mcc.high < bounds[0] - WIDTH or mcc.low > bounds[1] + WIDTH):
        return None
    words = f"{bounds[0]:.4f} to {bounds[1]:.4f}"
    texts = [number.text for number in each.numbers]
    says = f"MCC {texts[0]}, but with two classes accuracy {texts[1]}, precision {texts[2]} and recall {texts[3]} give {words}"
    return Fault(each, says, {each.keys[0]: words}, "suspicious")
