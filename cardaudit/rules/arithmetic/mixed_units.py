"""One metric is printed as a fraction here and as a percentage there.

## What it does
Finds table columns in which fractions and percentages of one metric stand together, and metrics that the card prints in one
unit in one place and in the other unit in another.

## Condition
Of a metric with the range 0 to 1 (facts/metrics.json) a column holds values at most 1 and values of at least 5, and some value
at most 1, taken times 100, lies within a factor of 1.5 of a neighbouring row's (`suspicious`). Columns are those of the training
table and those of tables that compare evaluation sets, splits or models; there two values of one line count as well, and whole
numbers, which may be counts, do not. Or headline and last row, or headline and front matter, or a table or line that states this
model's results and the front matter, print the same number a hundredfold (`note`; `suspicious` in the cards of
sentence-transformers and SetFit, which write both from one dictionary). Of error rates the headline has to be a hundredth of the
last row and of the front matter.

## When it stays silent
Error rates (WER, CER) in one column, which exceed 1 honestly. Metrics without a range. Values of 0 and of exactly 1. Cells with a
percent sign.

## Usual causes
A percent sign lost; rows of two runs, one of which multiplies by 100; a headline rewritten in percent.

## Example
Accuracy `0.8123`, `82.40`, `83.11` in one column.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from cardaudit.facts import metric_facts
from cardaudit.records import Card, Kind, Printed, Result, Severity
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, counted, is_number, metric_keys, spoken
from cardaudit.rules._stated import HEADLINE, beside_headline, in_table, metric_of

HUNDRED = Decimal(100)
FACTOR = Decimal("1.5")
LEAST_PERCENT = 5
MOST = 200
ERRORS = ("wer", "cer")
SIMILARITIES = frozenset(("cosine", "dot", "euclidean", "manhattan", "max"))
ONE_WRITER = ("sentence-transformers", "setfit")
Twice = tuple[Printed, str, Printed, str]


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    cells = _neighbours(card) if card.results else {}
    keys = [key for key in dict.fromkeys((*metric_keys(card), *card.headline, *cells)) if _is_share(key)]
    twice = [(key, found) for key in keys if (found := _elsewhere(card, key))] + _in_two_units(card)
    if not keys and not twice:
        raise NotCheckable("no metric of the range 0 to 1 is stated in two places that can be compared")
    for key in keys:
        if mixed := _mixed(pairwise(column(card, key).cells)):
            yield _beside(key, *mixed, "column")
        elif mixed := _mixed(cells.get(key, ())):
            yield _beside(key, *mixed, "table")
    if twice:
        key, (first, place, other, where) = twice[0]
        more = f"; {counted(len(twice) - 1, 'other metric')} likewise" if len(twice) > 1 else ""
        message = f"{spoken(key)} is {first.text} in {place} and {other.text} in {where}: one number in two units{more}"
        grade: tuple[Kind | None, Severity | None] = (None, None) if card.dialect in ONE_WRITER else ("note", "info")
        yield Hit(message, (first.span, other.span), {"metrics": [key for key, _ in twice]}, *grade)


def _beside(key: str, small: Printed, large: Printed, where: str) -> Hit:
    message = f"{spoken(key)} {small.text} and {large.text} stand in one {where}: a fraction and a percentage"
    return Hit(message, (small.span, large.span), {"metric": key, "fraction": small.text, "percentage": large.text})


def _is_share(key: str) -> bool:
    facts = metric_facts(metric_of(key))
    return facts is not None and facts.percent and facts.low == 0 and facts.high == 1


def _mixed(pairs: Iterable[tuple[Printed, Printed]]) -> tuple[Printed, Printed] | None:
    for first, second in pairs:
        small, large = sorted((first, second), key=_size)
        if 0 < _size(small) < 1 and _size(large) >= LEAST_PERCENT and not {"%"} & {*small.text, *large.text}:
            ratio = _size(large) / (_size(small) * HUNDRED)
            if 1 / FACTOR <= ratio <= FACTOR:
                return small, large
    return None


def _neighbours(card: Card) -> dict[str, list[tuple[Printed, Printed]]]:
    """Metric -> its pairs of numbers below each other in one column of a table, or in one line for two sets, splits or models.

    Left out are whole numbers, which may be counts, and a number with its hundredfold in one line: one value in two columns.
    """
    found: dict[str, list[tuple[Printed, Printed]]] = {}
    above: dict[tuple[str, str], tuple[int, Printed]] = {}
    left: dict[str, tuple[int, Result]] = {}
    for result in card.results:
        number, line = result.number, card.line(result.number.span)
        if not is_number(number) or "." not in number.text or not in_table(card, number):
            continue
        over, beside = above.get((result.metric, number.label)), left.get(result.metric)
        if over and line - over[0] == 1:
            found.setdefault(result.metric, []).append((over[1], number))
        if beside and line == beside[0] and _of_two(beside[1], result) and not _hundredfold(beside[1].number, number):
            found.setdefault(result.metric, []).append((beside[1].number, number))
        above[result.metric, number.label] = line, number
        left[result.metric] = line, result
    return found


def _of_two(one: Result, other: Result) -> bool:
    """Whether two results tell different sets, splits or models, and the same setting."""
    first, second = ((each.dataset, each.split, each.model) for each in (one, other))
    return first != second and any(first) and any(second) and one.setting == other.setting


def _elsewhere(card: Card, key: str) -> Twice | None:
    headline = card.headline.get(key)
    if headline is None or not is_number(headline) or "%" in headline.text:
        return None
    places = [(cell, "the table") for cell in column(card, key).cells[-1:]]
    places += [(result.number, "the front matter") for result in card.model_index if result.metric == key and not result.verified]
    for number, where in places:
        if _are_two_units(headline, number):
            return headline, HEADLINE, number, where
    return None


def _in_two_units(card: Card) -> list[tuple[str, Twice]]:
    """Error rates whose headline is a hundredth of last row and front matter; results that the front matter has hundredfold."""
    found: list[tuple[str, Twice]] = []
    unverified = [result for result in card.model_index if not result.verified]
    for key in ERRORS:
        headline, last = card.headline.get(key), column(card, key).cells[-1:]
        index = [result.number for result in unverified if result.metric == key]
        if headline and last and index and all(_are_two_units(headline, number) for number in (*last, *index)):
            found.append((key, (headline, HEADLINE, last[0], "the table")))
    for place in beside_headline(card)[:MOST] if unverified else ():
        for result in unverified[:MOST]:
            number = place.numbers.get(result.metric)
            if number is None or result.metric in card.headline or not _is_told_in_percent(result.metric):
                continue
            if _are_two_units(number, result.number):
                found.append((result.metric, (number, place.where, result.number, "the front matter")))
    return found


def _is_told_in_percent(key: str) -> bool:
    """Whether a metric may be printed in percent; sentence-transformers names the similarity beside it ("spearman_cosine")."""
    facts = metric_facts("_".join(word for word in key.split("_") if word not in SIMILARITIES))
    return facts is not None and facts.percent and facts.high == 1


def _are_two_units(first: Printed, second: Printed) -> bool:
    """Whether one number prints as a fraction here and as a percentage there, both without a percent sign."""
    if not is_number(first) or not is_number(second) or "%" in first.text + second.text:
        return False
    return 0 < min(_size(first), _size(second)) < 1 and _hundredfold(first, second)


def _hundredfold(first: Printed, second: Printed) -> bool:
    small, large = sorted((first, second), key=_size)
    return abs(_size(large) - HUNDRED * _size(small)) <= large.slack + HUNDRED * small.slack and _size(large) > 1


def _size(number: Printed) -> Decimal:
    return abs(number.value or Decimal(0))
