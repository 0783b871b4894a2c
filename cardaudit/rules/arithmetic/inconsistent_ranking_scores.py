"""Scores of one ranking contradict each other.

## What it does
Holds accuracy, precision, recall, NDCG, reciprocal rank and average precision at k of a retrieval evaluation against each
other.

## Condition
Among the first k answers of one query let r be relevant. Accuracy@k is 1 where r > 0, precision@k is r / k, recall@k is r over
all relevant ones, MRR@k is 1 over the rank of the first relevant answer. So, for every query and in the mean: precision@1 =
accuracy@1; precision@k <= accuracy@k <= k * precision@k; recall@k <= accuracy@k; accuracy@1 <= MRR@k <= accuracy@k; NDCG@k and
MAP@k <= accuracy@k (sentence-transformers, InformationRetrievalEvaluator). Reported where the intervals break one of these.

## When it stays silent
Names with no k; metrics at different k, but for MRR, NDCG and MAP that are held against accuracy at the same k only. Relevance
in grades, where a card speaks of it.

## Usual causes
A digit edited; rows of two evaluations mixed.

## Example
`cosine_accuracy@5 0.7812` beside `cosine_recall@5 0.8033`.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Key, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._groups import Fault, Tied, digits, groups, possible, told

AT_K = deferred(r"(?P<head>.*_)?(?P<metric>accuracy|precision|recall|mrr|ndcg|map)_(?:at_)?(?P<k>\d{1,4})")
NO_SCORES = "no scores of a ranking are stated together"
SUCCESS = Key(lambda key: "accuracy_" in f"{key}_", NO_SCORES)
BESIDE = Key(lambda key: not {"precision", "recall", "mrr"}.isdisjoint(key.split("_")), NO_SCORES)
Scores = Mapping[str, str]


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", SUCCESS, BESIDE))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = [(where, numbers, k, keys) for where, numbers in groups(card) for k, keys in _at(numbers)]
    if not found:
        raise NotCheckable(NO_SCORES)
    faults = (fault for where, numbers, k, keys in found for fault in _faults(card, where, numbers, k, keys))
    yield from told(faults, ["an answer is relevant or not", "all scores are means over the same queries"])


def _at(numbers: Mapping[str, Printed]) -> Iterator[tuple[int, Scores]]:
    """k with metric -> key, for each kind of ranking that prints an accuracy at k and something else."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for key, number in numbers.items():
        if (match := AT_K.fullmatch(key)) and is_number(number) and not (match["head"] or "").startswith("top"):
            found.setdefault((match["head"] or "", int(match["k"])), {})[match["metric"]] = key
    for (_, k), keys in found.items():
        if "accuracy" in keys and len(keys) > 1 and k > 0:
            yield k, keys


def _faults(card: Card, where: str, numbers: Mapping[str, Printed], k: int, keys: Scores) -> Iterator[Fault]:
    accuracy = possible(card, numbers[keys["accuracy"]])
    bounds: dict[str, Interval] = {name: Interval(Fraction(0), accuracy.high) for name in ("recall", "mrr", "ndcg", "map")}
    bounds["precision"] = Interval(accuracy.low / k, accuracy.high)
    for metric, bound in bounds.items():
        if metric not in keys:
            continue
        number = numbers[keys[metric]]
        own = possible(card, number)
        if own.meets(bound) or accuracy.high > 1 or own.low > 1:
            continue
        side = f"at most {digits(bound.high, number)}" if own.low > bound.high else f"at least {digits(bound.low, number)}"
        other = numbers[keys["accuracy"]]
        says = f"{spoken(keys[metric])} {number.text}, but {spoken(keys['accuracy'])} {other.text} leaves {side}"
        yield Fault(Tied(where, (keys[metric], keys["accuracy"]), (number, other), (own, accuracy)), says, {keys[metric]: side})
