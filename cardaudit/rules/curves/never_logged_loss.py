"""No row of the table has a training loss.

## What it does
States that the training loss was never logged before the last evaluation.

## Condition
"Training Loss" reads "No log" in every row. The Trainer logs the mean loss every logging_steps updates, 500 unless set
otherwise (transformers/training_args.py); a run of fewer updates has no log. This is a fact of the logging interval, no fault.

## When it stays silent
As soon as one row has a training loss. Tables without that column.

## Usual causes
A run shorter than logging_steps.

## Example
`| No log | 3.0 | 6 | 1.9498 |`
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, need_rows


@rule(kind="note", severity="info", confidence="proven", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    rows = need_rows(subject.card)
    cells = [row.training_loss for row in rows if row.training_loss is not None]
    if not cells:
        raise NotCheckable("the table has no training loss column")
    if any(cell.text.strip().lower() != "no log" for cell in cells):
        return
    last = integer(rows[-1].step)
    ends = f", the last at step {last:,}" if last else ""
    before = "the only row" if len(cells) == 1 else f"any of the {len(cells)} rows"
    message = f"training loss was not logged before {before}{ends}"
    yield Hit(message, tuple(cell.span for cell in cells), {"last_step": last, "default_logging_steps": 500})
