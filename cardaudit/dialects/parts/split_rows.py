"""Rows whose cells each hold several lines ("AIME 2024<br>AIME 2025 | 79.8<br>70.0"), as a row for each line."""

from collections.abc import Iterator

from cardaudit.document import Cell, Row, Table
from cardaudit.patterns import deferred

BREAK = deferred(r"<br ?/?>")
FEWEST = 2
MOST = 40


def with_split_rows(table: Table) -> Table:
    """The table, where rows have as many lines in each cell but the first ones, which name them all, with a row for each line."""
    if not any("<br" in cell.text for row in table.rows[:MOST] for cell in row.cells[1:]):
        return table
    return table._replace(rows=tuple(each for row in table.rows for each in _split(row)))


def _split(row: Row) -> Iterator[Row]:
    parts = [list(_parts(cell)) for cell in row.cells]
    counts = {len(each) for each in parts if len(each) > 1}
    single = [at for at, each in enumerate(parts) if len(each) == 1 and row.cells[at].text]
    if len(counts) != 1 or len(parts) - len(single) < FEWEST or not all(at == 0 for at in single):
        yield row
        return
    for line in range(counts.pop()):
        cells = [each[line] if len(each) > 1 else _first(each[0], line) for each in parts]
        yield Row(row.line, tuple(cells))


def _first(cell: Cell, line: int) -> Cell:
    """A cell of one line stands in the first of the rows; blanks below it repeat it."""
    return cell if line == 0 else Cell(cell.start + len(cell.text), "")


def _parts(cell: Cell) -> Iterator[Cell]:
    at = 0
    for end, after in [*((found.start(), found.end()) for found in BREAK.finditer(cell.text)), (len(cell.text), 0)]:
        words = cell.text[at:end]
        yield Cell(cell.start + at + len(words) - len(words.lstrip()), words.strip())
        at = after
