"""A number of a Trainer table is not printed as the Trainer prints numbers.

## What it does
Points at single losses and metrics whose decimals differ from what transformers writes.

## Condition
transformers/modelcard.py, `_maybe_round` prints a float of more than four decimals with exactly four, and any other as it is
(4.6 to 5.23). So (a) no number has five decimals or more, exponents aside; (b) an evaluation loss, a mean of single precision,
has four decimals except where it is a multiple of 1/16; and (c) the training loss, rounded before it is logged, never ends in 0
after the fourth decimal up to 4.57. The rule fires where up to a third of a column, the
headline's value counted in, breaks (a) or (b), or (c) with a stated version.

## When it stays silent
Columns where more than a third deviate: their author rounds them, or another program wrote the table; integers, nan and
infinity; metrics short of four decimals, which may be exact fractions; values of
printed dictionaries, which nothing rounds; cards of other dialects.

## Usual causes
A number edited by hand; a row copied from a log.

## Example
Validation losses 0.4012, 0.39, 0.3871.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import column, is_number, is_whole, metric_keys, need_rows
from cardaudit.rules._steps import transformers_version

PRINTED_DECIMALS = 4
FIRST_UNROUNDED_TRAINING_LOSS = (5, 0)


class Odd(NamedTuple):
    """A number that the Trainer does not print like this, and why."""

    number: Printed
    because: str


@rule(kind="suspicious", severity="info", confidence="likely", needs=("training table", "Trainer"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 2)
    odd = [each for key in ("training_loss", "validation_loss", *metric_keys(card)) for each in _odd_ones(card, key)]
    if not odd:
        return
    number, because = odd[0]
    message = f"{number.label} {number.text} {because}"
    message += f"; {len(odd) - 1} more like it" if len(odd) > 1 else ""
    yield Hit(message, tuple(each.number.span for each in odd), {"numbers": [each.number.text for each in odd]})


def _odd_ones(card: Card, key: str) -> list[Odd]:
    """The odd numbers of a column with the headline's, none where they are more than a third."""
    cells = column(card, key).cells
    stated = card.headline.get("loss" if key == "validation_loss" else key)
    if stated is not None and is_number(stated) and key != "training_loss":
        cells += (stated,)
    rounded = (
        key == "training_loss" and (transformers_version(card) or FIRST_UNROUNDED_TRAINING_LOSS) < FIRST_UNROUNDED_TRAINING_LOSS
    )
    found = [Odd(cell, because) for cell in cells if (because := _because(cell, key, rounded)) and not _in_dictionary(card, cell)]
    return found if len(cells) > 2 and 3 * len(found) <= len(cells) else []


def _in_dictionary(card: Card, number: Printed) -> bool:
    """Whether the number stands in a printed dictionary ("{'precision': 0.5833333333333334}"), which nothing rounds."""
    return card.text[max(number.span.start - 3, 0) : number.span.start] == "': "


def _because(number: Printed, key: str, rounded: bool) -> str | None:
    if key != "training_loss" and number.text[-5:-4] == "." and number.text[-4:].isdigit() and number.text.count(".") == 1:
        return None  # as most are
    decimals = 0 if "e" in number.text.lower() else len(number.text.strip("*%").partition(".")[2])
    if decimals > PRINTED_DECIMALS and key != "training_loss":
        return f"has {decimals} decimals, where the Trainer prints at most {PRINTED_DECIMALS}"
    if (
        key == "validation_loss"
        and 0 < decimals < PRINTED_DECIMALS
        and number.value is not None
        and not is_whole(number.value * 16)
    ):
        return f"has {decimals} {'decimal' if decimals == 1 else 'decimals'}, where the Trainer prints {PRINTED_DECIMALS}"
    if rounded and decimals == PRINTED_DECIMALS and number.text.endswith("0") and number.value:
        return f"ends in 0, where the Trainer prints {number.text.rstrip('0')}"
    return None
