"""Accuracy, precision and recall imply another share of positives than the named data set has.

## What it does
Solves accuracy, precision and recall of a two-class test for the share of positive examples, and compares it with the data set's.

## Condition
With pi the share of positives, 1 - accuracy = pi (1 - R) + pi R (1 - P) / P, so pi = (1 - accuracy) / (1 - 2 R + R / P). It rises
or falls in each print alone, so the ends of the three prints give its ends. The rule fires where neither the known share of the
commonest class of any evaluation split (facts/baselines.json) nor its complement, for either class may count as positive, lies in
that interval.

## When it stays silent
Recall that equals accuracy (a weighted average), F1 below the harmonic mean (an average over classes), sets of more than two
classes or of unknown share, an interval wider than 0.2. Where claimed-split-refuted or subset-evaluation says that another set
was evaluated.

## Usual causes
Macro averages; a subset or another data set; metrics of different runs in one line.

## Example
Accuracy 0.9106, precision 0.8978, recall 0.9302 imply 0.5070 to 0.5108; 444 of 872 on glue/sst2 are 0.5092.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evaluations import evaluation_baselines, named_dataset
from cardaudit.rules.granularity.confusion_matrix_recovered import NEEDED, four_metrics, two_classes

WIDEST = Fraction(1, 5)


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("claimed-split-refuted", "subset-evaluation", "inconsistent-f1"),
    needs=tuple(f"metric {key}" for key in NEEDED),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = four_metrics(card)
    named = named_dataset(card)
    if not two_classes(named):
        raise NotCheckable("the named data set is not known to have two classes")
    shares = evaluation_baselines(named)
    for numbers, (accuracy, precision, recall, _) in rows:
        possible = prevalence(accuracy, precision, recall)
        if recall.meets(accuracy) or possible is None or possible.high - possible.low > WIDEST:
            continue
        if any(possible.low <= share <= possible.high for each in shares for share in (each.share, 1 - each.share)):
            return
        known = shares[0]
        message = (
            f"accuracy {numbers['accuracy'].text}, precision {numbers['precision'].text} and recall {numbers['recall'].text} "
            f"imply {float(possible.low):.4f} to {float(possible.high):.4f} positives; {named.words} has {known.commonest:,} of "
            f"{known.size:,}, {float(known.share):.4f} or {float(1 - known.share):.4f}, in {known.split}"
        )
        worked = {"implied": [round(float(possible.low), 5), round(float(possible.high), 5)], "source_of_the_share": known.source}
        yield Hit(message, tuple(numbers[key].span for key in NEEDED[:3]), worked)
        return


def prevalence(accuracy: Interval, precision: Interval, recall: Interval) -> Interval | None:
    """Every share of positives that the three prints allow; None where they allow all or none."""
    ends = []
    for a, p, r in itertools.product(accuracy, precision, recall):
        spread = 1 - 2 * r + r / p
        if spread <= 0:
            return None
        ends.append((1 - a) / spread)
    return Interval(min(ends), max(ends))
