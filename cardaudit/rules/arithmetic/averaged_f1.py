"""F1 lies below the harmonic mean of precision and recall: it is an average over classes.

## What it does
Says that the plain name `f1` stands for an average over classes or samples, which cards do not say.

## Condition
max I(F1) < H(min I(P), min I(R)) in some evaluation, with H(p, r) = 2pr / (p + r). For two classes, for micro averages and for
seqeval's overall scores F1 is that very mean; the mean of several classes' F1 lies at or below it (Jensen, H is concave), so
these numbers are macro, weighted or samples averages. A note: 71 of 533 real columns are such.

## When it stays silent
Where recall repeats the accuracy (weighted-average says it). Names that say the average ("macro_f1"). Above the mean:
inconsistent-f1.

## Usual causes
`average="macro"` in compute_metrics; `average="weighted"` where no accuracy is printed.

## Example
`Precision: 0.7411`, `Recall: 0.7025`, `F1: 0.7102`: of this precision and recall F1 would be 0.7213.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._averages import TRIPLE, is_below, possible_f1, quadruples
from cardaudit.rules._groups import between


@rule(kind="note", severity="info", confidence="proven", yields_to=("inconsistent-f1", "weighted-average"), needs=TRIPLE)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = quadruples(card, with_accuracy=False)
    below = [each for each in found if is_below(card, each)]
    if not below:
        return
    first = below[0]
    mean = between(first.in_print(possible_f1(card, first)), first.f1)
    message = (
        f"F1 {first.f1.text} is an average over classes: of precision {first.precision.text} and recall {first.recall.text} "
        f"themselves it would be {mean}"
    )
    worked = {"evaluations": len(found), "below": len(below), "harmonic_mean": mean, "average": "macro, weighted or samples"}
    yield Hit(message, (first.f1.span, first.precision.span, first.recall.span), worked)
