"""Numbers that are printed together, and findings on identities between them. Not a rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from cardaudit.intervals import Interval
from cardaudit.plurals import listed
from cardaudit.records import Card, Kind, Printed, Result
from cardaudit.rule import Hit, NotCheckable, Subject
from cardaudit.rules._columns import Triple, counted, is_number, row_name, sets, spoken
from cardaudit.rules._qualifiers import PROGRAMS as PROGRAMS
from cardaudit.rules._qualifiers import told_apart
from cardaudit.rules._remembered import remembered

OF_SINGLE_PRECISION = 10**6
Context = tuple[str | None, ...]
AS_PRINTED = "prints are rounded to the nearest; in texts that no program wrote they may also be truncated"


class Tied(NamedTuple):
    """Numbers printed together whose names differ in the metric's word only; `intervals` is what each may have been."""

    where: str
    keys: tuple[str, ...]
    numbers: tuple[Printed, ...]
    intervals: tuple[Interval, ...]


class Fault(NamedTuple):
    """Numbers that break an identity: `says` is the finding's sentence, `possible` what the others leave for one of them."""

    tied: Tied
    says: str
    possible: Mapping[str, Any]
    kind: Kind = "inconsistent"


@remembered
def groups(card: Card) -> tuple[tuple[str, Mapping[str, Printed]], ...]:
    """Every set of numbers printed together, with its place in words; rows that do not fit their header are left out."""
    repaired = {row_name(card, index) for index, row in enumerate(card.epochs) if row.repair}
    of_sets = [(where, numbers) for where, numbers in sets(card) if where not in repaired]
    return (*of_sets, *(_result_groups(card) if card.results else ()))


def tied(card: Card, *families: tuple[str, ...]) -> Iterator[Tied]:
    """One number of each family (a metric's names), wherever they stand together under the same further words.

    `mae` and `rmse` are tied, `test_mae` and `test_rmse` too, `train_mae` and `test_rmse` are not, nor are numbers of which an
    author says different things ("MAE: 2.1 (train)").
    """
    for where, numbers in groups(card):
        found = [_members(numbers, family) for family in families]
        for affix, key in found[0].items():
            keys = (key, *(each[affix] for each in found[1:] if affix in each))
            if len(keys) == len(families):
                printed = tuple(numbers[each] for each in keys)
                if told_apart(card, printed):
                    continue
                yield Tied(where, keys, printed, tuple(possible(card, number) for number in printed))


def together(card: Card, *families: tuple[str, ...]) -> list[Tied]:
    """As `tied`; raises NotCheckable where nothing is, so that a rule does not call clear what it could not compare."""
    found = list(tied(card, *families))
    if not found:
        first, *others = [spoken(family[0]) for family in families]
        raise NotCheckable(f"no {first} stands beside {listed(others)} of the same evaluation")
    return found


def result_triples(card: Card) -> Iterator[Triple]:
    """Precision, recall and F1 that stand together in evaluation tables and sentences."""
    for where, numbers in _result_groups(card):
        for name in numbers:
            keys = ["_".join(word if part == "f1" else part for part in name.split("_")) for word in ("precision", "recall")]
            if "f1" in name.split("_") and all(key in numbers and is_number(numbers[key]) for key in (*keys, name)):
                yield Triple(where, name, numbers[keys[0]], numbers[keys[1]], numbers[name])


def possible(card: Card, number: Printed) -> Interval:
    """What a printed number may have been: its slack, twice that where no program wrote the text, at least single precision."""
    return _possible(number.value or Decimal(0), number.slack * (1 if card.dialect.startswith(PROGRAMS) else 2))


@lru_cache(maxsize=2048)
def _possible(printed: Decimal, slack: Decimal) -> Interval:
    numerator, denominator = printed.as_integer_ratio()
    half, halves = slack.as_integer_ratio()
    if half * denominator * OF_SINGLE_PRECISION < abs(numerator) * halves:
        half, halves = abs(numerator), denominator * OF_SINGLE_PRECISION
    whole, width, below = numerator * halves, half * denominator, denominator * halves
    return Interval(Fraction(whole - width, below), Fraction(whole + width, below))


def need(subject: Subject, *families: tuple[str, ...]) -> None:
    """Raises NotCheckable where the card prints no number of one of the families, under whatever further words."""
    if because := subject.lacks(families):
        raise NotCheckable(because)


def same_scale(*intervals: Interval) -> bool:
    """Whether no number is a percentage beside another one's fraction, as far as their sizes tell; 0 goes with both."""
    above = {each.low.numerator > each.low.denominator for each in intervals if each.high.numerator > 0}
    return len(above) <= 1


def percent(*intervals: Interval) -> int:
    """100 where the numbers are percentages by their size, else 1."""
    return 100 if any(each.low > 1 for each in intervals) else 1


