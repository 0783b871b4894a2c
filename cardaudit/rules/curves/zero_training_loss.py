"""The training loss is exactly 0 while the validation loss is not.

## What it does
Points at tables whose training loss prints 0.0 from the first row on.

## Condition
Every logged training loss is 0, and a validation loss beside one is above 0.01. The Trainer replaces a nan or infinite
loss of a step by the mean so far, which is 0 where every step was (transformers/trainer.py, `logging_nan_inf_filter`); a batch
whose labels are all -100 costs nan or 0 as well.

## When it stays silent
Tables in which some logged training loss is above 0: those losses fell to 0; validation losses that are 0 too; "No log";
validation losses that are no numbers (nan-loss); tables that neither the Trainer nor Keras wrote, whose authors round.

## Usual causes
Losses that overflow half precision; labels masked throughout; inputs longer than the CTC loss allows.

## Example
`| 0.0 | 1.0 | 1250 | 0.8851 | 0.5012 |`
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, need_rows

CLEARLY_ABOVE = 0.01


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("nan-loss",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    rows = need_rows(subject.card)
    if subject.card.dialect not in ("trainer", "keras"):
        raise NotCheckable("neither the Trainer nor Keras wrote the table")
    logged = [row for row in rows if row.training_loss is not None and is_number(row.training_loss)]
    if not logged:
        raise NotCheckable("no training loss is stated")
    if any(row.training_loss and row.training_loss.value for row in logged):
        return
    for row in logged:
        training, validation = row.training_loss, row.validation_loss
        if training is None or validation is None:
            continue
        if is_number(validation) and (validation.value or 0) > CLEARLY_ABOVE:
            where = "its only row" if len(logged) == 1 else f"all of {len(logged)} rows"
            message = f"training loss {training.text} in {where}, validation loss {validation.text}"
            yield Hit(message, (training.span, validation.span), {"rows": len(logged)})
            return
