"""Micro and weighted averages of one evaluation contradict each other or the accuracy.

## What it does
Holds micro-averaged precision, recall and F1, weighted recall and accuracy against each other.

## Condition
Weighted recall = sum over classes of (support / all supports) * (TP / support) = all TP / all supports, which is micro recall,
in every problem. Where each example has one label, every prediction counts once as predicted and once as gold, so micro
precision = micro recall = micro F1 = accuracy (scikit-learn, "Multiclass and multilabel classification"). One label an example
is taken as given where micro precision and micro recall print alike. Reported where two intervals that must share a number
share none; `suspicious` for the accuracy, because averages over several labels may print alike by chance.

## When it stays silent
Micro precision and recall that differ: several labels an example, or a class left out. Then only weighted against micro recall
is held.

## Usual causes
An edited digit; averages of two checkpoints in one list.

## Example
`Micro recall 0.842` beside `Weighted recall 0.824`.
"""

from collections.abc import Iterator, Mapping

from cardaudit.records import Card, Kind, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._groups import Fault, Tied, between, groups, possible, same_scale, told

MICRO_RECALL = ("micro_recall", "recall_micro", "micro_avg_recall", "micro_average_recall")
MICRO_PRECISION = ("micro_precision", "precision_micro", "micro_avg_precision", "micro_average_precision")
MICRO_F1 = ("micro_f1", "f1_micro", "micro_avg_f1", "micro_average_f1")
WEIGHTED_RECALL = ("weighted_recall", "recall_weighted", "weighted_avg_recall", "weighted_average_recall")
ACCURACY = ("accuracy",)


@rule(
    kind="inconsistent",
    severity="error",
    confidence="proven",
    needs=("numbers", MICRO_RECALL + WEIGHTED_RECALL, MICRO_RECALL + MICRO_F1 + ACCURACY),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    pairs = [pair for where, numbers in groups(card) for pair in _equal(card, where, numbers)]
    if not pairs:
        raise NotCheckable("no two averages that must agree stand together")
    faults = (_fault(pair) for pair in pairs if same_scale(*pair.intervals) and not pair.intervals[0].meets(pair.intervals[1]))
    yield from told(faults, ["all averages are taken over the same predictions and all classes"])


def _equal(card: Card, where: str, numbers: Mapping[str, Printed]) -> Iterator[Tied]:
    """Pairs of numbers that must be one number."""
    recall, precision, f1 = (_first(numbers, family) for family in (MICRO_RECALL, MICRO_PRECISION, MICRO_F1))
    weighted, accuracy = _first(numbers, WEIGHTED_RECALL), _first(numbers, ACCURACY)
    single = recall and precision and numbers[recall].text == numbers[precision].text
    pairs = [(weighted, recall)]
    if single:
        pairs += [(f1, recall), (accuracy, recall)]
    for one, other in pairs:
        if one and other:
            printed = (numbers[one], numbers[other])
            yield Tied(where, (one, other), printed, tuple(possible(card, number) for number in printed))


def _first(numbers: Mapping[str, Printed], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in numbers and is_number(numbers[name])), None)


def _fault(pair: Tied) -> Fault:
    names = [spoken(key) for key in pair.keys]
    says = f"{names[0]} {pair.numbers[0].text}, but {names[1]} {pair.numbers[1].text} is the same share of the same predictions"
    kind: Kind = "suspicious" if pair.keys[0] in ACCURACY else "inconsistent"
    return Fault(pair, says, {pair.keys[0]: between(pair.intervals[1], pair.numbers[1])}, kind)
