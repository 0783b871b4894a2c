"""A sentence puts a metric above or below a value, and no printed value of it lies there.

## What it does
Reads bounds ("accuracy above 0.90", "a loss of less than 0.3", "over 95% F1") and holds them against every printed value of
that metric.

## Condition
The metric is printed at least once in headline, table or front matter, and each of its values lies on the other side of the
bound by more than its rounding. Bounds in percent are held against values in percent and as fractions.

## When it stays silent
One value that keeps the bound; advice, aims and conditions ("should exceed", "at least 0.8 is needed"); sentences on another
model, a benchmark, a threshold or a class; metrics that the card does not print.

## Usual causes
A text kept from an earlier run; a round number written from memory.

## Example
"It reaches an accuracy above 90%" under `- Accuracy: 0.8933`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._prose import QUANTITY, is_of_others, printed_values, prose, quantity_key, sentences
from cardaudit.rules._text import holds_any

ABOVE = r"above|over|exceed(?:s|ing|ed)|surpass(?:es|ing|ed)|more than|greater than|higher than|better than|at least"
BELOW = r"below|under|less than|lower than|smaller than|at most|within"
NUMBER = r"(?P<number>\d?\.\d+|\d{1,3}(?:\.\d+)?(?=\s?%))\s?(?P<percent>%?)(?!\w|\.\d)"
NUMBER_BEFORE = NUMBER.replace("<number>", "<number2>").replace("<percent>", "<percent2>")
CLAIM = (
    rf"\b(?P<metric>{QUANTITY})\b(?:\s+(?:scores?|values?|rate|of|is|was|are|were|stays?|remains?|well|that|which)){{0,4}}\s+"
    rf"(?:(?P<above>{ABOVE})|(?P<below>{BELOW}))\s+{NUMBER}"
    rf"|\b(?:(?P<above2>{ABOVE})|(?P<below2>{BELOW}))\s+{NUMBER_BEFORE}"
    rf"\s+(?:in\s+|of\s+|on\s+)?(?:the\s+)?(?P<metric2>{QUANTITY})\b"
)
WORDS = ("above ", "over ", "exceed", "surpass", " than ", "least ", "below ", "under ", "most ", "within ")
SIGN = deferred(rf"\b(?:{ABOVE}|{BELOW})\s+\d?\.?\d", re.IGNORECASE)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", "own results"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not holds_any(prose(card), WORDS) or not SIGN.search(prose(card)):
        raise NotCheckable("no sentence puts a metric above or below a value")
    held = False
    for start, sentence in sentences(card.text):
        if is_of_others(sentence):
            continue
        for found in _claim().finditer(sentence):
            values = _values(card, found["metric"] or found["metric2"])
            held = held or bool(values)
            hit = _grade(found, start, values)
            if hit:
                yield hit
    if not held:
        raise NotCheckable("no sentence puts a printed metric above or below a value")


@cache
def _claim() -> re.Pattern[str]:
    """Compiled for the first card that has one of WORDS: it takes longer than to lint a card."""
    return re.compile(CLAIM, re.IGNORECASE)


def _values(card: Card, metric: str) -> list[Printed]:
    key = quantity_key(metric)
    if key.endswith("metrics"):
        return []
    return [value for value in printed_values(card, key) if is_number(value)]


def _grade(found: re.Match[str], start: int, values: list[Printed]) -> Hit | None:
    upward = bool(found["above"] or found["above2"])
    bound = Decimal(found["number"] or found["number2"])
    percent = bool(found["percent"] or found["percent2"])
    if not values or any(_keeps(value, bound, percent, upward) for value in values):
        return None
    best = max(values, key=_size) if upward else min(values, key=_size)
    name = spoken(quantity_key(found["metric"] or found["metric2"]))
    word = "largest" if upward else "smallest"
    span = Span(start + found.start(), start + found.end())
    message = f'"{found[0]}": the {word} {name} that is printed is {best.text}'
    return Hit(message, (span, best.span), {"bound": str(bound), "values": [value.text for value in values[:20]]})


def _size(value: Printed) -> Decimal:
    return value.value or Decimal(0)


def _keeps(value: Printed, bound: Decimal, percent: bool, upward: bool) -> bool:
    """Whether some reading of the value, as it is or times or over a hundred, keeps the bound."""
    low, high = value.low or Decimal(0), value.high or Decimal(0)
    stated = bound / 100 if percent else bound
    scales = [Decimal(1)] + ([Decimal("0.01")] if low > 1 else [])
    return any(high * scale >= stated if upward else low * scale <= stated for scale in scales)
