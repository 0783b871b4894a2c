"""The word error rate does not follow from the printed hits, substitutions, deletions and insertions.

## What it does
Computes WER again from the counts that stand beside it.

## Condition
WER = (S + D + I) / (H + S + D), with hits H, substitutions S, deletions D and insertions I over the whole evaluation set
(jiwer 2 and 3, `compute_measures`). Reported where that lies outside I(WER), in fractions and in percent.

## When it stays silent
Where one of the four counts is missing or no whole number. On 330 real rows the identity holds in all.

## Usual causes
WER as a mean over the sentences instead of over all words; counts of another normalisation of the text; an edited digit.

## Example
`WER 0.2102` beside hits 8203, substitutions 1320, deletions 402 and insertions 395, which give 0.2133.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import integer
from cardaudit.rules._groups import Fault, Tied, digits, percent, told
from cardaudit.rules._groups import together as numbers_together

COUNTS = ("hits", "substitutions", "deletions", "insertions")


@rule(kind="inconsistent", severity="error", confidence="proven", needs=tuple(f"metric {name}" for name in COUNTS))
def check(subject: Subject) -> Iterator[Hit]:
    ties = numbers_together(subject.card, ("wer",), *((name,) for name in COUNTS))
    yield from told((fault for each in ties if (fault := _fault(each))), ["WER is counted over all words at once"])


def _fault(each: Tied) -> Fault | None:
    counts = [integer(number) if number.value else 0 for number in each.numbers[1:]]
    hits, substitutions, deletions, insertions = (count if count is not None else -1 for count in counts)
    words = hits + substitutions + deletions
    if min(hits, substitutions, deletions, insertions) < 0 or words == 0:
        return None
    wer = Fraction(substitutions + deletions + insertions, words)
    scale = percent(each.intervals[0]) if wer <= 1 else 1
    if any(each.intervals[0].meets(Interval(wer * factor, wer * factor)) for factor in {scale, 1, 100}):
        return None
    right = digits(wer * scale, each.numbers[0])
    says = (
        f"WER {each.numbers[0].text}, but {hits:,} hits, {substitutions:,} substitutions, {deletions:,} deletions and "
        f"{insertions:,} insertions give {right}"
    )
    return Fault(each, says, {each.keys[0]: right})
