"""The epochs are not printed as the stated version of transformers prints them.

## What it does
Compares the decimals of the Epoch column with the version.

## Condition
Up to 4.39 the Trainer rounds the epoch to two decimals before it logs it, since 4.40 it does not and the card prints four
(transformers/trainer.py, `log`; wheels 4.35 and 4.45 read). So an epoch of three or four decimals excludes 4.39 and earlier;
and at least three epochs of one or two decimals, none of them longer, exclude 4.40 and later unless the epoch's length divides
a hundred of them.

## When it stays silent
Development versions; cards without a version; whole epochs, which both print alike; epochs that are exact in two decimals under
the table's own dataloader length.

## Usual causes
A version line edited, or taken from another machine than the one that trained.

## Example
Epoch 0.3125 under Transformers 4.24.0.
"""

from collections.abc import Iterator

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, is_whole, need_rows, whole_rows
from cardaudit.rules._steps import accumulation, solve, transformers_version

FIRST_UNROUNDED = (4, 40)
LEAST = 3


@rule(kind="suspicious", severity="info", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card)
    version, stated = transformers_version(card), card.framework_versions.get("transformers")
    if card.dialect != "trainer" or version is None or stated is None or "dev" in stated.text:
        raise NotCheckable("the card states no released version of transformers")
    epochs = [row.epoch for row in whole_rows(card) if row.epoch and is_number(row.epoch)]
    inner = [epoch for epoch in epochs if epoch.value is not None and not is_whole(epoch.value)]
    long = [epoch for epoch in inner if _decimals(epoch) > 2]
    if version < FIRST_UNROUNDED and long:
        message = f"epoch {long[0].text} under transformers {stated.text}, which prints two decimals"
        yield Hit(message, (long[0].span, stated.span), {"epochs": len(long)})
    elif version >= FIRST_UNROUNDED and len(inner) >= LEAST and not long and not _exact_in_two(card):
        message = f"epoch {inner[0].text} under transformers {stated.text}, which prints four decimals"
        yield Hit(message, (inner[0].span, stated.span), {"epochs": len(inner)})


def _decimals(epoch: Printed) -> int:
    return len(epoch.text.partition(".")[2])


def _exact_in_two(card: Card) -> bool:
    """Whether some length of the epoch makes every row's epoch a multiple of 0.01."""
    length = solve(card)
    steps = [int(row.step.value) for row in whole_rows(card) if row.step and row.step.value]
    if length is None or length.high - length.low > 10_000:
        return True
    done = [100 * step * accumulation(card) for step in steps]
    return any(all(each % batches == 0 for each in done) for batches in range(length.low, length.high + 1))
