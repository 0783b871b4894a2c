"""What arithmetic can see of a planted fault at all, worked out without any code of the rules.

Each function answers whether a fault is visible in the printed numbers alone; the linter's recall stands beside the share of
visible faults in benchmarks/results/mutations.md. Plain brute force over Fractions, on purpose not `cardaudit.intervals`.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from cardaudit.facts import dataset_splits, entity_counts
from cardaudit.records import Card, EpochRow, Printed

Ends = tuple[Fraction, Fraction]
SINGLE_PRECISION = Fraction(1, 10**6)


def ends(number: Printed) -> Ends:
    """The closed interval of what prints like this number, by the slack that the dialect gave it."""
    value, slack = Fraction(number.value or 0), max(Fraction(number.slack), SINGLE_PRECISION)
    return value - slack, value + slack


def f1_between(precision: Printed, recall: Printed) -> Ends:
    """Least and largest 2PR / (P + R) of the printed precision and recall."""
    low, high = (tuple(max(each, Fraction(0)) for each in pair) for pair in zip(ends(precision), ends(recall), strict=True))
    return tuple(2 * p * r / (p + r) if p + r else Fraction(0) for p, r in (low, high))  # type: ignore[return-value]


def is_harmonic(precision: Printed, recall: Printed, f1: Printed) -> bool:
    """Whether some real precision and recall give an F1 that prints like this one, when F1 is made from these very two."""
    least, most = f1_between(precision, recall)
    low, high = ends(f1)
    return low <= most and high >= least


def exceeds_mean(precision: Printed, recall: Printed, f1: Printed) -> bool:
    """Whether F1 is above what any way of averaging can give (Jensen: the harmonic mean is concave)."""
    return ends(f1)[0] > f1_between(precision, recall)[1]


def some_length(rows: Sequence[tuple[int, Fraction, Fraction]]) -> bool:
    """Whether one number of batches an epoch, with an update after each, gives every (step, least epoch, largest epoch)."""
    if any(high <= 0 for _, _, high in rows):
        return False
    least = max(math.ceil(Fraction(step) / high) for step, _, high in rows)
    most = min((math.floor(Fraction(step) / low) for step, low, _ in rows if low > 0), default=10**9)
    return max(least, 1) <= most


def stamps(rows: Iterable[EpochRow], decimals: int = 2) -> list[tuple[int, Fraction, Fraction]]:
    """Step and the epochs that print like the row's; transformers rounds the epoch to two decimals, or to four since 4.40."""
    half = Fraction(1, 2 * 10**decimals)
    found = []
    for row in rows:
        if row.epoch and row.step and row.epoch.value is not None and row.step.value is not None:
            epoch = Fraction(row.epoch.value)
            found.append((int(row.step.value), epoch - half, epoch + half))
    return found


def step_fault_shows(card: Card) -> bool:
    """Whether a table's steps and epochs do not rise, or fit no number of batches an epoch."""
    decimals = max((len(row.epoch.text.partition(".")[2]) for row in card.epochs if row.epoch), default=2)
    found = stamps(card.epochs, max(decimals, 2))
    falling = any(after[0] <= before[0] or after[2] < before[1] for before, after in itertools.pairwise(found))
    return falling or not some_length(found)


def sizes(dataset: str, config: str | None) -> set[int]:
    """Sizes of a data set's splits for evaluation, of one config where it is known; nearly every share is a count over train."""
    known = dataset_splits(dataset)
    chosen = [known[config]] if config is not None and config in known else list(known.values())
    return {size for splits in chosen for split, size in splits.items() if size and not split.startswith(("train", "unsup"))}


def is_a_count(share: Printed, of: Iterable[int]) -> bool:
    """Whether a share prints like k / n for one of the sizes."""
    low, high = ends(share)
    return any(math.ceil(low * n) <= math.floor(high * n) for n in of)


def has_whole_entities(precision: Printed, recall: Printed, f1: Printed, dataset: str) -> bool:
    """Whether whole numbers of found and predicted spans lie behind the three, over any counted split and labelling."""
    counts = {count.spans for count in entity_counts(dataset)}
    return any(_whole(ends(precision), ends(recall), ends(f1), gold) for gold in counts)


def _whole(precision: Ends, recall: Ends, f1: Ends, gold: int) -> bool:
    for found in range(max(math.ceil(recall[0] * gold), 1), math.floor(recall[1] * gold) + 1):
        around = 2 * found / ((f1[0] + f1[1]) / 2) - gold
        for predicted in range(max(int(around) - 4, found), int(around) + 5):
            in_precision = precision[0] <= Fraction(found, predicted) <= precision[1]
            if in_precision and f1[0] <= Fraction(2 * found, gold + predicted) <= f1[1]:
                return True
    return False
