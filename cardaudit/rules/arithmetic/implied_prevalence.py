"""Accuracy, precision and recall give the share of positives away.

## What it does
Solves the three for the share of positives in the evaluation set of a binary classifier, which cards do not say, and says what
always guessing the larger class would score.

## Condition
q = (1 - accuracy) / (1 - 2 R + R / P), from 1 - accuracy = false negatives (1 - R) q + false positives R q (1 - P) / P (see
impossible-prevalence). Told where at least two different evaluations share one q, known to 5 %, and F1, where it is printed,
is the harmonic mean. The baseline is max(q, 1 - q).

## When it stays silent
Where one evaluation is printed only: any three numbers leave some q. Averages over classes; token tagging and extraction;
shares that differ.

## Usual causes
No fault: a fact that tells two classes and an unbalanced set.

## Example
Three rows leave 0.6832 to 0.6841: 279 of 408, the validation set of MRPC.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._averages import FOUR, binary_evaluations, share_of
from cardaudit.rules._binary import common
from cardaudit.rules._columns import counted
from cardaudit.rules._groups import AS_PRINTED

NARROW = Fraction(5, 100)


@rule(
    kind="note",
    severity="info",
    confidence="likely",
    yields_to=("impossible-prevalence", "confusion-matrix-recovered"),
    needs=FOUR,
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = binary_evaluations(card)
    shares = [share for each in found if (share := share_of(card, each))]
    if len(shares) < 2 or len(shares) < len(found):
        raise NotCheckable("fewer than two different evaluations print accuracy, precision and recall")
    share = common(shares)
    if share is None or share.low <= 0 or share.high - share.low > NARROW * share.high:
        return
    low, high = float(share.low), float(share.high)
    base = max(low, 1 - high)
    message = (
        f"accuracy, precision and recall of {counted(len(found), 'evaluation')} leave one share of positives, "
        f"{low:.4f} to {high:.4f}: always guessing the larger class scores about {base:.3f}"
    )
    worked = {
        "share_of_positives": [round(low, 5), round(high, 5)],
        "evaluations": len(found),
        "assumptions": ["two classes", AS_PRINTED],
    }
    yield Hit(message, tuple(number.span for number in found[0].numbers), worked)
