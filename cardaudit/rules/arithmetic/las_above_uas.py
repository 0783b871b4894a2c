"""The labelled attachment score of a parser exceeds its unlabelled one.

## What it does
Holds LAS against the UAS that is printed with it.

## Condition
LAS counts the words whose head and label are right, UAS those whose head is right: of the same words LAS <= UAS (CoNLL 2006
and 2018 evaluations; spaCy's `dep_las` and `dep_uas`). Reported where min I(LAS) > max I(UAS).

## When it stays silent
Scores whose further words differ ("test_las" beside "dev_uas"); numbers on different scales.

## Usual causes
The two columns interchanged; values of two models in one line.

## Example
`LAS 91.20` beside `UAS 89.95`.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import exceeding, told
from cardaudit.rules._groups import together as numbers_together

LAS, UAS = ("las",), ("uas",)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", LAS, UAS))
def check(subject: Subject) -> Iterator[Hit]:
    ties = numbers_together(subject.card, LAS, UAS)
    yield from told(exceeding(ties, ", which asks for less"), ["both are taken over the same words"])
