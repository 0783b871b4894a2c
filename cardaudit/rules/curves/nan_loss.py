"""A validation loss is not a number, or infinite.

## What it does
Points at nan or inf among the validation losses, or in the headline's loss.

## Condition
The print is "nan" or "inf" in any case, with or without a sign. A mean loss is nan as soon as one evaluation batch is (0 / 0
for a batch whose labels are all ignored, inf - inf in half precision), and then says nothing about the others.

## When it stays silent
Losses that are numbers; "No log" and absent cells.

## Usual causes
Evaluation in half precision; an empty label sequence; a sequence shorter than its CTC target; a diverged run.

## Example
`| 0.4123 | 1.0 | 500 | nan | 0.8012 |`
"""

from collections.abc import Iterator

from cardaudit.records import Printed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import counted

NO_NUMBERS = ("nan", "inf", "infinity")


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("numbers", "validation loss"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    losses = [row.validation_loss for row in card.epochs if row.validation_loss]
    stated = card.headline.get("loss")
    broken = [each for each in losses if _is_nan(each)]
    if broken:
        message = f"validation loss {broken[0].text} in {len(broken)} of {counted(len(losses), 'row')}"
        yield Hit(message, tuple(each.span for each in broken), {"rows": len(broken), "of": len(losses)})
    elif stated is not None and _is_nan(stated):
        yield Hit(f"evaluation loss {stated.text}", (stated.span,), {})


def _is_nan(loss: Printed) -> bool:
    return loss.text.strip().lstrip("+-").lower() in NO_NUMBERS
