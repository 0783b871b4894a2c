"""A short print in a Trainer card is not the exact number that it must be.

## What it does
Holds accuracies, precisions, recalls and F1 that the Trainer printed with fewer than four decimals against the full number in
the front matter.

## Condition
transformers/modelcard.py, `_maybe_round`, prints a float of at most four decimals as it is and any other with four: beside
four-digit neighbours `0.66` means exactly 0.66, 0.6623 would print as `0.6623`. Reported where the front matter holds the same
metric with more decimals, rounding to the short print and different from it. Of 183 short prints on real cards all are exact.

## When it stays silent
A column that is short everywhere was rounded by its author. ROUGE, BLEU and other scores, which authors round before the
Trainer sees them. Single-precision metrics (a difference below 1e-6). Numbers that differ altogether:
front-matter-contradicts-headline.

## Usual causes
The headline was edited by hand.

## Example
`Accuracy: 0.66` beside `value: 0.6623376623376623` in the front matter.
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.records import Card, IndexResult, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken

KEYS = ("accuracy", "precision", "recall", "f1")
PRINTED_DECIMALS = 4
SINGLE_PRECISION = Decimal("1e-6")


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("model index", "headline"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if not card.dialect.startswith("trainer"):
        raise NotCheckable("the Trainer did not write the card")
    pairs = [(key, card.headline[key], result) for key in KEYS if _is_short(card.headline.get(key)) for result in _of(card, key)]
    if not pairs:
        raise NotCheckable("no short print stands beside its full number")
    for key, short, result in pairs:
        full = result.number.value
        assert full is not None
        assert short.value is not None
        if SINGLE_PRECISION < abs(full - short.value) <= Decimal(5).scaleb(-_decimals(short) - 1):
            message = f"{spoken(key)} {short.text} is exact in a Trainer card, but the front matter holds {result.number.text}"
            worked = {"printed": short.text, "front_matter": result.number.text, "would_print": f"{full:.4f}"}
            yield Hit(
                message, (short.span, result.number.span), worked | {"assumptions": ["no print of the headline was edited"]}
            )


def _is_short(number: Printed | None) -> bool:
    """Whether a print is exact and shorter than the Trainer's four decimals."""
    return number is not None and is_number(number) and number.slack == 0 and 0 < _decimals(number) < PRINTED_DECIMALS


def _of(card: Card, key: str) -> list[IndexResult]:
    return [each for each in card.model_index if each.metric == key and not each.verified and is_number(each.number)]


def _decimals(number: Printed) -> int:
    exponent = (number.value or Decimal(0)).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