def exceeding(ties: Iterable[Tied], why: str) -> Iterator[Fault]:
    """Those whose first number exceeds the second whatever the rounding; `why` says what the second is ("a bound of it")."""
    for each in ties:
        first, second = each.intervals
        if same_scale(first, second) and first.low > second.high:
            names = tuple(number.label or spoken(key) for key, number in zip(each.keys, each.numbers, strict=True))
            says = f"{names[0]} {each.numbers[0].text} exceeds {names[1]} {each.numbers[1].text}{why}"
            yield Fault(each, says, {each.keys[0]: f"at most {digits(second.high, each.numbers[1])}"})


def told(faults: Iterable[Fault], assumptions: Sequence[str] = ()) -> Iterator[Hit]:
    """One finding for all faults of a card: the first in words, the rest by their places."""
    all_faults = list(faults)
    if not all_faults:
        return
    first, *others = sorted(all_faults, key=lambda fault: fault.kind != "inconsistent")
    texts = [number.text for number in first.tied.numbers]
    distinct = [fault for fault in others if [number.text for number in fault.tied.numbers] != texts]
    at = tuple(dict.fromkeys(number.span for fault in (first, *others[:20]) for number in fault.tied.numbers))
    worked = {
        "where": first.tied.where,
        "printed": dict(zip(first.tied.keys, texts, strict=True)),
        "intervals": {
            key: [float(low), float(high)] for key, (low, high) in zip(first.tied.keys, first.tied.intervals, strict=True)
        },
        "possible": dict(first.possible),
        "assumptions": [AS_PRINTED, *assumptions],
    }
    message = first.says + _likewise(first, distinct)
    if first.kind == "inconsistent":
        yield Hit(message, at, worked)
    elif first.kind == "suspicious":
        yield Hit(message, at, worked, "suspicious", "warning", "likely")
    else:
        yield Hit(message, at, worked, first.kind, "info")


def _likewise(first: Fault, others: Sequence[Fault]) -> str:
    """Where else, in words."""
    places = list(dict.fromkeys(fault.tied.where for fault in others if fault.tied.where != first.tied.where))
    if places:
        return f"; likewise in {listed(places) if len(places) < 4 else counted(len(places), 'other place')}"
    return f"; likewise {counted(len(others), 'other number')} there" if others else ""


def digits(value: Fraction, like: Printed) -> str:
    """A possible value with as many decimals as the claim beside it, at least four for fractions and two for percentages."""
    exponent = (like.value or Decimal(0)).as_tuple().exponent
    least = 4 if abs(value) <= 1 else 2
    places = min(max(-exponent if isinstance(exponent, int) else least, least), 6)
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return str(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))


def between(span: Interval, like: Printed) -> str:
    """An interval in words: "0.9126", or "0.9126 to 0.9127"."""
    low, high = digits(span.low, like), digits(span.high, like)
    return low if low == high else f"{low} to {high}"


def _members(numbers: Mapping[str, Printed], family: tuple[str, ...]) -> dict[str, str]:
    """Further words of a name -> key, for each number that bears one of the family's names."""
    found: dict[str, str] = {}
    for key, number in numbers.items():
        further = _further_words(key, family)
        if further and is_number(number):
            found.setdefault(further, key)
    return found


@lru_cache(maxsize=2048)
def _further_words(key: str, family: tuple[str, ...]) -> str:
    """A name with a star for the family's word; "" where it bears none."""
    padded = f"_{key}_"
    name = next((name for name in family if f"_{name}_" in padded), None)
    return padded.replace(f"_{name}_", "_*_", 1) if name is not None else ""


def _result_groups(card: Card) -> Iterator[tuple[str, Mapping[str, Printed]]]:
    """Numbers of one line with the same data set, split, model and setting; else those of neighbouring lines."""
    rows: dict[tuple[Context, int], list[Result]] = {}
    for result in card.results:
        context: Context = (result.dataset, result.split, result.model, result.setting)
        rows.setdefault((context, card.line(result.number.span)), []).append(result)
    runs: dict[Context, list[tuple[int, list[Result]]]] = {}
    for (context, line), of_row in rows.items():
        if len(of_row) > 1:
            yield f"line {line}", _unambiguous(of_row)
            continue
        of_context = runs.setdefault(context, [])
        if of_context and line - of_context[-1][0] <= 1:
            of_context[-1] = (line, of_context[-1][1] + of_row)
        else:
            of_context.append((line, of_row))
    for of_context in runs.values():
        for line, results in of_context:
            if len(results) > 1:
                yield f"lines {card.line(results[0].number.span)} to {line}", _unambiguous(results)


def _unambiguous(results: Sequence[Result]) -> dict[str, Printed]:
    """By metric; a metric that stands there twice is left out, and so is a difference ("+0.3")."""
    names = [result.metric for result in results]
    return {
        result.metric: result.number
        for result in results
        if names.count(result.metric) == 1 and not result.number.text.startswith("+")
    }
