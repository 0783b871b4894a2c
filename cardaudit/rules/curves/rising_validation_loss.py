"""Validation loss rises from its lowest row to the end of the table.

## What it does
Compares the last validation loss with the lowest one.

## Condition
The last validation loss is above the lowest by more than 10 %, or it rose in at least two evaluations in a row up to the end. It
is `suspicious` above half as much again (the factor 1.5) and 0.1 where no metric of the last row is better than beside the lowest
loss, and the headline does not report an earlier row; a `note` otherwise, for training past the lowest loss is common practice,
and classifiers grow overconfident while their accuracy still rises (Guo et al. 2017, "On Calibration of Modern Neural Networks").

## When it stays silent
Runs that stopped early (run-stopped-early), which end so by design. Fewer than three validation losses; rises that the printed
digits do not settle; a single small rise at the end.

## Usual causes
Training beyond the best epoch; a learning rate that is too high; few examples.

## Example
0.0240 at epoch 2, 0.0254 at epoch 4.
"""

import itertools
from collections.abc import Iterator

from cardaudit.records import Card, EpochRow, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import cell, higher_is_better, is_number, need_rows, row_name
from cardaudit.rules._stated import summed_up

RISE, GRAVE, LEAST_RISE = 1.10, 1.5, 0.1


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("run-stopped-early",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 3)
    rows = [index for index, row in enumerate(card.epochs) if row.validation_loss and is_number(row.validation_loss)]
    if len(rows) < 3:
        raise NotCheckable("fewer than three validation losses are stated")
    losses = [_loss(card.epochs[index]) for index in rows]
    lowest = min(range(len(losses)), key=losses.__getitem__)
    after = losses[lowest:]
    steady = len(after) > 2 and all(a < b for a, b in itertools.pairwise(after))
    if not steady and not losses[-1] > RISE * losses[lowest]:
        return
    best, last = card.epochs[rows[lowest]], card.epochs[rows[-1]]
    better = _better(best, last)
    low, end = best.validation_loss, last.validation_loss
    if low is None or end is None or end.low is None or low.high is None or end.low <= low.high:
        return
    message = f"validation loss {end.text} at {row_name(card, rows[-1])} after {low.text} at {row_name(card, rows[lowest])}"
    worked = {"ratio": round(losses[-1] / losses[lowest], 4) if losses[lowest] else None, "better_at_the_end": better}
    far = losses[-1] > GRAVE * losses[lowest] and losses[-1] - losses[lowest] > LEAST_RISE
    grave = far and not better and not _reports_earlier_row(card, end)
    at = (end.span, low.span)
    yield Hit(message, at, worked) if grave else Hit(message, at, worked, "note", "info", "proven")


def _loss(row: EpochRow) -> float:
    number = row.validation_loss
    return float(number.value) if number and number.value is not None else float("nan")


def _reports_earlier_row(card: Card, last: Printed) -> bool:
    """Whether the headline's loss is another row's than the last: the best checkpoint was kept."""
    stated = summed_up(card, "loss")
    return stated is not None and stated.value != last.value


def _better(early: EpochRow, late: EpochRow) -> list[str]:
    """Metrics that are better in the late row."""
    names = []
    for key in late.metrics:
        before, after, upward = cell(early, key), cell(late, key), higher_is_better(key)
        if before is None or after is None or before.value is None or after.value is None or upward is None:
            continue
        if (after.value > before.value) if upward else (after.value < before.value):
            names.append(key)
    return names
