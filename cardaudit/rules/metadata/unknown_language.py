"""A language is no ISO code.

## What it does
Holds each item of `language` against the codes that the Hub files languages under.

## Condition
A text of two letters that is no ISO 639-1 code; a text of more letters than a code of ISO 639-3 with a region or script has. The
Hub takes 639-1, 639-2 and 639-3 (docs/hub/model-cards.md). The fix writes the code of a language that is named in English.

## When it stays silent
Codes of three letters, of which ISO 639-3 has 7,900; codes with a region or script ("zh-CN", "sr_Latn"); withdrawn codes that
models still carry ("iw", "in", "ji", "jw"); "multilingual", "code".

## Usual causes
The language's name; the country's code ("vn" for "vi").

## Example
`language: English`
"""

import re
from collections.abc import Iterator

from cardaudit.facts import load
from cardaudit.patterns import deferred
from cardaudit.plurals import listed
from cardaudit.records import Edit, Fix, Printed
from cardaudit.rule import Hit, Subject, rule

CODE = deferred(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
WORDS = frozenset(("multilingual", "code", "unk", "noinfo", "false", "no", "en", "protein", "dna", "in", "jw"))


@rule(kind="suspicious", severity="info", confidence="proven", needs=("front matter", "language"))
def check(subject: Subject) -> Iterator[Hit]:
    stated = subject.card.metadata.languages
    unknown = [each for each in stated if each.text not in WORDS and not _is_code(each.text)]
    if not unknown:
        return
    words = listed(list(dict.fromkeys(f'"{each.text}"' for each in unknown)))
    worked = {"languages": [each.text for each in unknown]}
    yield Hit(f"no ISO 639 code: {words}", tuple(each.span for each in unknown), worked, fix=_fix(unknown))


def _is_code(text: str) -> bool:
    if CODE.fullmatch(text) is None:
        return False
    first = re.split("[-_]", text)[0]
    return len(first) != 2 or first in load("languages")["codes"]


def _fix(unknown: list[Printed]) -> Fix | None:
    names = load("languages")["names"]
    edits = tuple(Edit(each.span, names[each.text.lower()]) for each in unknown if each.text.lower() in names)
    return Fix("write the languages as codes", edits, safe=True) if len(edits) == len(unknown) else None
