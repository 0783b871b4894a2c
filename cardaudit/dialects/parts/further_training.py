"""A second and further training table: its numbers are results, told apart by the heading above it, the epoch and the step."""

from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.epoch_table import ROLES, columns_of
from cardaudit.dialects.parts.numbers import read_cell
from cardaudit.document import Table
from cardaudit.records import EpochRow, Result


def is_timed(table: Table) -> bool:
    """Whether the first column holds numbers or "No log", as in a training table, and no names of models."""
    first = columns_of([cell.text for cell in table.header.cells[:1]])
    if first and first[0].key in ROLES.values():
        return True
    filled = [row.cells[0] for row in table.rows if row.cells and row.cells[0].text]
    return sum(read_cell(cell.text, cell.start) is None for cell in filled) * 2 < max(len(filled), 1)


def results_of(rows: Sequence[EpochRow], heading: str) -> Iterator[Result]:
    """Each loss and metric of the rows; `setting` is "Run 2, epoch 3.0, step 1500" with the heading's words first."""
    for row in rows:
        times = [f"{name} {time.text}" for name, time in (("epoch", row.epoch), ("step", row.step)) if time]
        setting = ", ".join([heading or "a further training table", *times])
        losses = (("training_loss", row.training_loss), ("loss", row.validation_loss))
        for metric, number in (*losses, *row.metrics.items()):
            if number is not None and number.value is not None:
                yield Result(metric, number, setting=setting)
