"""The training table: which column is what, rows that do not fit their header, rows that dots stand for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import NamedTuple

from cardaudit.dialects.parts.dict_cells import numbers_of_dict
from cardaudit.dialects.parts.names import is_metric, metric_key
from cardaudit.dialects.parts.numbers import is_integer, read_cell
from cardaudit.document import Cell, Row, Table
from cardaudit.records import EpochRow, Printed, Span

ROLES: Mapping[str, str] = {
    "training_loss": "training_loss",
    "train_loss": "training_loss",
    "epoch": "epoch",
    "epochs": "epoch",
    "step": "step",
    "steps": "step",
    "global_step": "step",
    "validation_loss": "validation_loss",
    "valid_loss": "validation_loss",
    "val_loss": "validation_loss",
    "evaluation_loss": "validation_loss",
    "eval_loss": "validation_loss",
}
FIXED = ("epoch", "step", "training_loss", "validation_loss")
DOTS = frozenset(("...", "…", "..", "....", "⋮"))
MOST_ALIGNMENTS = 60
MOST_REPAIRED = 1_000  # rows of a table that are tried in many alignments
LOOKED_BACK = 20
MOST_HEADERS = 1_000  # that are kept: a header is asked for several times, and most generators write few


class Column(NamedTuple):
    """`key` is one of FIXED or a metric's key; `label` as printed."""

    key: str
    label: str


class Reading(NamedTuple):
    """A training table, read: its rows, and the lines of dots between them."""

    rows: tuple[EpochRow, ...]
    elided: tuple[Span, ...]


class Known(NamedTuple):
    """What the card says elsewhere, for rows that must be put right: the last epoch planned and the loss reported."""

    num_epochs: Decimal | None = None
    loss: Decimal | None = None


