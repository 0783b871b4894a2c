"""A cell of the training table differs from what the Trainer logged.

## What it does
Holds every cell of the table against the evaluation of the same step in trainer_state.json, which the Trainer writes at each
checkpoint with full floats.

## Condition
A printed number is not the logged one rounded to 4 decimals (transformers/modelcard.py, `_maybe_round`). Where most cells agree
and some do not, those were changed after the run: `inconsistent`. Where few agree, the log is of another run: `suspicious`.

## When it stays silent
Without trainer_state.json, or where none of its steps is in the table. The log of an intermediate checkpoint ends early: rows
after it are not held against anything. Names that the log does not have are left out.

## Usual causes
A number edited by hand; a repository into which a second run was pushed.

## Example
F1 0.9331 in the row of step 2,634, where the log has eval_f1 0.9231.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cardaudit.records import EpochRow, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer, whole_rows
from cardaudit.rules._evidence import as_printed, logged_at, need_evidence, prints

if TYPE_CHECKING:
    from cardaudit.records import LoggedRow

MOST_TOLD = 4


class Cell(NamedTuple):
    """A printed cell and the number that was logged for it."""

    name: str
    printed: Printed
    logged: float

    @property
    def agrees(self) -> bool:
        return prints(self.printed, self.logged)


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("training table", "evidence"))
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    if not evidence.rows:
        raise NotCheckable("the repository has no trainer_state.json with evaluations")
    rows = [(row, logged_at(evidence, step)) for row in whole_rows(subject.card) if (step := integer(row.step))]
    cells = [cell for row, logged in rows if logged for cell in _cells(row, logged)]
    if not cells:
        raise NotCheckable("no row of the table has the step of a logged evaluation")
    wrong = [cell for cell in cells if not cell.agrees]
    if not wrong:
        return
    told = "; ".join(
        f"{cell.name} is printed as {cell.printed.text}, logged as {as_printed(cell.logged)}" for cell in wrong[:MOST_TOLD]
    )
    more = f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
    edited = len(wrong) * 3 <= len(cells)
    reading = f"{len(cells) - len(wrong)} of {len(cells)} cells agree with trainer_state.json"
    message = f"{told}{more}; {reading}" if edited else f"trainer_state.json is of another run: {reading}; {told}{more}"
    arithmetic = {
        "cells": len(cells),
        "agreeing": len(cells) - len(wrong),
        "differing": [{"name": cell.name, "printed": cell.printed.text, "logged": cell.logged} for cell in wrong],
    }
    spans = tuple(cell.printed.span for cell in wrong)
    yield Hit(message, spans, arithmetic) if edited else Hit(message, spans, arithmetic, kind="suspicious", confidence="likely")


def _cells(row: EpochRow, logged: "LoggedRow") -> Iterator[Cell]:
    if row.validation_loss is not None and "loss" in logged.metrics:
        yield Cell("validation loss", row.validation_loss, logged.metrics["loss"])
    for name, printed in row.metrics.items():
        if name in logged.metrics and printed.value is not None:
            yield Cell(name, printed, logged.metrics[name])
