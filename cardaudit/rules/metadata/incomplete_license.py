"""The license is "other", and nothing says which.

## What it does
Looks for the name and the place of a license that has no identifier of its own.

## Condition
`license: other` without `license_name`, and without `license_link` (docs/hub/repositories-licenses.md of huggingface/hub-docs).

## When it stays silent
Every license with an identifier. Cards without one, which missing-metadata reports.

## Usual causes
"other" chosen in the Hub's form, and the two fields below it left empty.

## Example
`license: other`
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.rule import Hit, Subject, rule


@rule(kind="missing", severity="info", confidence="proven", needs=("front matter", "license"))
def check(subject: Subject) -> Iterator[Hit]:
    stated, front = subject.card.metadata.license, subject.card.front_matter or {}
    assert stated is not None
    if stated.text.lower() != "other":
        return
    lacking = [key for key in ("license_name", "license_link") if not front.get(key)]
    if lacking:
        yield Hit(f"license other without {listed(lacking)}", (stated.span,), {"missing": lacking})
