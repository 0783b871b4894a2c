"""The card holds HTML that does something.

## What it does
Names the elements and attributes that run scripts, load pages or send data.

## Condition
`script`, `iframe`, `object`, `embed`, `form`, a `meta` that forwards, a handler such as `onclick=` inside a tag, or a
`javascript:` link. The Hub strips them; other viewers of Markdown may not. Frames and embedded players are `info`, scripts,
handlers, forms and `javascript:` links a `warning`.

## When it stays silent
Pictures, badges, tables, styles; a tag in a code block or in inline code; placeholders such as `<object> taped to wall` whose
tag has no attribute.

## Usual causes
A video, a button or a tweet embedded as the site offers it.

## Example
`<iframe src="https://..."></iframe>`
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Severity, Span
from cardaudit.rule import Hit, Subject, rule

ACTIVE = deferred(
    r"<(?P<element>script|iframe|object|embed|form)(?=\s+[a-z-]+\s*=|>[^<]{0,2000}</(?:script|form))"
    r"|<meta\b(?=[^<>]{0,200}http-equiv\s*=\s*[\"']?refresh)"
    r"|<[a-z]+\b[^<>\n]{0,400}?\s(?P<handler>on(?:click|load|error|mouse\w+|focus|submit|change|key\w+))\s*=\s*[\"']"
    r"|(?:\]\(|href\s*=\s*[\"'])(?P<link>javascript:)",
    re.IGNORECASE,
)
TAG = deferred(r"<[A-Za-z]")
HANDLER = deferred("on(?:click|load|error|mouse|focus|submit|change|key|Error|Click|Load)")
ELEMENT = deferred("<(?:script|iframe|object|embed|form|meta)", re.IGNORECASE)
CODE = deferred(r"^(```|~~~).*?(?:^\1|\Z)|`[^`\n]*`", re.DOTALL | re.MULTILINE)

FRAMES = frozenset(("iframe", "embed", "object"))


@rule(kind="note", severity="warning", confidence="proven", signs=("<", "javascript:"))
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    if not (TAG.search(text) and (ELEMENT.search(text) or HANDLER.search(text))) and "javascript:" not in text:
        return
    found = list(ACTIVE.finditer(text))
    if found and "`" in text:
        code = [match.span() for match in CODE.finditer(text)]
        found = [each for each in found if not any(start <= each.start() < end for start, end in code)]
    if found:
        names = list(dict.fromkeys((each[each.lastgroup or 0]).lower().lstrip("<") for each in found))
        severity: Severity = "info" if set(names) <= FRAMES else "warning"
        at = tuple(Span(*each.span()) for each in found)
        yield Hit(f"active HTML: {listed(names)}", at, {"active": names}, severity=severity)
