"""Sentences that say how a quantity moves over training. Not a rule."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from cardaudit.records import Card, Span

Trend = Literal["up", "down", "better", "flat"]


class TrendClaim(NamedTuple):
    """One quantity of one clause. `quantity` is as printed, lower case; `others` are the quantities named before it.

    `every` is whether the sentence speaks of each epoch, not only of the way from first to last.
    """

    quantity: str
    trend: Trend
    every: bool
    others: tuple[str, ...]
    text: str
    span: Span


TRENDS: dict[Trend, str] = {
    "down": r"decreas\w+|f[ae]ll(?:s|ing|en)?|drop(?:s|ped|ping)|declin\w+|shr[aiu]nk\w*|diminish\w*|lowered|went down|goes down",
    "up": r"increas\w+|ris(?:es|ing|en)|rose|gr(?:ows?|owing|ew|own)|climb\w*|went up|goes up",
    "better": r"improv(?:es|ed|ing)",
    "flat": r"stagnat\w*|stagnant|unchanged|constant|plateau\w*|flat|stable"
    r"|d(?:id|o|oes) not (?:move|change)|stay(?:s|ed)? the same",
}
LOSS = r"(?:(?:validation|evaluation|eval|training|train) )?loss"
QUANTITY = rf"{LOSS}|accuracy|f1(?:[ -]score)?|precision|recall|(?:other|all|remaining) metrics"
SCOPE = (
    r"(?:over|across|through(?:out)?|during|with|at|after|in)\s+(?:the\s+|each\s+|every\s+|all\s+|successive\s+)?"
    r"(?:training\s+)?(?:epochs?|training|time)\b"
)
EVERY = (
    r"\b(?:each|every|successive)\s+(?:training\s+)?(?:epoch|step|evaluation)"
    r"|\bfrom epoch to epoch\b|\bepoch (?:by|after) epoch\b"
    r"|\b(?:steadily|consistently|continuously|monotonically)\b"
)
ADVICE = (
    r"\b(?:should|can(?! (?:see|be seen|observe))|could|may|might|will|would|if|try|consider|expect|must|need|ensure|aim"
    r"|to\s+(?:see|improve|reduce|increase|decrease))\b|\?"
)
CLAUSE = r"\s*(?:[,;:–—]|\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b)\s*"
SKIP = r"\A---\n[\s\S]*?\n---|```[\s\S]*?(?:```|\Z)|^[ \t]*\|.*$|^.*\|.*\|.*$|^#.*$|<!--[\s\S]*?-->"


def trend_claims(card: Card) -> Iterator[TrendClaim]:
    """What the card's sentences say about the way of a loss or metric over the epochs; advice and conditions are left out."""
    for start, sentence in _sentences(card.text):
        if not _found(SCOPE, sentence) and not _found(EVERY, sentence):
            continue
        if _found(ADVICE, sentence):
            continue
        named: tuple[str, ...] = ()
        for offset, clause in _clauses(sentence):
            quantities = [match[0].lower() for match in _pattern(QUANTITY).finditer(clause)]
            trend = next((trend for trend, words in TRENDS.items() if _found(rf"\b(?:{words})\b", clause)), None)
            every = _found(EVERY, clause) or (_found(EVERY, sentence) and not _found(SCOPE, clause))
            span = Span(start + offset, start + offset + len(clause))
            if trend:
                yield from (TrendClaim(each, trend, every, named, clause, span) for each in dict.fromkeys(quantities))
            named += tuple(quantities)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    if not _found(rf"\b(?:{'|'.join(TRENDS.values())})\b", text):
        return
    readable = _pattern(SKIP).sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in _pattern(r"\S(?:[^.!?\n]|\.(?=\S))*[.!?]?").finditer(readable):
        yield match.start(), match[0]


def _clauses(sentence: str) -> Iterator[tuple[int, str]]:
    """Clauses with their offsets; "and" parts two where both sides have a trend of their own."""
    trends = _pattern(rf"\b(?:{'|'.join(TRENDS.values())})\b")
    cuts = [match.span() for match in _pattern(CLAUSE).finditer(sentence)]
    cuts += [
        match.span()
        for match in _pattern(r"\s+and\s+").finditer(sentence)
        if trends.search(sentence[: match.start()]) and trends.search(sentence[match.end() :])
    ]
    start = 0
    for cut, resume in sorted(cuts):
        yield start, sentence[start:cut]
        start = resume
    yield start, sentence[start:].rstrip(".!")


def _found(pattern: str, text: str) -> bool:
    return _pattern(pattern).search(text) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
