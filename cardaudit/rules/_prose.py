"""Sentences of a card: what they say of the way of a quantity over training, and of its value. Not a rule."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Span
from cardaudit.rules._remembered import remembered
from cardaudit.rules._text import ascii_lowered, holds_any

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
STEMS = (
    "decreas", "fall", "fell", "drop", "declin", "shrank", "shrink", "diminish", "lowered", " down", "increas", "rise", "rising",
    "rose", "grow", "grew", "climb", " up", "improv", "stagna", "unchanged", "constant", "plateau", "flat", "stable",
    "not move", "not change", "the same",
)  # fmt: skip
LOSS = r"(?:(?:validation|evaluation|eval|training|train) )?loss"
QUANTITY = (
    rf"{LOSS}|accuracy|f1(?:[ -]score)?|precision|recall|wer|cer|word error rate|character error rate"
    r"|bleu|rouge-?[12l]|perplexity|mae|rmse|mse|(?:other|all|remaining) metrics"
)
SCOPE = (
    r"(?:over|across|through(?:out)?|during|with|at|after|in)\s+(?:the\s+|each\s+|every\s+|all\s+|successive\s+)?"
    r"(?:training\s+)?(?:epochs?|training|time)\b"
)
EVERY = (
    r"\b(?:each|every|successive)\s+(?:training\s+)?(?:epoch|step|evaluation)"
    r"|\b(?:from )?epoch to epoch\b|\b(?:epoch|step) (?:by|after) (?:epoch|step)\b"
    r"|\bwith (?:more|further|additional) (?:epochs|training)\b"
    r"|\b(?:steadily|steady|consistently|continuously|continually|constantly|monotonically|monotonic)\b"
)
ADVICE = (
    r"\b(?:should|can(?! (?:see|be seen|observe))|could|may|might|will|would|if|try|consider|expect|must|need|ensure|aim"
    r"|to\s+(?:see|improve|reduce|increase|decrease))\b|\?"
)
CLAUSE = r"\s*(?:[,;:–—]|\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b)\s*"
SKIP = r"\A---\n[\s\S]*?\n---|```[\s\S]*?(?:```|\Z)|^[ \t]*\|.*$|^.*\|.*\|.*$|^#.*$|<!--[\s\S]*?-->"


def trend_claims(card: Card) -> Iterator[TrendClaim]:
    """What the card's sentences say about the way of a loss or metric over the epochs; advice and conditions are left out."""
    for start, sentence in _sentences(card):
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


def _sentences(card: Card) -> Iterator[tuple[int, str]]:
    lower = ascii_lowered(prose(card))
    if holds_any(lower, STEMS) and _found(rf"\b(?:{'|'.join(TRENDS.values())})\b", lower):
        yield from sentences(card.text)


@remembered
def prose(card: Card) -> str:
    """The lines in which sentences may stand, for a first look: those of front matter, tables and headings are left out."""
    text = card.text
    end = text.find("\n---", len("---\n")) if text.startswith("---\n") else -1
    lines = text[max(end, 0) :].split("\n")
    return "\n".join([line for line in lines if line[:1] != "#" and not ("|" in line and _is_row(line))])


def _is_row(line: str) -> bool:
    return line.count("|") > 1 or line.lstrip(" \t")[:1] == "|"


@lru_cache(maxsize=1)
def sentences(text: str) -> tuple[tuple[int, str], ...]:
    """The sentences of a text with their offsets; front matter, code, tables, headings and comments are left out.

    Remembered for the rules that ask for those of one card, one after the other.
    """
    readable = _pattern(SKIP).sub(lambda match: _blanked(match[0]), text)
    found = _pattern(r"\S(?:[^.!?\n]|\.(?=\S))*[.!?]?").finditer(readable)
    return tuple([(match.start(), match[0]) for match in found])


def _blanked(text: str) -> str:
    return "\n".join([" " * len(line) for line in text.split("\n")])


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


def quantity_key(quantity: str) -> str:
    """The metric's key of a quantity as a sentence names it ("F1 score" -> "f1", "word error rate" -> "wer")."""
    name = quantity.lower()
    if name.startswith("f1"):
        return "f1"
    return {"word error rate": "wer", "character error rate": "cer"}.get(name, name.replace("-", ""))


OTHERS = deferred(
    r"\b(?:should|could|may|might|would|if|try|consider|aim\w*|target\w*|goal|require\w*|need\w*|must|expect\w*|ensure|threshold|"
    r"confidence|baseline|benchmark|leaderboard|previous|prior|"
    r"compared|reported|paper|article|state[- ]of|outperform\w*|other models?|"
    r"version of this model|test set|test data|filter\w*|select\w*|class(?:es)?|random|humans?|chance|without|usually|typically|"
    r"than|language model|improvement|increase of|gain)\b|https?://",
    re.IGNORECASE,
)


def is_of_others(sentence: str) -> bool:
    """Whether a sentence may speak of another model, set or class than the card's own, or of what one might do."""
    return OTHERS.search(BOUNDS.sub(" ", sentence)) is not None


BOUNDS = deferred(r"\b(?:more|greater|higher|better|less|lower|smaller) than (?=\d?\.?\d)", re.IGNORECASE)


def printed_values(card: Card, key: str) -> Iterator[Printed]:
    """Every value of a metric in headline, table, front matter and other results; "loss" is any loss."""
    for name, number in card.headline.items():
        if _is_of(name, key):
            yield number
    for row in card.epochs:
        if "loss" in key:
            yield from (each for each in (row.training_loss, row.validation_loss) if each is not None)
        yield from (number for name, number in row.metrics.items() if _is_of(name, key))
    yield from (result.number for result in card.model_index if _is_of(result.metric, key))
    yield from (result.number for result in card.results if _is_of(result.metric, key))


def _is_of(name: str, key: str) -> bool:
    return name == key or key in name.split("_") or ("loss" in key and name.endswith("loss"))
