"""A macro or weighted average is not the mean of the classes printed beside it.

## What it does
Computes macro and weighted averages again from the scores, and for the latter the supports, of the classes.

## Condition
Macro average = sum of the scores / number of classes, weighted average = sum of support * score / sum of supports
(scikit-learn, `classification_report`). Reported where the printed average misses what the classes' intervals leave; a macro
F1 may also be the harmonic mean of macro precision and macro recall (Sokolova and Lapalme 2009). `inconsistent` where the
supports add up to the average's own, so that no class is missing; else `suspicious`. Any average, micro too, lies between the
least and the greatest class: that is held where the supports are not printed.

## When it stays silent
Where a class lacks the score; fewer than two classes; where no average stands beside them.

## Usual causes
A class left out of the list; an edited digit; averages of another checkpoint.

## Example
`Macro avg F1 0.8512` beside the classes' 0.9121 and 0.7520, whose mean is 0.8320 to 0.8321.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval, harmonic
from cardaudit.records import Card, Kind
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._classes import OVERALL, SCORES, Report, reports
from cardaudit.rules._columns import integer, spoken
from cardaudit.rules._groups import Fault, Tied, between, need, possible, same_scale, told

MACRO, WEIGHTED = ("macro", "macro_avg"), ("weighted", "weighted_avg")
NAMED = ("macro", "weighted", "micro")


@rule(kind="inconsistent", severity="error", confidence="proven", yields_to=("overall-contradicts-entities",), needs=("numbers",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not (card.results and any(result.setting and "av" in result.setting.lower() for result in card.results)):
        need(subject, NAMED, SCORES)
    with_averages = [report for report in reports(card) if report.averages]
    if not with_averages:
        raise NotCheckable("no average stands beside the scores of its classes")
    yield from told((fault for report in with_averages for fault in _faults(card, report)), ["all classes are listed"])


def _faults(card: Card, report: Report) -> Iterator[Fault]:
    supports = [each.support for each in report.classes]
    known = [support for support in supports if support is not None]
    if len(known) < len(supports):
        known = []
    for name, scores in report.averages.items():
        total = integer(scores.get("support"))
        kind: Kind = "inconsistent" if known and sum(known) == total else "suspicious"
        for score in SCORES:
            number = scores.get(score)
            values = [possible(card, each.scores[score]) for each in report.classes if score in each.scores]
            if number is None or len(values) < len(report.classes):
                continue
            own, left = possible(card, number), _left(name, values, known)
            if left is None or not same_scale(own, left) or own.meets(left) or _of_averages(card, report, name, score, own):
                continue
            key = f"{name}_{score}"
            words = between(left, number)
            says = f"{spoken(key)} {number.text}, but its {len(values)} classes give {words}"
            yield Fault(Tied(report.where, (key,), (number,), (own,)), says, {key: words}, kind)


def _left(name: str, values: list[Interval], supports: list[int]) -> Interval | None:
    """What the classes leave for an average."""
    if name in MACRO:
        return _mean(values, [1] * len(values))
    if name in WEIGHTED and sum(supports) > 0:
        return _mean(values, supports)
    if name in WEIGHTED or name in OVERALL:
        return Interval(min(each.low for each in values), max(each.high for each in values))
    return None


def _mean(values: list[Interval], weights: list[int]) -> Interval:
    low, high = (
        sum(Fraction(weight) * bound for weight, bound in zip(weights, ends, strict=True)) for ends in zip(*values, strict=True)
    )
    return Interval(low / sum(weights), high / sum(weights))


def _of_averages(card: Card, report: Report, name: str, score: str, own: Interval) -> bool:
    scores = report.averages[name]
    if score != "f1" or name not in MACRO or not {"precision", "recall"} <= set(scores):
        return False
    return own.meets(harmonic(possible(card, scores["precision"]), possible(card, scores["recall"])))
