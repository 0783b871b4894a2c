"""A sentence calls an epoch or step the best, and the table has a better one.

## What it does
Reads "the best F1 was reached at epoch 3" and looks whether that row is the best.

## Condition
The row is in the table. Where the sentence names a quantity, another row is better in it by more than the rounding; where it
names none, another row is better in each column whose direction is known.

## When it stays silent
Rows that the table does not have; tables with rows left out; advice and conditions; columns whose better direction is not
known; "best" of something else than an epoch, step or checkpoint.

## Usual causes
A text kept from an earlier run; the row that early stopping chose by a quantity that is not in the table.

## Example
"The best accuracy was reached at epoch 2" above accuracies 0.81, 0.84 and 0.86.
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Card, EpochRow, Printed, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import cell, columns, higher_is_better, is_number, need_rows, row_name, spoken
from cardaudit.rules._prose import QUANTITY, prose, quantity_key, sentences
from cardaudit.rules._text import holds_any

WORDS = ("best", "highest", "lowest")
BEST = deferred(
    r"\b(?:best|highest|lowest)\b(?P<between>[^.\n]{0,60}?)\b(?:at|in|after|from|on|is|was|by)\s+(?:the\s+)?"
    r"(?P<unit>epoch|step|checkpoint)[\s#:-]{1,3}(?P<number>\d[\d,]*)\b"
    r"|\b(?P<unit2>epoch|step|checkpoint)[\s#-]{1,3}(?P<number2>\d[\d,]*)\b(?P<between2>[^.\n]{0,40}?)\b(?:best|highest|lowest)\b",
    re.IGNORECASE,
)
ADVICE = deferred(r"\b(?:should|could|may|might|would|if|try|consider|will)\b", re.IGNORECASE)


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 2)
    if card.elided or not holds_any(prose(card), WORDS) or not BEST.search(prose(card)):
        raise NotCheckable("no sentence names the best of the table's rows")
    for start, sentence in sentences(card.text):
        found = BEST.search(sentence)
        if found is None or ADVICE.search(sentence):
            continue
        index = _row(card, (found["unit"] or found["unit2"]).lower(), (found["number"] or found["number2"]).replace(",", ""))
        if index is not None:
            span = Span(start + found.start(), start + found.end())
            yield from _grade(card, index, span, sentence)


def _row(card: Card, unit: str, number: str) -> int | None:
    for index, row in enumerate(card.epochs):
        printed = row.epoch if unit == "epoch" else row.step
        if printed is not None and is_number(printed) and printed.value == int(number):
            return index
    return None


def _grade(card: Card, index: int, span: Span, sentence: str) -> Iterator[Hit]:
    named = {quantity_key(match[0]) for match in re.finditer(rf"\b(?:{QUANTITY})\b", sentence, re.IGNORECASE)}
    named = {"validation_loss" if key.endswith("loss") and "train" not in key else key.replace(" ", "_") for key in named}
    keys = [each.key for each in columns(card) if each.key != "training_loss" and higher_is_better(each.key) is not None]
    compared = [key for key in keys if key in named] if named else keys
    better = {key: other for key in compared if (other := _better(card, index, key)) is not None}
    if not compared or len(better) < len(compared):
        return
    key, other = next(iter(better.items()))
    stated, more = cell(card.epochs[index], key), cell(card.epochs[other], key)
    if stated is None or more is None:
        return
    message = (
        f"{row_name(card, index)} is called the best: {spoken(key)} {stated.text}, {row_name(card, other)} prints {more.text}"
    )
    yield Hit(message, (span, stated.span, more.span), {"column": key, "stated": stated.text, "better": more.text})


def _better(card: Card, index: int, key: str) -> int | None:
    """The best row, where it beats the stated one by more than the rounding."""
    stated = cell(card.epochs[index], key)
    if stated is None or not is_number(stated):
        return None
    upward = bool(higher_is_better(key))
    rows = [(at, number) for at, row in enumerate(card.epochs) if (number := _number(row, key)) is not None]
    at, best = (max if upward else min)(rows, key=lambda each: each[1].value or 0)
    low, high = (stated, best) if upward else (best, stated)
    beats = low.high is not None and high.low is not None and low.high < high.low
    return at if beats else None


def _number(row: EpochRow, key: str) -> Printed | None:
    number = cell(row, key)
    return number if number is not None and is_number(number) else None
