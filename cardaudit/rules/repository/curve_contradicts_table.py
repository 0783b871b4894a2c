"""The TensorBoard curve of an evaluation differs from the table.

## What it does
Holds the table's validation loss and metrics against the eval curves of the event files.

## Condition
At a step of the table, a curve `eval/NAME` has a value that does not round to the printed one; event files hold single precision,
so half a unit of the last digit and one part in a million are allowed. Fewer than two thirds of the cells agree: another run.

## When it stays silent
Without event files (transformers 5 writes none unless asked); where no step of a curve is in the table; where trainer_state.json
contradicts the table, which says more.

## Usual causes
The repository holds several runs: the newest curve that has the table's steps is taken, and an older one may be the card's.

## Example
Validation loss 0.2512 at step 1,000, 0.3180 in the event file.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from cardaudit.records import EpochRow, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, whole_rows
from cardaudit.rules._evidence import LEAST_SLACK, as_printed, need_evidence

if TYPE_CHECKING:
    from cardaudit.records import Curve

Pair = tuple[str, Printed, float]


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    needs=("training table", "evidence"),
    yields_to=("table-contradicts-log",),
)
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    files = list(dict.fromkeys(curve.file for curve in evidence.curves))
    if not files:
        raise NotCheckable("the repository has no event files")
    rows = whole_rows(subject.card)
    by_file = [(file, list(_pairs(rows, [c for c in evidence.curves if c.file == file]))) for file in files]
    told = [(file, pairs) for file, pairs in by_file if pairs]
    if not told:
        raise NotCheckable("no curve has a step of the table")
    if any(all(_agrees(printed, value) for _, printed, value in pairs) for _, pairs in told):
        return
    file, pairs = max(told, key=lambda each: sum(_agrees(printed, value) for _, printed, value in each[1]) / len(each[1]))
    wrong = [pair for pair in pairs if not _agrees(pair[1], pair[2])]
    name, printed, value = wrong[0]
    agreeing = f"{len(pairs) - len(wrong)} of {len(pairs)} cells agree with the closest of {len(told)} event files"
    message = f"{name} is printed as {printed.text}, {as_printed(value)} in {file}; {agreeing}"
    yield Hit(message, tuple(each.span for _, each, _ in wrong), {"cells": len(pairs), "differing": len(wrong)})


def _pairs(rows: tuple[EpochRow, ...], curves: "list[Curve]") -> Iterator[Pair]:
    known = {curve.tag.removeprefix("eval/"): dict(curve.points) for curve in curves if curve.tag.startswith("eval/")}
    for row in rows:
        step = integer(row.step)
        cells = {"loss": row.validation_loss, **row.metrics}
        for name, printed in cells.items():
            if step and printed is not None and printed.value is not None and step in known.get(name, {}):
                yield name, printed, known[name][step]


def _agrees(printed: Printed, value: float) -> bool:
    if printed.value is None or value != value:
        return printed.value is None
    logged = Decimal(repr(value)) if abs(value) != float("inf") else Decimal("Infinity")
    return abs(printed.value - logged) <= max(printed.slack, LEAST_SLACK) + abs(logged) * Decimal("1e-6")
