"""One metric is printed as a fraction here and as a percentage there.

## What it does
Finds table columns in which fractions and percentages of one metric stand together, and metrics that the card prints in one
unit in one place and in the other unit in another.

## Condition
Of a metric with the range 0 to 1 (facts/metrics.json) a column holds values at most 1 and values of at least 5, and some value
at most 1, taken times 100, lies within a factor of 1.5 of a neighbouring row's (`suspicious`). Or headline and last row, or
headline and front matter, print the same number a hundredfold (`note`).

## When it stays silent
Error rates (WER, CER), which exceed 1 honestly. Metrics without a range. Values of 0 and of exactly 1.

## Usual causes
A percent sign lost; rows of two runs, one of which multiplies by 100; a headline rewritten in percent.

## Example
Accuracy `0.8123`, `82.40`, `83.11` in one column.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from cardaudit.facts import metric_facts
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, counted, is_number, metric_keys, spoken

HUNDRED = Decimal(100)
FACTOR = Decimal("1.5")
LEAST_PERCENT = 5


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    keys = [key for key in dict.fromkeys((*metric_keys(card), *card.headline)) if _is_share(key)]
    if not keys:
        raise NotCheckable("no metric between 0 and 1 is stated")
    for key in keys:
        if mixed := _in_column(card, key):
            small, large = mixed
            message = f"{spoken(key)} {small.text} and {large.text} stand in one column: a fraction and a percentage"
            yield Hit(message, (small.span, large.span), {"metric": key, "fraction": small.text, "percentage": large.text})
    twice = [(key, found) for key in keys if (found := _elsewhere(card, key))]
    if twice:
        key, (headline, other, where) = twice[0]
        more = f"; {counted(len(twice) - 1, 'other metric')} likewise" if len(twice) > 1 else ""
        message = f"{spoken(key)} is {headline.text} in the headline and {other.text} in {where}: one number in two units{more}"
        yield Hit(message, (headline.span, other.span), {"metrics": [key for key, _ in twice]}, "note", "info")


def _is_share(key: str) -> bool:
    facts = metric_facts(key)
    return facts is not None and facts.percent and facts.low == 0 and facts.high == 1


def _in_column(card: Card, key: str) -> tuple[Printed, Printed] | None:
    for first, second in pairwise(column(card, key).cells):
        small, large = sorted((first, second), key=_size)
        if 0 < _size(small) < 1 and _size(large) >= LEAST_PERCENT and not {"%"} & {*small.text, *large.text}:
            ratio = _size(large) / (_size(small) * HUNDRED)
            if 1 / FACTOR <= ratio <= FACTOR:
                return small, large
    return None


def _elsewhere(card: Card, key: str) -> tuple[Printed, Printed, str] | None:
    headline = card.headline.get(key)
    if headline is None or not is_number(headline) or "%" in headline.text:
        return None
    places = [(cell, "the table") for cell in column(card, key).cells[-1:]]
    places += [(result.number, "the front matter") for result in card.model_index if result.metric == key and not result.verified]
    for number, where in places:
        if (
            is_number(number)
            and "%" not in number.text
            and 0 < min(_size(headline), _size(number)) < 1
            and _hundredfold(headline, number)
        ):
            return headline, number, where
    return None


def _hundredfold(first: Printed, second: Printed) -> bool:
    small, large = sorted((first, second), key=_size)
    return abs(_size(large) - HUNDRED * _size(small)) <= large.slack + HUNDRED * small.slack and _size(large) > 1


def _size(number: Printed) -> Decimal:
    return abs(number.value or Decimal(0))
