"""A metric is printed as nan or infinite.

## What it does
Lists the metrics of table, headline and front matter that are no finite numbers.

## Condition
A cell prints nan, inf or infinity. From the last row on back: `error` where the last evaluation or the headline is no number,
`warning` where the run recovered.

## When it stays silent
"No log", "N/A", "-" and empty cells: those say that nothing was measured. Losses: nan-loss says it. A perplexity that is
infinite beside a large loss overflowed and says no more than the loss.

## Usual causes
A metric of an empty set or of a constant prediction (0 / 0, a correlation without variance); predictions that overflowed in
half precision.

## Example
`| 0.3 | 3.0 | 1500 | 0.41 | nan |` under `Pearson`.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import cell, counted, is_number, metric_keys, row_name, spoken

LOSSES = ("loss", "train_loss", "validation_loss", "perplexity")
NO_NUMBER = frozenset(("nan", "inf", "-inf", "+inf", "infinity", "-infinity", ".nan", ".inf"))


@rule(kind="suspicious", severity="error", confidence="proven", needs=("numbers", "own results"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    keys = dict.fromkeys((*card.headline, *metric_keys(card), *[result.metric for result in card.model_index]))
    if "training_loss" not in keys and _all_numbers(card):
        return
    found = {key: cells for key in keys if (cells := _no_numbers(card, key)) and key not in LOSSES}
    if not found:
        return
    words = [f"{spoken(key)} is {cells[0][1].text} {_places([where for where, _ in cells])}" for key, cells in found.items()]
    at = tuple(dict.fromkeys(number.span for cells in found.values() for _, number in cells))
    settled = _recovered(card, found)
    yield Hit(
        "; ".join(words[:4]) + (f"; {counted(len(words) - 4, 'other metric')} likewise" if len(words) > 4 else ""),
        at,
        {"metrics": {key: len(cells) for key, cells in found.items()}},
        severity="warning" if settled else None,
    )


def _all_numbers(card: Card) -> bool:
    """Whether every metric is a number, the losses of the table apart: a quick look, for they are on nearly all cards."""
    printed = [*card.headline.values(), *[result.number for result in card.model_index]]
    for row in card.epochs:
        printed += row.metrics.values()
    return all(map(is_number, printed))


def _no_numbers(card: Card, key: str) -> list[tuple[str, Printed]]:
    headline = card.headline.get(key)
    found = [("in the headline", headline)] if headline is not None and _is_nan(headline) else []
    cells = [(at, number) for at, row in enumerate(card.epochs) if (number := cell(row, key)) is not None and _is_nan(number)]
    found += [(f"at {row_name(card, at)}", number) for at, number in cells]
    numbers = [result.number for result in card.model_index if result.metric == key]
    return found + [("in the front matter", number) for number in numbers if _is_nan(number)]


def _is_nan(number: Printed) -> bool:
    return (number.value is None or not number.value.is_finite()) and number.text.strip("*_ ").lower() in NO_NUMBER


def _recovered(card: Card, found: dict[str, list[tuple[str, Printed]]]) -> bool:
    """Whether every value of the headline, or of the last row where there is no headline, is a number."""
    last = f"at {row_name(card, len(card.epochs) - 1)}" if card.epochs else ""
    return not any(where in ("in the headline", "in the front matter", last) for cells in found.values() for where, _ in cells)


def _places(places: list[str]) -> str:
    distinct = list(dict.fromkeys(places))
    return listed(distinct) if len(distinct) < 4 else f"{distinct[0]} and in {len(distinct) - 1} other places"
