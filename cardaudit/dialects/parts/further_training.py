"""A second and further training table: its numbers are results, told apart by the heading above it, the epoch and the step."""

from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.epoch_table import ROLES, columns_of
from cardaudit.dialects.parts.numbers import read_cell
from cardaudit.document import Table
from cardaudit.records import EpochRow, Result

EITHER_SIDE = 2


def is_timed(table: Table) -> bool:
    """Whether the first column holds numbers or "No log", as in a training table, and no names of models."""
    first = columns_of([cell.text for cell in table.header.cells[:1]])
    if first and first[0].key in ROLES.values():
        return True
    filled = [row.cells[0] for row in table.rows if row.cells and row.cells[0].text]
    return sum(read_cell(cell.text, cell.start) is None for cell in filled) * 2 < max(len(filled), 1)


def continued(rows: Sequence[EpochRow], before: Sequence[EpochRow]) -> tuple[EpochRow, ...]:
    """The rows that go on from an earlier table's: they begin one step's interval behind its end; none where they do not."""
    steps = [row.step.value for row in (*before[-2:], *rows[:2]) if row.step and row.step.value is not None]
    same = rows and before and rows[0].metrics.keys() == before[-1].metrics.keys()
    if not same or len(steps) != EITHER_SIDE * 2:
        return ()
    evenly = steps[1] - steps[0] == steps[2] - steps[1] == steps[3] - steps[2] > 0
    return tuple(rows) if evenly else ()


def results_of(rows: Sequence[EpochRow], heading: str) -> Iterator[Result]:
    """Each loss and metric of the rows; `setting` is "Run 2, epoch 3.0, step 1500" with the heading's words first."""
    for row in rows:
        times = [f"{name} {time.text}" for name, time in (("epoch", row.epoch), ("step", row.step)) if time]
        setting = ", ".join([heading or "a further training table", *times])
        losses = (("training_loss", row.training_loss), ("loss", row.validation_loss))
        for metric, number in (*losses, *row.metrics.items()):
            if number is not None and number.value is not None:
                yield Result(metric, number, setting=setting)
