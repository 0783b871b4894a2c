"""The reported accuracy or F1 is exactly 1.

## What it does
Points at a headline in which every evaluation example is said to be right.

## Condition
The headline's accuracy or F1 is 1 (or 100 %), and the task is not one where the evaluation set is known to be tiny. A perfect
score on n examples bounds the error rate by about 3 / n at 95 % (Hanley and Lippman-Hand 1983), so it says little where n is
small, and where n is large it is what a leak between training and evaluation data looks like.

## When it stays silent
Scores below 1; 0.9999 and the like; cards that also report an F1 or accuracy below 1; per-class results.

## Usual causes
Evaluation examples that are in the training set; labels that the input gives away; an evaluation set of a few examples.

## Example
Accuracy: 1.0
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken

KEYS = ("f1", "accuracy", "overall_f1", "overall_accuracy", "macro_f1", "weighted_f1", "matthews_correlation", "exact_match")
WHOLE = (1, 100)


@rule(kind="suspicious", severity="info", confidence="likely", needs=("headline",))
def check(subject: Subject) -> Iterator[Hit]:
    headline = subject.card.headline
    scores = [(key, headline[key]) for key in KEYS if key in headline and is_number(headline[key])]
    if not scores:
        raise NotCheckable("the headline states no accuracy and no F1")
    if any(number.value != 1 and number.value != 100 for _, number in scores):
        return
    key, number = scores[0]
    if number.value == 100 and not number.text.rstrip("0").endswith(("1", ".")):
        return
    loss = headline.get("loss")
    beside = f", loss {loss.text}" if loss else ""
    yield Hit(
        f"{spoken(key)} {number.text} on the evaluation set{beside}", tuple(n.span for _, n in scores), {"metrics": len(scores)}
    )
