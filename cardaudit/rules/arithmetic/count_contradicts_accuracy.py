"""The examples counted as right are not the share that the accuracy beside them prints.

## What it does
Holds the two counts behind an accuracy ("57.43 % (5,743/10,000)", "91,7 %, also 441 von 481") against it.

## Condition
accuracy = right / all, over the same examples, because the words tie the counts to the number right before them: brackets, "i.e."
or their like in other languages, and nothing else between. Reported where right / all lies outside I(accuracy), rounded to its
last digit or cut there.

## When it stays silent
Counts that do not follow the accuracy at once; lines with several accuracies, or with another number that is this share or what
it leaves; other accuracies than the plain one (balanced, top 5, of tokens) and means over classes, folds, runs or seeds;
accuracies that are "about", "over" or "up to" a number; shares more than 0.1 from the accuracy, which the reader takes for
those of something else.

## Usual causes
The counts of another run or checkpoint beside the accuracy of this one; an edited digit.

## Example
`accuracy 57.43 % (5,943/10,000)`: of 10,000 examples 57.43 % are 5,743.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from cardaudit.intervals import Interval, possible_counts
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, is_number
from cardaudit.rules._groups import possible

FARTHEST, LONGEST_LINE = 30, 2_000
ABOUT = deferred(
    r"(?:about|approximately|approx\.?|around|roughly|circa|ca\.|etwa|rund|environ|over|nearly|almost|more than|at least|up to|"
    r"above|below|under|[~∼≈<>≤≥])\s?[*_`]{0,3}\Z",
    re.I,
)
NOT_PLAIN = deferred(
    r"balanced|balancier\w*|macro|weighted|\bmean\b|averag|durchschnitt|moyen|top[- ]?\d|\bper[- ]class|folds?\b|cross[- ]?valid|"
    r"\bruns?\b|\bseeds?\b|\btokens?\b|exact|partial|±|\+/-",
    re.I,
)
NUMBER = deferred(r"(?<![\w.,/])\d{1,3}(?:[.,]\d+)?(?=\s?%)|(?<![\w.,/])[01][.,]\d+(?![\w/])")


class Counted(NamedTuple):
    """An accuracy and the counts that stand behind it."""

    accuracy: Printed
    right: Printed
    of: Printed


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("metric correct", "metric examples", "metric accuracy"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    tied = [each for each in _counted(card) if _is_plain(card, each)]
    if not tied:
        raise NotCheckable("no count stands right behind a plain accuracy")
    for each in tied:
        yield from _fault(card, each)


def _fault(card: Card, each: Counted) -> Iterator[Hit]:
    right, of = integer(each.right), integer(each.of)
    if right is None or of is None or right > of:
        return
    share, may_be = Fraction(right, of), _fractions(card, each.accuracy)
    if may_be.meets(Interval(share, share)):
        return
    counts = possible_counts(may_be, of)
    fitting = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}" if counts else "no whole number"
    given = f"{float(share * 100):.{_decimals(each.accuracy)}f} %"
    says = f"{each.accuracy.text} of {of:,} examples is {fitting}; printed {right:,}, which is {given}"
    worked = {
        "printed": {"accuracy": each.accuracy.text, "correct": right, "examples": of},
        "possible": {"correct": [counts[0], counts[-1]] if counts else [], "accuracy": float(share)},
        "assumptions": ["the accuracy is rounded to its last digit or cut there", "both are counted over the same predictions"],
    }
    yield Hit(says, (each.right.span, each.accuracy.span, each.of.span), worked)


def _counted(card: Card) -> Iterator[Counted]:
    """Each pair of counts with the plain accuracy that ends right before it."""
    accuracies = sorted(_accuracies(card), key=lambda number: number.span)
    for first, second in pairwise(card.results):
        if (first.metric, second.metric) != ("correct", "examples"):
            continue
        begin = min(first.number.span.start, second.number.span.start)
        before = [number for number in accuracies if number.span.end <= begin <= number.span.end + FARTHEST]
        if before and not any(map(str.isdigit, card.text[before[-1].span.end : begin])):
            yield Counted(before[-1], first.number, second.number)


def _accuracies(card: Card) -> list[Printed]:
    """The plain accuracies of headline and results."""
    told = [each.number for each in card.results if each.metric == "accuracy"]
    numbers = [*told, *(number for key, number in card.headline.items() if key == "accuracy")]
    return [number for number in numbers if is_number(number)]


def _is_plain(card: Card, each: Counted) -> bool:
    """Whether the line tells of one accuracy, plain and not about, and no other number of it is the share that was counted."""
    begin, end = each.accuracy.span
    at = card.line(each.accuracy.span)
    start = max(card.line_starts[at - 1], begin - LONGEST_LINE)
    line = card.text[start : end + LONGEST_LINE].partition("\n")[0]
    if ABOUT.search(line, 0, begin - start) or NOT_PLAIN.search(line):
        return False
    beside = {number.text for number in _accuracies(card) if card.line(number.span) == at}
    others = (found for found in NUMBER.finditer(line) if found.start() + start != begin)
    return len(beside) == 1 and not any(_may_be(found, each) for found in others)


def _may_be(found: re.Match[str], each: Counted) -> bool:
    """Whether another number of the line prints the share of the counts, or of what they leave."""
    value = Fraction(found[0].replace(",", "."))
    decimals = len(re.split("[.,]", found[0] + ".")[1])
    right, of = integer(each.right) or 0, integer(each.of) or 1
    scale = 1 if value <= 1 else 100
    return any(abs(value - Fraction(count * scale, of)) <= Fraction(1, 10**decimals) for count in (right, of - right))


def _fractions(card: Card, number: Printed) -> Interval:
    """What an accuracy may have been, as a fraction; one above 1 is a percentage."""
    low, high = possible(card, number)
    return Interval(low / 100, high / 100) if number.value is not None and number.value > 1 else Interval(low, high)


def _decimals(number: Printed) -> int:
    """The decimals of an accuracy in percent, two at least."""
    decimals = len(re.split("[.,]", number.text.rstrip(" %") + ".")[1])
    return max(decimals - 2 if "%" not in number.text and number.value is not None and number.value <= 1 else decimals, 2)
