"""Exact match exceeds the F1 of the same answers.

## What it does
Holds exact match against the F1 that is printed with it.

## Condition
For one question exact match is 1 only where prediction and gold answer agree as token bags too, so that F1 is 1, and 0 is the
least F1 there is: exact match <= F1 question by question, in the maximum over several gold answers, and so in every mean
(SQuAD's `evaluate-v1.1.py` and `evaluate-v2.0.py`: an empty answer scores 1 or 0 in both). Reported where min I(EM) > max
I(F1).

## When it stays silent
Numbers below 0, which are differences to another model; numbers on different scales; an exact match and an F1 whose further
words differ ("HasAns_exact" beside "f1"); an F1 that stands with a precision and a recall, which is counted over classes or
spans and not over answers; cards of several labels an example, whose exact match is the subset accuracy beside an averaged F1.

## Usual causes
The two columns interchanged; a digit mistyped; values of two evaluations in one line.

## Example
`Exact match 81.42` beside `F1 80.97`.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._groups import exceeding, told
from cardaudit.rules._groups import together as numbers_together

EXACT, F1 = ("exact_match", "em", "exact"), ("f1",)
SEVERAL_LABELS = deferred(r"\bmulti[- ]?label|\bsubset accuracy|\bmacro\b", re.IGNORECASE)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", EXACT, F1))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if "metric precision" in subject.has:
        return
    if SEVERAL_LABELS.search(card.text):
        raise NotCheckable("exact match may be that of label sets")
    scores = (each for each in numbers_together(card, EXACT, F1) if min(each.intervals[0].low, each.intervals[1].low) >= 0)
    yield from told(
        exceeding(scores, ", which it never does over the same answers"),
        ["exact match and F1 are SQuAD's, over the same answers"],
    )
