"""A comment allows a finding that is not there.

## What it does
Points at suppressions that suppress nothing.

## Condition
The comment names a rule that ran and found nothing in this card.

## When it stays silent
Where the named rule was not selected. For malformed comments, which invalid-suppression reports. It cannot be suppressed
itself.

## Usual causes
The card was mended and the comment stayed.

## Example
`<!-- cardaudit: allow zero-f1 because "the eval split holds no entity" -->` in a card whose F1 is 0.93.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._suppressions import ADDRESSED, FIXED, suppressions


@rule(kind="suspicious", severity="warning", confidence="proven", signs=(ADDRESSED,))
def check(subject: Subject) -> Iterator[Hit]:
    found = {finding.rule for finding in subject.findings}
    for each in suppressions(subject.card):
        if each.rule in subject.ran and each.rule not in found and each.rule not in FIXED:
            yield Hit(f"{each.rule} finds nothing in this card", (each.span,))
