"""The recall of a class is no count of its support.

## What it does
Holds each class's recall against the number of gold examples or spans that is printed beside it.

## Condition
Recall = k / support for a whole number k (Brown and Heathers 2017, GRIM, with n known). Reported where no k has k / support in
I(recall). The nearest possible values go into the arithmetic. A support of s and d decimals are refuted with probability 1 -
(s + 1) * 10^-d at random.

## When it stays silent
Supports of which every recall is a count (s >= 10^d). Averages. Where support is no whole number. Cards that speak of
cross-validation, folds or a mean over runs: a mean of counts need be no count.

## Usual causes
A number of predicted instead of gold spans; recall or support of another checkpoint; an edited digit.

## Example
`recall 0.84` beside `support 23`: 19 of 23 is 0.8261, 20 of 23 is 0.8696.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import possible_counts
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._classes import Class, reports
from cardaudit.rules._groups import Fault, Tied, digits, possible, told
from cardaudit.rules._text import speaks_of_means


@rule(
    kind="inconsistent",
    severity="error",
    confidence="proven",
    yields_to=("overall-contradicts-entities",),
    needs=("numbers", ("number", "support"), ("recall",)),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = [
        (report.where, each) for report in reports(card) for each in report.classes if each.support and "recall" in each.scores
    ]
    if not found:
        raise NotCheckable("no recall of a class stands beside its support")
    if speaks_of_means(card.text):
        raise NotCheckable("the scores may be means over folds or runs")
    yield from told((fault for where, each in found if (fault := _fault(card, where, each))), ["support counts gold examples"])


def _fault(card: Card, where: str, each: Class) -> Fault | None:
    number, support = each.scores["recall"], each.support or 0
    own = possible(card, number)
    if own.low > 1 or possible_counts(own, support):
        return None
    below = own.low * support // 1
    near = [Fraction(k, support) for k in (int(below), int(below) + 1) if k <= support]
    words = " and ".join(f"{digits(share, number)} ({share * support} of {support})" for share in near)
    says = f"recall {number.text} of {each.name} is no count of its support {support}: nearest are {words}"
    return Fault(Tied(where, (f"{each.name}_recall",), (number,), (own,)), says, {"nearest": words})
