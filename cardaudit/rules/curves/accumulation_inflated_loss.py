"""The training loss is the validation loss times the gradient accumulation steps.

## What it does
Compares the ratio of both losses with the number of accumulation steps.

## Condition
gradient_accumulation_steps G >= 4, and in at least three rows, all those with both losses, training loss / validation loss lies
within 25 % of G. transformers 4.46 and 4.47 log the sum over the micro-batches of a group in place of their
mean (huggingface/transformers#35204 and #35438, with logs of 4.46.3 and 4.47.0), and so does 5.23 for heads that ignore
`num_items_in_batch` (#47688): the loss is G times too large.

## When it stays silent
G below 4, where honest losses reach the ratio; fewer than three rows with both losses; other ratios.

## Usual causes
The bug of those versions; a loop of the author's own that logs the sum.

## Example
Training loss 8.31 beside validation loss 1.05 at 8 accumulation steps.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, is_number, need_rows

LEAST_STEPS, LEAST_ROWS, NEAR = 4, 3, 0.25


@rule(kind="suspicious", severity="info", confidence="smell", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    rows = need_rows(subject.card, LEAST_ROWS)
    stated = subject.card.hyperparameters.gradient_accumulation_steps
    grouped = integer(stated)
    if stated is None or grouped is None or grouped < LEAST_STEPS:
        raise NotCheckable(f"fewer than {LEAST_STEPS} accumulation steps are stated")
    pairs = [
        (training, validation)
        for training, validation in ((row.training_loss, row.validation_loss) for row in rows)
        if training and validation and is_number(training) and is_number(validation) and validation.value
    ]
    if len(pairs) < LEAST_ROWS:
        raise NotCheckable("fewer than three rows print both losses")
    ratios = [float(training.value or 0) / float(validation.value or 1) for training, validation in pairs]
    if all(abs(ratio / grouped - 1) <= NEAR for ratio in ratios):
        training, validation = pairs[-1]
        message = f"training loss {training.text} is {ratios[-1]:.2f} times validation loss {validation.text}, near the "
        message += f"{stated.text} accumulation steps"
        yield Hit(message, (training.span, validation.span, stated.span), {"ratios": [round(ratio, 4) for ratio in ratios]})
