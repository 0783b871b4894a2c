"""The validation loss is far below the training loss.

## What it does
Points at a last row that fits the validation data far better than the training data.

## Condition
Validation loss below half of the training loss in the last row and in most rows before it, both logged, with the training loss
above 0.05 and no label smoothing. Dropout and augmentation raise the training loss, and it is a mean over the updates since the
last log, so a gap is ordinary: this is a `note`. Below a tenth, in all of these rows, it is `suspicious`. A
training loss that several rows repeat is one log, and counts in the first of them only.

## When it stays silent
Fewer than three rows with both losses; label smoothing; speech models, whose dropout and masking act on training alone; where
accumulation-inflated-loss explains the ratio.

## Usual causes
Validation examples that are easier than, or part of, the training set; losses that are summed in one place and averaged in the
other; strong augmentation.

## Example
Training loss 0.41, validation loss 0.12.
"""

from collections.abc import Iterator

from cardaudit.records import EpochRow
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, need_rows, row_name

HALF, TENTH, SMALL = 0.5, 0.1, 0.05


@rule(kind="note", severity="info", confidence="proven", yields_to=("accumulation-inflated-loss",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = need_rows(card, 3)
    if card.hyperparameters.label_smoothing_factor:
        raise NotCheckable("label smoothing raises the training loss")
    if any("wer" in row.metrics or "cer" in row.metrics for row in rows[:1]):
        raise NotCheckable("a speech model's masking raises the training loss")
    pairs = [
        (index, training, validation)
        for index, (training, validation) in enumerate((row.training_loss, row.validation_loss) for row in rows)
        if training and validation and is_number(training) and is_number(validation) and not _is_repeated(rows, index)
    ]
    if len(pairs) < 3:
        raise NotCheckable("fewer than three rows print a validation loss and a training loss of their own")
    ratios = [float(v.value or 0) / float(t.value) if t.value and float(t.value) > SMALL else 1.0 for _, t, v in pairs]
    below = [ratio for ratio in ratios if ratio < HALF]
    if ratios[-1] >= HALF or 2 * len(below) < len(ratios):
        return
    index, training, validation = pairs[-1]
    grave = all(ratio < TENTH for ratio in below)
    share = "a tenth" if grave else "half"
    message = f"validation loss {validation.text} is below {share} of training loss {training.text} at {row_name(card, index)}"
    at, worked = (validation.span, training.span), {"rows": len(below), "of": len(ratios)}
    yield Hit(message, at, worked, "suspicious", "warning", "smell") if grave else Hit(message, at, worked)


def _is_repeated(rows: tuple[EpochRow, ...], index: int) -> bool:
    """Whether the training loss is the log of an earlier row: the Trainer prints the last one until it logs again."""
    before, own = rows[index - 1].training_loss if index else None, rows[index].training_loss
    return before is not None and own is not None and before.text == own.text
