"""Evaluations that the schedule made are not in the table.

## What it does
Finds the interval at which the rows were evaluated, and the places where a multiple of it is missing.

## Condition
At least two thirds of the steps between neighbouring rows, and from the start to the first, are one number D, and every other
gap is a larger multiple of it before the last row. The Trainer evaluates whenever global_step is divisible by eval_steps, or at
each epoch's end (transformers/trainer_callback.py, `DefaultFlowCallback`), and writes one row each time; a row of dots says the
same openly.

## When it stays silent
Fewer than three rows; tables whose rows follow no interval; tables whose steps fall (falling-step); the last row, which may
stand anywhere; a first row later than D, where evaluation began with a delay.

## Usual causes
Rows deleted to shorten the table; a run resumed without its log; dots.

## Example
Steps 50, 100, 200, 250: nothing at 150.
"""

import itertools
from collections import Counter
from collections.abc import Iterator

from cardaudit.records import EpochRow, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, need_rows, stepped_rows


@rule(kind="note", severity="info", confidence="likely", yields_to=("falling-step",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 3)
    stepped = stepped_rows(subject.card)
    if len(stepped) < 3:
        raise NotCheckable("fewer than three rows print a step")
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(stepped)]
    if stepped[0][0] in gaps:
        gaps.insert(0, stepped[0][0])
    usual, times = Counter(gaps).most_common(1)[0]
    if usual < 1 or 3 * times < 2 * len(gaps):
        return
    inner = gaps[:-1] if gaps[-1] % usual else gaps
    if any(gap % usual or gap < usual for gap in inner):
        return
    skipped = [(before, after) for before, after in itertools.pairwise(stepped) if after[0] - before[0] >= 2 * usual]
    missing = sum((after[0] - before[0] - 1) // usual for before, after in skipped)
    if not missing:
        return
    (first, before), (second, after) = skipped[0]
    absent = f"{counted(missing, 'evaluation')} at that pace {_verb(missing)} not shown"
    message = f"rows stand every {usual:,} steps, but {absent}, the first "
    message += f"between step {first} and step {second}"
    yield Hit(message, _places(before, after), {"interval": usual, "missing": missing})


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _places(*rows: EpochRow) -> tuple[Span, ...]:
    return tuple(row.step.span if row.step else row.span for row in rows)
