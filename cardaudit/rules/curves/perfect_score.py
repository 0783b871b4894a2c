"""The reported accuracy or F1 is exactly 1.

## What it does
Points at a headline or table in which every evaluation example is said to be right.

## Condition
The headline's accuracy or F1 is 1 (or 100 %); so is, without a headline, what tables and lines of "name: value" state for this
model. A perfect
score on n examples bounds the error rate by about 3 / n at 95 % (Hanley and Lippman-Hand 1983), so it says little where n is
small, and where n is large it is what a leak between training and evaluation data looks like.

## When it stays silent
Scores below 1; 0.9999 and the like; cards that also report an F1 or accuracy below 1; per-class results; "1.00" and "100 %" in
authors' tables, which may be 0.995.

## Usual causes
Evaluation examples that are in the training set; labels that the input gives away; an evaluation set of a few examples.

## Example
Accuracy: 1.0
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.records import Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._stated import HEADLINE, Stated, stated

KEYS = ("f1", "accuracy", "overall_f1", "overall_accuracy", "macro_f1", "weighted_f1", "matthews_correlation", "exact_match")
WHOLE = (1, 100)
SURE = Decimal("0.001")


@rule(kind="suspicious", severity="info", confidence="likely", needs=("stated results",))
def check(subject: Subject) -> Iterator[Hit]:
    places = [each for each in stated(subject.card) if _scores(each)]
    if not places:
        raise NotCheckable("neither headline nor table states an accuracy or F1 of this model over all classes")
    place, *others = places
    if any(not _is_whole(number, each) for each in (place, *others) for _, number in _scores(each)):
        return
    scores, loss = _scores(place), place.numbers.get("loss")
    key, number = scores[0]
    if number.value == 100 and not number.text.rstrip("0").endswith(("1", ".")):
        return
    beside = f", loss {loss.text}" if loss else ""
    where = "on the evaluation set" if place.where == HEADLINE else f"in {place.where}"
    yield Hit(f"{spoken(key)} {number.text} {where}{beside}", tuple(n.span for _, n in scores), {"metrics": len(scores)})


def _is_whole(number: Printed, place: Stated) -> bool:
    """Whether a score is 1 or 100 %; in tables of authors "1.00" may be 0.995, and "1.0" is how a program prints 1."""
    if number.value not in WHOLE:
        return False
    return place.where == HEADLINE or number.text == "1.0" or number.slack < SURE * number.value


def _scores(place: Stated) -> list[tuple[str, Printed]]:
    return [(key, place.numbers[key]) for key in KEYS if key in place.numbers and is_number(place.numbers[key])]
