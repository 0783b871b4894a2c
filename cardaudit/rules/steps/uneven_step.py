"""One row's step stands off the interval that all other rows keep.

## What it does
Finds the interval at which the rows were evaluated, and a single row beside it.

## Condition
All steps between neighbouring rows, and from the start to the first, are one number D, at least three times, but for the two
around one row, which add up to 2 D. Without gradient accumulation the Trainer evaluates at multiples of eval_steps or of the
batches in an epoch (transformers/trainer_callback.py, `DefaultFlowCallback`), so no row lies between two of them.

## When it stays silent
Gradient accumulation, whose epochs may end one update apart; more than one row off the interval; the last row; rows that
impossible-steps or falling-step already name.

## Usual causes
A step edited or mistyped.

## Example
Steps 1000, 2000, 3010, 4000.
"""

import itertools
from collections import Counter
from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import need_rows, stepped_rows
from cardaudit.rules._steps import accumulation

LEAST = 3


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("impossible-steps", "falling-step"),
    needs=("training table",),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 3)
    if accumulation(card) > 1:
        raise NotCheckable("with gradient accumulation epochs may end one update apart")
    stepped = [(step, row.step.span) for step, row in stepped_rows(card) if row.step]
    steps = [0, *(step for step, _ in stepped)]
    gaps = [after - before for before, after in itertools.pairwise(steps)]
    usual, times = Counter(gaps).most_common(1)[0] if gaps else (0, 0)
    odd = [index for index, gap in enumerate(gaps) if gap != usual]
    if times < LEAST or len(odd) != 2 or odd[1] != odd[0] + 1 or gaps[odd[0]] + gaps[odd[1]] != 2 * usual:
        return
    step, span = stepped[odd[0]]
    around = [at for _, at in stepped[max(odd[0] - 1, 0) : odd[0]] + stepped[odd[1] : odd[1] + 1]]
    message = f"step {step} in rows that stand every {usual:,} steps, which puts the row at step {steps[odd[0]] + usual:,}"
    yield Hit(message, (span, *around), {"interval": usual, "step": step, "expected": steps[odd[0]] + usual})
