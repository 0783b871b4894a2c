"""One validation loss stands far above its neighbours.

## What it does
Points at a single evaluation whose loss leaves the curve and comes back.

## Condition
A validation loss above three times the larger of its two neighbours, with the rows' median change between neighbours below a
tenth of that leap: the noise band of the run is the median of successive differences.

## When it stays silent
Fewer than five losses; the first and last row; nan and infinity; curves that jump throughout.

## Usual causes
An unstable run that recovered; a digit or a point misplaced by hand; rows of another run.

## Example
0.412, 0.398, 3.971, 0.391, 0.388.
"""

from collections.abc import Iterator
from itertools import pairwise

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, need_rows

TIMES, NOISE = 3, 10


@rule(kind="suspicious", severity="info", confidence="smell", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 5)
    losses = column(subject.card, "validation_loss")
    values = [float(value) for value in losses.values]
    if len(values) < 5:
        raise NotCheckable("fewer than five validation losses are stated")
    changes = sorted(abs(after - before) for before, after in pairwise(values))
    noise = changes[(len(changes) - 1) // 2]
    for index in range(1, len(values) - 1):
        around = max(values[index - 1], values[index + 1])
        if around > 0 and values[index] > TIMES * around and values[index] - around > NOISE * noise:
            before, spike, after = losses.cells[index - 1 : index + 2]
            message = f"validation loss {spike.text} between {before.text} and {after.text}"
            yield Hit(message, (spike.span, before.span, after.span), {"times": round(values[index] / around, 2), "noise": noise})
            return
