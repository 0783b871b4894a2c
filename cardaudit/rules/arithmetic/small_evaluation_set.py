"""The accuracies fit few and small evaluation sets.

## What it does
Finds how many examples the accuracies were counted over, and says what sampling error that leaves.

## Condition
An accuracy is a count k / n (Brown and Heathers 2017, GRIM), so each printed accuracy excludes most small n. The rule lists
the n that fit all accuracies of table and headline, and the fraction that a full-precision accuracy in the front matter
stands for (continued fractions; two fractions with denominators below 2 million differ in a double). It looks only as far as
random digits would give at most 0.1 fitting sizes, sum over n of the product of min(1, n w) with w the width of each print,
and says that figure for the n found. Standard error sqrt(p (1 - p) / n), interval of Wilson (1927) at 95 %. `suspicious`
where the standard error reaches 0.03, the count is of examples, the chance figure is at most 0.01 and six or more accuracies
differ; a `note` otherwise (a sampling error is a fact; tokens of a tagging task are not independent; above 0.01 the size is
possible, no more). Of m accuracies all counts have a common factor by chance with probability zeta(m) - 1 at most, 0.08 for
four and 0.02 for six, so that the true number is a multiple of n: of fewer than six the finding says so. On 408 real cards
whose front matter gives the size away, 53 of 55 sizes with a chance figure of at most 0.01 fit it, and 26 of 48 of the
others.

A full-precision accuracy alone tells the size but for a factor (29 / 34 of MRPC's 408), and is a `note` too.

## When it stays silent
Fewer than two different accuracies and no full-precision one; accuracies that fit no n within reach, which is what a large
evaluation set gives; a chance above 0.1. A headline that no row repeats, which may count another set than the rows do. Where
majority-accuracy or below-majority names the set.

## Usual causes
A subset taken for speed (`select(range(300))`); a small private test set.

## Example
0.66, 0.8667, 0.84 and 0.8933 are 99, 130, 126 and 134 of 150.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from cardaudit.intervals import (
    Interval,
    Proportion,
    accidental_sizes,
    fraction_of_float,
    interval,
    possible_counts,
    possible_sizes,
    proportion,
    telling_size,
)
from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, is_number
from cardaudit.rules._evaluations import apart_from_rows
from cardaudit.rules._stated import summed_up

LARGEST = 2_000
LIKELY, CERTAIN = 0.1, 0.01
WIDTH = Fraction(1, 10**4)
COARSE, SEVERAL = 0.03, 6


@rule(
    kind="suspicious",
    severity="info",
    confidence="likely",
    yields_to=("subset-evaluation", "claimed-split-refuted", "majority-accuracy", "below-majority"),
    needs=("metric accuracy",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if apart_from_rows(card, "accuracy"):
        raise NotCheckable("headline and rows may be of two sets")
    printed = _accuracies(card)
    exact = _full_precision(card)
    shares = {number.text: each for number in printed if (each := interval(number))}
    by_text = {number.text: number for number in printed}
    distinct = list({(number.value, number.slack): shares[text] for text, number in by_text.items()}.values())
    if len(distinct) < 2 and not exact:
        raise NotCheckable("the card sums up in fewer than two different accuracies in [0, 1], rows of a training table included")
    widths = [max(each.high - each.low, WIDTH) for each in distinct]
    reach = LARGEST if exact else _reach(tuple(widths))
    sizes = possible_sizes(distinct, reach, multiple_of=exact.denominator if exact else 1)
    if not sizes:
        return
    chance = 0.0 if exact else accidental_sizes(widths, sizes[0])
    hit = _hit(card, printed, shares, sizes, chance)
    if exact and len(distinct) == 1:
        words = f"accuracy {printed[0].text} is {exact}: the number of examples is {exact.denominator:,} or a multiple of it"
        hit = replace(hit, message=words, kind="note", severity="info")
    yield hit


@lru_cache(maxsize=1024)
def _reach(widths: tuple[Fraction, ...]) -> int:
    """The largest size worth trying; widths repeat from card to card."""
    return telling_size(widths, LIKELY, LARGEST)


def _hit(card: Card, printed: list[Printed], shares: dict[str, Interval], sizes: tuple[int, ...], chance: float) -> Hit:
    n = sizes[0]
    unique = list({shares[number.text]: number for number in reversed(printed)}.values())
    unique.sort(key=lambda number: (shares[number.text] != shares[printed[0].text], number.span))
    counts = {number.text: possible_counts(shares[number.text], n)[0] for number in unique}
    last = printed[0].text
    estimate = proportion(counts[last], n)
    tokens = _counts_tokens(card)
    shown = [*list(counts.items())[:1], *list(counts.items())[1:][-3:]]
    verb, unit = "is" if len(shown) == 1 else "are", "tokens" if tokens else "examples"
    texts, hits = listed([text for text, _ in shown]), listed([str(k) for _, k in shown])
    if chance > CERTAIN:
        message = (
            f"accuracy {texts} may be {hits} of {n} {unit}, the smallest number that fits; random digits would fit {chance:.2f}"
        )
    else:
        size = f"{n} {unit}" if len(counts) >= SEVERAL else f"{n} {unit}, or of a multiple; at {n}"
        message = f"accuracy {texts} {verb} {hits} of {size}: {_error(estimate)}"
    worked: dict[str, Any] = {
        "n": n,
        "counts": counts,
        "other_sizes": list(sizes[1:12]),
        "standard_error": round(estimate.standard_error, 4),
        "wilson_95": [round(estimate.low, 4), round(estimate.high, 4)],
        "expected_accidental_sizes": float(f"{chance:.2g}"),
    }
    at = tuple(number.span for number in unique[:8])
    if tokens or estimate.standard_error < COARSE or chance > CERTAIN or len(counts) < SEVERAL:
        return Hit(message, at, worked, "note", "info")
    return Hit(message, at, worked)


def _error(estimate: Proportion) -> str:
    wilson = f"{estimate.low:.3f} to {estimate.high:.3f}"
    return f"standard error {estimate.standard_error:.3f}, 95 % interval {wilson}"


def _accuracies(card: Card) -> list[Printed]:
    """Accuracies as fractions, the one at which the card sums up first."""
    stated = summed_up(card, "accuracy")
    numbers = [*([stated] if stated else []), *column(card, "accuracy").cells]
    return [number for number in numbers if is_number(number) and number.value is not None and 0 < number.value < 1]


def _full_precision(card: Card) -> Fraction | None:
    """The fraction behind a full-precision accuracy of the front matter that the card repeats where it sums up."""
    stated = summed_up(card, "accuracy")
    for result in card.model_index:
        value = result.number.value
        if result.metric != "accuracy" or value is None or len(value.as_tuple().digits) < 12 or not 0 < value < 1:
            continue
        around = interval(stated) if stated else None
        if around and around.low <= Fraction(value) <= around.high:
            return fraction_of_float(Fraction(value))
    return None


def _counts_tokens(card: Card) -> bool:
    return bool(card.task and "token" in card.task.text.lower())
