"""The combined score is not the mean of its two metrics.

## What it does
Computes GLUE's combined score again from accuracy and F1, or from Pearson's and Spearman's correlations.

## Condition
transformers/examples, run_glue.py: `combined_score = np.mean(list(result.values()))`, over accuracy and F1 for MRPC and QQP,
over pearson and spearmanr for STS-B. Reported where I(combined score) misses the mean of the intervals. Holds on all 16 real
cards that print it.

## When it stays silent
Where the card prints both pairs, or only one of a pair: the mean is then taken over what is not known.

## Usual causes
An edited digit; a combined score of another checkpoint.

## Example
`Combined score 0.8721` beside `Accuracy 0.8529` and `F1 0.8966`, whose mean is 0.8747 to 0.8748.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval
from cardaudit.plurals import listed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import spoken
from cardaudit.rules._groups import Fault, Tied, between, same_scale, told
from cardaudit.rules._groups import tied as numbers_together

COMBINED = ("combined_score",)
PAIRS = ((("accuracy",), ("f1",)), (("pearson", "pearsonr"), ("spearmanr", "spearman")))


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("metric combined_score",))
def check(subject: Subject) -> Iterator[Hit]:
    found = [list(numbers_together(subject.card, COMBINED, *pair)) for pair in PAIRS]
    if all(found):
        return
    faults = (fault for ties in found for each in ties if (fault := _fault(each)))
    yield from told(faults, ["the combined score is the mean of these two (run_glue.py)"])


def _fault(each: Tied) -> Fault | None:
    combined, first, second = each.intervals
    mean = Interval((first.low + second.low) / 2, (first.high + second.high) / 2)
    if not same_scale(*each.intervals) or combined.meets(mean):
        return None
    words = between(mean, each.numbers[0])
    names = [f"{spoken(key)} {number.text}" for key, number in zip(each.keys[1:], each.numbers[1:], strict=True)]
    return Fault(each, f"combined score {each.numbers[0].text}, but {listed(names)} have the mean {words}", {each.keys[0]: words})
