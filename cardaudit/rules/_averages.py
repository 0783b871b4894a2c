"""Precision, recall, F1 and accuracy of one evaluation under plain names: what they say about the averaging. Not a rule."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from cardaudit.intervals import Interval, harmonic
from cardaudit.records import Card, Printed
from cardaudit.rule import NotCheckable
from cardaudit.rules._binary import prevalence
from cardaudit.rules._columns import is_number, sets
from cardaudit.rules._entities import names_extraction
from cardaudit.rules._groups import possible
from cardaudit.rules._remembered import remembered
from cardaudit.rules._stated import beside_headline

HUNDRED = Decimal(100)
TRIPLE = ("metric precision", "metric recall", "metric f1")
ROW = ("epoch", "row")
FOUR = (*TRIPLE, "metric accuracy")


class Quadruple(NamedTuple):
    """What one evaluation prints, as fractions; `accuracy` may be missing, `scale` is 100 where the texts are in percent."""

    where: str
    precision: Printed
    recall: Printed
    f1: Printed
    accuracy: Printed | None
    scale: int = 1

    @property
    def numbers(self) -> tuple[Printed, ...]:
        """Precision, recall, F1 and, where it is printed, accuracy."""
        return tuple(number for number in (self.precision, self.recall, self.f1, self.accuracy) if number is not None)

    def in_print(self, span: Interval) -> Interval:
        """An interval of fractions in the unit of the texts."""
        return Interval(span.low * self.scale, span.high * self.scale)


def quadruples(card: Card, with_accuracy: bool = True) -> tuple[Quadruple, ...]:
    """The distinct evaluations that print values in (0, 1), or in percent, a row before the headline that repeats it.

    Raises NotCheckable where there is none.
    """
    found = tuple(each for each in _distinct(card) if each.accuracy or not with_accuracy)
    if not found:
        names = "precision, recall, F1 and accuracy" if with_accuracy else "precision, recall and F1"
        raise NotCheckable(f"no evaluation of this model over all classes prints {names} above 0 and below 1")
    return found


def is_below(card: Card, each: Quadruple) -> bool:
    """Whether F1 lies below the harmonic mean of this precision and recall, whatever the rounding."""
    return possible(card, each.f1).high < possible_f1(card, each).low


def is_harmonic(card: Card, each: Quadruple) -> bool:
    """Whether F1 may be the harmonic mean of this precision and recall."""
    return possible(card, each.f1).meets(possible_f1(card, each))


def possible_f1(card: Card, each: Quadruple) -> Interval:
    """The harmonic means of this precision and recall."""
    return harmonic(possible(card, each.precision), possible(card, each.recall))


def recall_is_accuracy(each: Quadruple) -> bool:
    """Whether recall and accuracy print alike."""
    return each.accuracy is not None and each.recall.text == each.accuracy.text


def is_micro(each: Quadruple) -> bool:
    """Whether all four print alike."""
    return recall_is_accuracy(each) and each.precision.text == each.recall.text == each.f1.text


def counts_tokens(card: Card) -> bool:
    """Whether the card tags tokens, so that accuracy and F1 count different things."""
    return bool(card.task and "token" in card.task.text.lower())


def binary_evaluations(card: Card) -> tuple[Quadruple, ...]:
    """The evaluations, if nothing in them speaks against two classes; raises NotCheckable where something does."""
    if counts_tokens(card) or names_extraction(card):
        raise NotCheckable("accuracy counts tokens and F1 counts spans")
    found = quadruples(card)
    if all(recall_is_accuracy(each) for each in found):
        raise NotCheckable("recall is accuracy: F1 is a weighted or micro average")
    if not all(is_harmonic(card, each) for each in found):
        raise NotCheckable("F1 is an average over classes")
    return found


def share_of(card: Card, each: Quadruple) -> Interval | None:
    """The shares of positives that an evaluation leaves."""
    accuracy, precision, recall = (possible(card, number) for number in (each.accuracy, each.precision, each.recall) if number)
    return prevalence(accuracy, precision, recall)


@remembered
def _distinct(card: Card) -> tuple[Quadruple, ...]:
    """The evaluations by their prints; a row replaces the headline that repeats it, other places replace nothing."""
    found: dict[tuple[str, ...], Quadruple] = {}
    for each in _printed(card):
        if all(number.value and 0 < number.value < 1 for number in each.numbers):
            texts = tuple(number.text for number in each.numbers)
            found[texts] = each if each.where.startswith(ROW) else found.get(texts, each)
    return tuple(found.values())


def _printed(card: Card) -> Iterator[Quadruple]:
    in_rows_last = sorted(sets(card), key=lambda each: each[0].startswith(ROW))
    for where, metrics in (*in_rows_last, *((each.where, each.numbers) for each in beside_headline(card))):
        precision, recall, f1 = (metrics.get(name) for name in ("precision", "recall", "f1"))
        accuracy = metrics.get("accuracy") or metrics.get("acc")
        if precision and recall and f1 and all(is_number(number) for number in (precision, recall, f1)):
            accuracy = accuracy if accuracy is not None and is_number(accuracy) else None
            yield _as_fractions(Quadruple(where, precision, recall, f1, accuracy))


def _as_fractions(each: Quadruple) -> Quadruple:
    """The same, its values divided by 100 where all are percentages by their size; the texts stay."""
    if not all(number.value is not None and 1 < number.value <= HUNDRED for number in each.numbers):
        return each
    precision, recall, f1, *accuracy = map(_hundredth, each.numbers)
    return Quadruple(each.where, precision, recall, f1, accuracy[0] if accuracy else None, 100)


def _hundredth(number: Printed) -> Printed:
    return replace(number, value=(number.value or 0) / HUNDRED, slack=number.slack / HUNDRED)
