"""A cardaudit comment that allows nothing, because it is not of the right form.

## What it does
Reads every HTML comment that begins with "cardaudit".

## Condition
The form is `<!-- cardaudit: allow NAME because "reason" -->`, with the name of a rule and a reason that is not empty. The
reason is shown wherever the finding would have been.

## When it stays silent
Comments of that form, and comments that are not addressed to cardaudit. It cannot be suppressed itself.

## Usual causes
No reason given; a rule's name mistyped.

## Example
`<!-- cardaudit: allow zero-f1 -->`
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._suppressions import ADDRESSED, FIXED, suppressions


@rule(kind="suspicious", severity="warning", confidence="proven", signs=(ADDRESSED,))
def check(subject: Subject) -> Iterator[Hit]:
    from cardaudit.rules import NAMES

    for each in suppressions(subject.card):
        if each.rule is None:
            yield Hit('this comment allows nothing; the form is <!-- cardaudit: allow NAME because "reason" -->', (each.span,))
        elif each.rule in FIXED:
            yield Hit(f"{each.rule} cannot be allowed", (each.span,))
        elif each.rule not in NAMES:
            yield Hit(f'there is no rule "{each.rule}"', (each.span,))
