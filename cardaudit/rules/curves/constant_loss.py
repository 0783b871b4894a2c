"""The validation loss prints the same value in every row.

## What it does
Points at a validation loss that never moves over at least three evaluations.

## Condition
All rows print one text of three decimals or more, and the value is not 0. Weights that move by one update change a mean
cross-entropy in far more than its fourth decimal; a loss that stands still says that the weights, or the data seen, do not
move.

## When it stays silent
Fewer than three losses; nan and infinity (nan-loss); losses below 0.001, which a converged model may keep; losses that stand
still at ln K (chance-level-loss); losses printed to fewer than three decimals.

## Usual causes
A learning rate of 0, or one at which the model collapsed at once; frozen parameters; one checkpoint evaluated again and again.

## Example
1.0986 in all of 5 rows.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, need_rows

CONVERGED = 0.001


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("chance-level-loss",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 3)
    losses = column(subject.card, "validation_loss")
    if len(losses.cells) < 3:
        raise NotCheckable("fewer than three validation losses are stated")
    text = losses.cells[0].text
    if any(cell.text != text for cell in losses.cells) or len(text.partition(".")[2]) < 3:
        return
    if abs(losses.values[0]) >= CONVERGED:
        at = (losses.cells[-1].span, losses.cells[0].span)
        yield Hit(f"validation loss {text} in all of {len(losses.cells)} rows", at, {"rows": len(losses.cells)})
