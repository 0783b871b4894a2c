"""The text holds characters that nobody sees.

## What it does
Looks for characters that hide text from readers, or show it in another order than programs read it.

## Condition
Tag characters (U+E0020 to U+E007E) outside a flag; overrides of the writing direction (U+202D, U+202E; the attack of Boucher
and Anderson, CVE-2021-42574); embeddings and isolates in a text without a letter that is written from right to left; zero-width
characters between two Latin letters or digits.

## When it stays silent
Joiners in emoji and in Persian, Arabic or Indic words; spaces of no width between words of Thai or Khmer, or at the end of a
line, as web pages leave them; a byte order mark at the start; isolates around a user's name in a text of both directions.

## Usual causes
Text copied from a web page; an attempt to slip an instruction past a reader.

## Example
"bert-base-cas" and "ed" with a U+200B between them.
"""

import re
import unicodedata
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted

HIDDEN = deferred(
    "[\u202d\u202e]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+"
    "|(?<=[A-Za-z0-9])[\u200b-\u200d\u2060\ufeff]+(?=[A-Za-z0-9])"
)
ENCODED = deferred(b"\xe2(?:\x80[\x8b-\x8d\xaa-\xae]|\x81[\xa0\xa6-\xa9])")  # those from U+200B to U+2069, in UTF-8
DIRECTION = deferred("[\u202a-\u202c\u2066-\u2069]")
RIGHT_TO_LEFT = deferred("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

MOST = 50


@rule(kind="suspicious", severity="error", confidence="proven")
def check(subject: Subject) -> Iterator[Hit]:
    text = subject.card.text
    if text.isascii() or not _may_hide(text.encode(errors="surrogatepass")):
        return
    found = list(HIDDEN.finditer(text))
    if not found and (other := list(DIRECTION.finditer(text))) and not _mixed(text, other):
        found = other
    if found:
        codes = sorted({f"U+{ord(character):04X}" for match in found for character in match[0]})
        named = f"{codes[0]} {unicodedata.name(chr(int(codes[0][2:], 16)), '')}".strip()
        message = f"{counted(len(found), 'place')} with hidden characters: {named}"
        yield Hit(message, tuple(Span(*match.span()) for match in found[:MOST]), {"characters": codes})


def _may_hide(text: bytes) -> bool:
    """Whether a text in UTF-8, where a look is fast, holds a character of HIDDEN or DIRECTION, or one near them."""
    return ENCODED.search(text) is not None or b"\xef\xbb\xbf" in text or b"\xf3\xa0" in text


def _mixed(text: str, found: list[re.Match[str]]) -> bool:
    """Whether the marks have a purpose: letters of the other direction, or names set apart by a pair of isolates."""
    isolates = sum(match[0] in "\u2066\u2067\u2068" for match in found)
    closed = sum(match[0] == "\u2069" for match in found)
    return RIGHT_TO_LEFT.search(text) is not None or isolates == closed == len(found) / 2
