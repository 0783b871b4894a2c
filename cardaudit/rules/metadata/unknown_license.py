"""The license is none of the Hub's identifiers.

## What it does
Holds `license` against the list of identifiers (facts/licenses.json).

## Condition
The value is not in the list: docs/hub/repositories-licenses.md of huggingface/hub-docs. The Hub files a model under its
identifier and refuses others when a card is edited. A value in the form of an identifier may be newer than the list: a `note`. A
known license in another spelling is `info`. The fix writes the identifier where the spelling has one meaning ("Apache 2.0",
"MIT").

## When it stays silent
Cards without a license. Identifiers in a list of several.

## Usual causes
The license's full name; capitals; an identifier of SPDX that the Hub does not use.

## Example
`license: Apache 2.0`
"""

from collections.abc import Iterator

from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.records import Edit, Fix
from cardaudit.rule import Hit, Subject, rule

COMMON = frozenset(("apache-2.0", "mit", "creativeml-openrail-m", "cc-by-4.0", "cc-by-sa-4.0", "other"))
GAPS = deferred(r"[\s_,]+")
IDENTIFIER = deferred(r"[a-z][a-z0-9]*(?:[-.+][a-z0-9]+)*\+*")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("front matter", "license"))
def check(subject: Subject) -> Iterator[Hit]:
    stated = subject.card.metadata.license
    assert stated is not None
    if stated.text in COMMON or stated.text in load("licenses")["ids"]:
        return
    meant = _meant(stated.text)
    fix = Fix(f"write the license as {meant}", (Edit(stated.span, meant),), safe=True) if meant else None
    known = f"; the Hub writes {meant}" if meant else ""
    message, worked = f'"{stated.text}" is none of the Hub\'s licenses{known}', {"license": stated.text}
    if meant:
        yield Hit(message, (stated.span,), worked, severity="info", fix=fix)
    elif IDENTIFIER.fullmatch(stated.text):
        yield Hit(f'"{stated.text}" is not in the list of the Hub\'s licenses', (stated.span,), worked, "note", "info", "smell")
    else:
        yield Hit(message, (stated.span,), worked)


def _meant(text: str) -> str | None:
    """The identifier that a spelling can only mean."""
    facts = load("licenses")
    written = GAPS.sub("-", text.strip().lower())
    meant: str | None = written if written in facts["ids"] else facts["spellings"].get(written)
    return meant
