"""No share of positives fits accuracy, precision and recall.

## What it does
Solves accuracy, precision and recall of a binary classifier for the share of positives in the evaluation set, and holds the
shares of all evaluations against each other: one set has one share. Evaluations are the headline, table rows, the front matter's
results and what tables and lines of "name: value" state for this model, as fractions or in percent.

## Condition
With q the share of positives, false negatives are (1 - R) q and false positives R q (1 - P) / P, so q = (1 - accuracy) / (1 -
2 R + R / P), with q <= 1 / (1 + R (1 - P) / P) because false positives are negatives. At that end accuracy is TP / (TP + FP +
FN) = F1 / (2 - F1): less is impossible. Reported (a) where an evaluation leaves no q in [0, 1], (b) where exactly one of at
least four rows of the table misses the q that all others share, while theirs is known to 2 %. Wherever F1 is printed it must
be the harmonic mean of precision and recall. Two classes are an assumption, hence `suspicious`.

## When it stays silent
Macro, weighted and micro averages: F1 below the harmonic mean, recall equal to accuracy in every evaluation. Token tagging and
other extraction, whose accuracy counts tokens while F1 counts spans. Multi-label problems, whose accuracy is that of whole
sets of labels. Shares that wander: then it is no binary problem.

## Usual causes
A digit of one of the three mistyped or edited; columns interchanged in one row; accuracy of another set.

## Example
`Accuracy 0.7120` beside `Precision 0.8842` and `Recall 0.9017`: two classes allow no accuracy below 0.8063.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._averages import FOUR, ROW, Quadruple, binary_evaluations, share_of
from cardaudit.rules._binary import common
from cardaudit.rules._groups import AS_PRINTED, digits, possible

LEAST_TO_AGREE = 4
NARROW = Fraction(2, 100)


@rule(kind="suspicious", severity="error", confidence="likely", yields_to=("inconsistent-f1",), needs=FOUR)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = binary_evaluations(card)
    shares = [share_of(card, each) for each in found]
    for each, share in zip(found, shares, strict=True):
        if share is None:
            yield _too_low(card, each)
            return
    rows = [(each, share) for each, share in zip(found, shares, strict=True) if share and each.where.startswith(ROW)]
    yield from _odd_one([each for each, _ in rows], [share for _, share in rows])


def _too_low(card: Card, each: Quadruple) -> Hit:
    precision, recall = possible(card, each.precision), possible(card, each.recall)
    assert each.accuracy is not None
    least = digits(each.scale / (1 / precision.low + 1 / recall.low - 1), each.accuracy)
    message = (
        f"accuracy {each.accuracy.text}, but with two classes precision {each.precision.text} and recall {each.recall.text} "
        f"allow no accuracy below {least}"
    )
    return Hit(message, _at(each), {"where": each.where, "accuracy_at_least": least, "assumptions": ["two classes", AS_PRINTED]})


def _odd_one(found: Sequence[Quadruple], shares: Sequence[Interval]) -> Iterator[Hit]:
    if len(found) < LEAST_TO_AGREE or common(shares):
        return
    for at, each in enumerate(found):
        rest = common([*shares[:at], *shares[at + 1 :]])
        if rest is None or rest.high - rest.low > NARROW * rest.high or shares[at].meets(rest):
            continue
        low, high = (f"{float(bound):.4f}" for bound in rest)
        own = " to ".join(f"{float(bound):.4f}" for bound in shares[at])
        assert each.accuracy is not None
        message = (
            f"accuracy {each.accuracy.text}, precision {each.precision.text} and recall {each.recall.text} leave a share of "
            f"positives of {own}, all {len(found) - 1} other rows {low} to {high}"
        )
        yield Hit(
            message,
            _at(each),
            {"where": each.where, "share": own, "others": [low, high], "assumptions": ["two classes", AS_PRINTED]},
        )
        return


def _at(each: Quadruple) -> tuple[Span, ...]:
    return tuple(number.span for number in (each.accuracy, each.precision, each.recall) if number)
