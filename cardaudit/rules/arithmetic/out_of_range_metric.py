"""A metric lies outside its range.

## What it does
Holds every stated metric against the range of its definition (facts/metrics.json).

## Condition
A value's interval lies wholly outside [low, high]. A metric that may be printed in percent has the range times 100 where the
card prints it above 1 for the most part; a minority above 1 is outside if it is more than twice the largest value within (a
ROUGE in percent may begin at 0.9 and go on to 1.2), or if it is one accuracy, precision, recall or F1 below 2 that without its
whole part lies within 0.15 of the row above or below (0.9512, 1.9561, 0.9573). In tables other than the training table it is
outside if it exceeds the range in percent as well and is no whole number, which may be a count. One finding a metric.

## When it stays silent
-1, which COCO metrics print for "absent". Numbers with a comma, which may be a decimal one. WER, CER and perplexity have no
upper bound. Metrics whose definition the facts do not hold.

## Usual causes
Columns interchanged after a resumed run; a loss under a metric's name; a percent sign lost in one row.

## Example
`Accuracy 3.37`
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from cardaudit.facts import MetricFacts, metric_facts
from cardaudit.intervals import interval
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Key, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, is_number, sets, spoken
from cardaudit.rules._stated import in_table, metric_of

TOLERANCE = Fraction(1, 10**6)
COUNTED = frozenset(("accuracy", "precision", "recall", "f1"))
NEAR = Decimal("0.15")
NO_RANGE = "no metric of known range is stated"
OF_KNOWN_RANGE = Key(lambda key: metric_facts(key) is not None, NO_RANGE)


@rule(kind="suspicious", severity="error", confidence="likely", needs=("numbers", OF_KNOWN_RANGE))
def check(subject: Subject) -> Iterator[Hit]:
    places_of, others = _stated(subject.card), _of_tables(subject.card)
    known = {key: (facts, places_of.get(key, [])) for key in dict.fromkeys((*places_of, *others)) if (facts := metric_facts(key))}
    if not known:
        raise NotCheckable(NO_RANGE)
    for key, (facts, places) in known.items():
        outside = [(number, bounds) for numbers in places for number, bounds in _outside(facts, numbers)]
        outside += [(number, bounds) for number, bounds in _outside_any_scale(facts, others.get(key, []))]
        if not outside:
            continue
        number, (low, high) = outside[0]
        bounds = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
        more = f"; {counted(len(outside) - 1, 'other value')} likewise" if len(outside) > 1 else ""
        message = f"{spoken(key)} {number.text} is outside its range, {bounds}{more}"
        yield Hit(message, tuple(each.span for each, _ in outside), {"range": [low, high]})


def _stated(card: Card) -> dict[str, list[list[Printed]]]:
    """Metric -> its numbers, those of one table together: scales may differ between headline, table and front matter."""
    stated: dict[str, list[list[Printed]]] = {}
    rows: dict[str, list[Printed]] = {}
    for where, metrics in sets(card):
        for key, number in metrics.items():
            if not is_number(number):
                continue
            if where.startswith("the "):
                stated.setdefault(key, []).append([number])
            else:
                rows.setdefault(key, []).append(number)
    for key, numbers in rows.items():
        stated.setdefault(key, []).append(numbers)
    return stated


def _of_tables(card: Card) -> dict[str, list[Printed]]:
    """Metric -> its numbers in tables other than the training table, whatever the model."""
    found: dict[str, list[Printed]] = {}
    for result in card.results:
        text = result.number.text
        if is_number(result.number) and ("." in text or "%" in text) and text[:1] not in "+-±" and in_table(card, result.number):
            found.setdefault(metric_of(result.metric), []).append(result.number)
    return found


def _outside_any_scale(facts: MetricFacts, numbers: list[Printed]) -> Iterator[tuple[Printed, tuple[int | None, int | None]]]:
    """The numbers that are outside the range in percent as well: a few rows of several models do not tell the scale."""
    high = _scaled(facts.high, 100 if facts.percent else 1)
    for number in numbers:
        possible = interval(number)
        if high is not None and possible is not None and possible.low > high + TOLERANCE and "," not in number.text:
            yield number, (_scaled(facts.low, 1), high)


def _outside(facts: MetricFacts, numbers: list[Printed]) -> Iterator[tuple[Printed, tuple[int | None, int | None]]]:
    """The numbers outside the range, which is that of the scale on which most of them are printed."""
    low, high = _scaled(facts.low, 1), _scaled(facts.high, 1)
    if (low is None or low <= 0) and all(_lies_in(number, low, high) for number in numbers):
        return
    sizes = [abs(number.value) for number in numbers if number.value]
    scale = 100 if facts.percent and sum(size > 1 for size in sizes) * 2 > len(sizes) else 1
    inside = max((size for size in sizes if size <= 1), default=Decimal(1))
    if scale == 1 and facts.percent and all(size <= 2 * inside for size in sizes) and not _is_stray(numbers):
        return
    low, high = _scaled(facts.low, scale), _scaled(facts.high, scale)
    for number in numbers:
        if _lies_in(number, low, high):
            continue
        possible = interval(number)
        if possible is None or number.value == -1 or "," in number.text:
            continue
        if (low is not None and possible.high < low) or (high is not None and possible.low > high + TOLERANCE):
            yield number, (low, high)


def _lies_in(number: Printed, low: int | None, high: int | None) -> bool:
    return number.value is not None and (low is None or number.value >= low) and (high is None or number.value <= high)


def _is_stray(numbers: list[Printed]) -> bool:
    """Whether one fraction alone has a whole part, and fits its neighbours without it."""
    values = [number.value or Decimal(0) for number in numbers]
    above = [at for at, value in enumerate(values) if value > 1]
    if len(above) != 1 or len(values) < 3 or values[above[0]] >= 2 or not COUNTED.intersection(numbers[0].label.lower().split()):
        return False
    beside = [values[at] for at in (above[0] - 1, above[0] + 1) if 0 <= at < len(values)]
    return any(0 < value <= 1 and abs(values[above[0]] - 1 - value) <= NEAR for value in beside)


def _scaled(bound: float | None, scale: int) -> int | None:
    return None if bound is None else int(bound * scale)
