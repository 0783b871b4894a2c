"""A key of the front matter stands twice.

## What it does
Counts the keys at the left margin of the front matter.

## Condition
A key that stands more than once. YAML forbids it (1.2.2, section 3.2.1.3); PyYAML keeps the last, js-yaml, with which the Hub
reads cards, refuses the whole block.

## When it stays silent
Keys further in; words before a colon at the margin of a text in quotes; front matter that no parser reads, which
invalid-front-matter reports.

## Usual causes
Two cards merged; a key added by hand below the one that a library wrote.

## Example
`license: mit` and, six lines below, `license: apache-2.0`.
"""

from collections.abc import Iterator

from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._front_matter import top_keys, top_names


@rule(kind="suspicious", severity="error", confidence="proven", needs=("front matter",))
def check(subject: Subject) -> Iterator[Hit]:
    names = top_names(subject.card)
    if len(set(names)) == len(names):
        return
    keys, front = top_keys(subject.card), subject.card.front_matter or {}
    places: dict[str, list[Span]] = {}
    for key, span in keys:
        if key in front:
            places.setdefault(key, []).append(span)
    for name, spans in places.items():
        if len(spans) > 1:
            lines = [subject.card.line(span) for span in spans]
            yield Hit(
                f"the key {name} stands {len(spans)} times in the front matter", tuple(spans), {"key": name, "lines": lines}
            )
