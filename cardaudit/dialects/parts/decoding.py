"""Whether speech was decoded with a language model or without one, as words beside a rate of errors say."""

import re

from cardaudit.patterns import deferred

WITH = r"(?:with(?:out)?|w/o?|no|\+)[ ]?(?:an? |the )?(?:[A-Za-z]+ )?(?:\d-?gram )?(?:language model|KenLM|LM)\b"
BESIDE = deferred(rf"(?<!\w){WITH}", re.I)
BEHIND = deferred(rf"[*_`%) ]{{0,4}}[ (](?:when (?:[a-z]+ )?|decoded |and )?({WITH})", re.I)
BEFORE = deferred(rf"(?:^|[.,;:] )({WITH}),? [^.;]*\Z", re.I)
LOOKED_BACK = 120
SIGNS = ("LM", "anguage model")


def is_told(text: str) -> bool:
    """A quick look: whether a text speaks of a language model at all."""
    return any(map(text.__contains__, SIGNS))


def in_words(words: str) -> str | None:
    """What a label or a heading says of it ("without KenLM"), as printed."""
    found = BESIDE.search(words) if is_told(words) else None
    return found[0].strip() if found else None


def around(text: str, start: int, end: int) -> str | None:
    """What a sentence says of it right behind a number that stands in [start, end), else in front of it in the same clause."""
    behind = BEHIND.match(text, end)
    if behind:
        return behind[1]
    before = text[max(0, start - LOOKED_BACK) : start]
    found = BEFORE.search(before) if start <= LOOKED_BACK or "." in before else None
    return found[1] if found and not re.search(r"\d\.\d|\d%", found[0]) else None
