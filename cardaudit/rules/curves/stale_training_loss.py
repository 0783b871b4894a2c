"""The same logged training loss stands in several rows.

## What it does
States that the training loss was logged less often than the model was evaluated, so that equal values are one log, no plateau.

## Condition
A training loss of four significant digits stands unchanged in at least three rows on end, while the validation loss moves
between them. The table repeats the last logged loss until the next one (transformers/modelcard.py, `parse_log_history`), and the
Trainer logs every logging_steps updates, 500 unless set otherwise.

## When it stays silent
Fewer than three equal rows; losses of 0, or so small that fewer than three digits are printed; tables whose training loss was
never logged (never-logged-loss).

## Usual causes
Evaluation each epoch of fewer steps than logging_steps.

## Example
0.4123 at steps 600, 700, 800 and 900.
"""

import itertools
from collections.abc import Iterator

from cardaudit.records import EpochRow, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, need_rows, row_name

LEAST_DIGITS = 3


@rule(kind="note", severity="info", confidence="likely", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    rows = need_rows(card, 3)
    logged = [index for index, row in enumerate(rows) if row.training_loss and is_number(row.training_loss)]
    if len(logged) < 3:
        raise NotCheckable("fewer than three training losses are stated")
    longest = _longest_run(rows, logged)
    if len(longest) < 3:
        return
    first, last = rows[longest[0]], rows[longest[-1]]
    loss = first.training_loss
    if loss is None or last.training_loss is None:
        return
    message = f"training loss {loss.text} is one log in {len(longest)} rows, {row_name(card, longest[0])} to "
    message += row_name(card, longest[-1])
    yield Hit(message, (loss.span, last.training_loss.span), {"rows": len(longest)})


def _longest_run(rows: tuple[EpochRow, ...], logged: list[int]) -> list[int]:
    """The indices of the longest stretch of rows with one training loss and moving validation losses."""
    longest: list[int] = []
    for loss, group in itertools.groupby(logged, key=lambda index: _text(rows[index].training_loss)):
        stretch = list(group)
        moving = len({_text(rows[index].validation_loss) for index in stretch}) == len(stretch)
        digits = len(loss.replace(".", "").strip("0"))
        if len(stretch) > len(longest) and moving and digits >= LEAST_DIGITS:
            longest = stretch
    return longest


def _text(number: Printed | None) -> str:
    return number.text if number else ""
