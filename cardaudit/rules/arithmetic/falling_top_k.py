"""A score over the first k answers falls as k grows.

## What it does
Holds accuracy@1, accuracy@5, top-1 and top-5 accuracy, recall@k, hits@k and pass@k against each other in the order of k.

## Condition
What is among the first 1 is among the first 5: for one query, accuracy@k, recall@k and hit rate never fall with k, and neither
do their means. pass@k = 1 - C(n - c, k) / C(n, k) (Chen et al. 2021) rises with k for each problem. Reported where k < m and
the interval at k lies above that at m. A plain `accuracy` beside a top-k accuracy counts as k = 1.

## When it stays silent
Precision, NDCG and average precision at k, which may fall. Names whose number is no k: a class ("recall_2" without "@", "at" or
"top"). Means of something else than hits ("Top-5 Avg.", the mean rating of five answers). pass@k is `suspicious` only, because
each k may be sampled at a temperature of its own.

## Usual causes
Columns interchanged; the scores of two checkpoints in one line.

## Example
`Top-5 accuracy 0.8871` beside `Top-1 accuracy 0.9012`.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Key, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._groups import Tied, exceeding, groups, possible, told
from cardaudit.rules._qualifiers import told_apart

BEFORE = deferred(r"(?P<head>.*_)?top_?(?P<k>\d{1,4})_(?P<metric>accuracy|acc)(?P<tail>_.*)?")
BEHIND = deferred(r"(?P<head>.*_)?(?P<metric>accuracy|acc|recall|hits?|hit_rate|pass)_(?:at_)?(?P<k>\d{1,4})(?P<tail>)")
AT_K = deferred(r"(?:_top|_acc|accuracy|recall|hits?|rate|pass)_\d|_top\d|_at_\d")
MARKED = deferred(r"@|\bat\b|_at_|\btop", re.IGNORECASE)
OVER_K = Key(lambda key: AT_K.search(f"_{key}_") is not None, "no score over the first k answers is stated")
RATED = deferred(r"\b(?:avg|average|mean|rating)\b(?!.*\b(?:acc|recall|hit))", re.IGNORECASE)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", OVER_K))
def check(subject: Subject) -> Iterator[Hit]:
    ties = tuple(_ordered(subject.card))
    if not ties:
        raise NotCheckable("fewer than two scores over the first k answers stand together")
    faults = [
        fault._replace(kind="suspicious" if "pass" in fault.tied.keys[0] else "inconsistent")
        for fault in exceeding(ties, ", which looks at more answers")
    ]
    yield from told(faults, ["both look at the same ranked answers"])


def _ordered(card: Card) -> Iterator[Tied]:
    for where, numbers in groups(card):
        for family in _families(numbers).values():
            for small, large in pairwise(sorted(family)):
                printed = (numbers[family[small]], numbers[family[large]])
                if told_apart(card, printed):
                    continue
                yield Tied(where, (family[small], family[large]), printed, tuple(possible(card, each) for each in printed))


def _families(numbers: Mapping[str, Printed]) -> dict[str, dict[int, str]]:
    """Metric with its further words -> k -> key."""
    found: dict[str, dict[int, str]] = {}
    for key, number in numbers.items():
        match = BEFORE.fullmatch(key) or BEHIND.fullmatch(key)
        if match and is_number(number) and MARKED.search(f"{number.label} {key}") and not RATED.search(number.label):
            name = f"{match['head'] or ''}{match['metric']}{match['tail'] or ''}"
            found.setdefault(name, {}).setdefault(int(match["k"]), key)
    for name, of_k in found.items():
        if name in numbers and name.endswith(("accuracy", "acc")) and is_number(numbers[name]):
            of_k.setdefault(1, name)
    return found