def columns_of(cells: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a header; a name that comes twice gets a number."""
    return _columns_of(tuple(cells))


@lru_cache(MOST_HEADERS)
def _columns_of(cells: tuple[str, ...]) -> tuple[Column, ...]:
    columns, seen = [], dict[str, int]()
    for label in cells:
        words = label.strip("*_` ")
        key = "_".join(words.lower().replace("-", " ").split())
        key = ROLES.get(key) or metric_key(words)
        seen[key] = seen.get(key, 0) + 1
        columns.append(Column(key if seen[key] == 1 else f"{key}_{seen[key]}", words))
    return tuple(columns)


def is_epoch_table(columns: Sequence[Column]) -> bool:
    """Whether a header is that of a training table: a time (epoch or step), and a loss, a metric or a reward."""
    keys = {column.key for column in columns}
    timed = bool(keys & {"epoch", "step"})
    return timed and (
        bool(keys & {"training_loss", "validation_loss"}) or any(is_metric(key) or key.endswith("reward") for key in keys)
    )


def is_trainer_table(columns: Sequence[Column]) -> bool:
    """Whether a header is the one that `transformers.TrainingSummary` writes."""
    return {column.key for column in columns} >= set(FIXED)


def read_epoch_table(table: Table, known: Known) -> Reading:
    """The rows of a training table. A row that fits no reading is left out, so that its numbers count as unread."""
    columns = columns_of([cell.text for cell in table.header.cells])
    rows: list[EpochRow] = []
    elided = []
    for at, row in enumerate(table.rows):
        if _is_elided(row):
            elided.append(row.line.span)
        elif (at < MOST_REPAIRED or _fits_header(row, columns)) and (read := _read_row(row, columns, rows, known)) is not None:
            rows.append(read)
    return Reading(tuple(rows), tuple(elided))


def _is_elided(row: Row) -> bool:
    filled = [cell.text for cell in row.cells if cell.text]
    return bool(filled) and all(text.strip("* ") in DOTS for text in filled)


def _fits_header(row: Row, columns: Sequence[Column]) -> bool:
    return len(row.cells) == len(columns) or (
        len(row.cells) > len(columns) and not any(cell.text for cell in row.cells[len(columns) :])
    )


def _read_row(row: Row, columns: Sequence[Column], before: Sequence[EpochRow], known: Known) -> EpochRow | None:
    if _fits_header(row, columns):
        cells = _by_key(row.cells, columns)
        moved = _step_in_epoch(cells, before, known)
        return _row(row, *moved) if moved else _row(row, cells, None) if any(cells.values()) else None
    filled = [cell for cell in row.cells if cell.text]
    if not filled or len(filled) > len(columns) or comb(len(columns), len(filled)) > MOST_ALIGNMENTS:
        return None
    fitting = [each for each in _alignments(filled, columns) if _fits(each, before, known)]
    if len(fitting) != 1:
        return None if fitting else _before_crammed(row, columns, before, known)
    missing = ", ".join(column.label for column in columns if column.key not in fitting[0])
    return _row(
        row, fitting[0], f"{len(row.cells)} cells under {len(columns)} headings: read by their values, with none for {missing}"
    )


def _before_crammed(row: Row, columns: Sequence[Column], before: Sequence[EpochRow], known: Known) -> EpochRow | None:
    """A row that lost the marks between its last cells: what stands before the cell that holds several numbers."""
    at = next((at for at, cell in enumerate(row.cells) if read_cell(cell.text, cell.start) is None), 0)
    numbers = row.cells[at].text.split()
    if at < 2 or at + 1 != len(row.cells) or len(numbers) < len(columns) - at or not all(text[0].isdigit() for text in numbers):
        return None
    cells = _by_key(row.cells[:at], columns)
    if not _fits(cells, before, known):
        return None
    missing = ", ".join(column.label for column in columns[at:])
    return _row(row, cells, f"{len(row.cells)} cells under {len(columns)} headings: read up to the last, with none for {missing}")


def _by_key(cells: Sequence[Cell], columns: Sequence[Column]) -> dict[str, Printed]:
    read: dict[str, Printed] = {}
    for cell, column in zip(cells, columns, strict=False):
        if cell.text[:1] == "{":
            read.update(numbers_of_dict(cell.text, cell.start, column.label))
            continue
        number = read_cell(cell.text, cell.start, column.label) if cell.text else None
        if number is not None:
            read[column.key] = number
    return read


def _row(row: Row, cells: Mapping[str, Printed], repair: str | None) -> EpochRow:
    metrics = {key: number for key, number in cells.items() if key not in FIXED}
    get = cells.get
    return EpochRow(row.line.span, get("epoch"), get("step"), get("training_loss"), get("validation_loss"), metrics, repair)


def _step_in_epoch(
    cells: Mapping[str, Printed], before: Sequence[EpochRow], known: Known
) -> tuple[dict[str, Printed], str] | None:
    """A row whose step slid under Epoch: an integer beyond any epoch, with nothing under Step."""
    epoch = cells.get("epoch")
    if epoch is None or "step" in cells or epoch.value is None or not is_integer(epoch):
        return None
    last_step = max((row.step.value for row in before[-LOOKED_BACK:] if row.step and row.step.value is not None), default=None)
    beyond = epoch.value > known.num_epochs if known.num_epochs else last_step is not None
    if not beyond or (last_step is not None and epoch.value < last_step):
        return None
    moved = {key: number for key, number in cells.items() if key != "epoch"} | {"step": epoch}
    moves = [f"{epoch.text} from {epoch.label} to Step"]
    loss = cells.get("training_loss")
    if loss is not None and "validation_loss" not in cells and loss.value == known.loss is not None:
        del moved["training_loss"]
        moved["validation_loss"] = loss
        moves.append(f"{loss.text} from {loss.label} to Validation Loss, the loss that the card reports")
    count = "1 cell" if len(moves) == 1 else f"{len(moves)} cells"
    return moved, f"{count} moved: {'; '.join(moves)}"


def _alignments(cells: Sequence[Cell], columns: Sequence[Column]) -> list[dict[str, Printed]]:
    found = []
    for chosen in combinations(columns, len(cells)):
        read = _by_key(cells, chosen)
        if len(read) == len(cells):
            found.append(read)
    return found


def _fits(cells: Mapping[str, Printed], before: Sequence[EpochRow], known: Known) -> bool:
    """Whether step and epoch hold what such columns hold, and no other column an integer that a step would be."""
    last = before[-1] if before else None
    step, epoch = cells.get("step"), cells.get("epoch")
    if step is not None and not (is_integer(step) and _grows(last.step if last else None, step)):
        return False
    if epoch is not None and not _grows(last.epoch if last else None, epoch):
        return False
    if epoch is not None and last and last.epoch and is_integer(epoch) != is_integer(last.epoch):
        return False
    if epoch is not None and epoch.value is not None and known.num_epochs and epoch.value > known.num_epochs:
        return False
    if step is None and any(is_integer(number) for key, number in cells.items() if key != "epoch"):
        return False
    return step is not None or epoch is not None


def _grows(before: Printed | None, now: Printed) -> bool:
    if before is None or before.value is None:
        return now.value is not None
    return now.value is not None and now.value >= before.value
