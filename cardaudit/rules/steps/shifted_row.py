"""A table row does not fit its header.

## What it does
Points at rows whose cells stand under the wrong columns, as the reader found and moved them, or as their values show.

## Condition
The reader had to repair the row (its cells are fewer or more than the header's, or of the wrong kind); or a step is no whole
number; or an epoch is larger than its step, though every epoch has at least one update.

## When it stays silent
Tables in which every row fits. Rows left out ("...").

## Usual causes
A table copied by hand or by a program that paraphrases; an escaped pipe in a cell; a row of another table.

## Example
`0.4125 | 2150 | | | 0.8933` under `Training Loss | Epoch | Step | Validation Loss | Accuracy`.
"""

from collections.abc import Iterator

from cardaudit.records import EpochRow
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import is_number, is_whole, need_rows


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    for number, row in enumerate(need_rows(subject.card), 1):
        if row.repair:
            yield Hit(f"row {number} does not fit its header: {row.repair}", (row.span,), {"repair": row.repair})
        elif misplaced := _misplaced(row):
            yield Hit(f"row {number} does not fit its header: {misplaced}", (row.span,), {"repair": None})


def _misplaced(row: EpochRow) -> str | None:
    epoch, step = row.epoch, row.step
    if step is None or step.value is None or not is_number(step):
        return None
    if not is_whole(step.value):
        return f"step {step.text} is no whole number"
    if epoch is not None and epoch.low is not None and step.value > 0 and epoch.low > step.value:
        return f"epoch {epoch.text} is larger than step {step.text}"
    return None
