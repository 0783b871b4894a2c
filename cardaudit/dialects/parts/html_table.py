"""HTML tables inside Markdown as tables of cells, each with its offset in the card's text.

Tags within a cell become blanks of the same length, so that a number keeps its place. A cell that spans rows or columns stands in
each of them if it holds words, and only once if it holds a number. One pass over the text; what is never closed ends with it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.document import Cell, Line, Row, Table
from cardaudit.patterns import deferred

TOKEN = deferred(r"<!--|<(?P<close>/?)(?P<name>table|tr|td|th)\b(?P<rest>[^<>]{0,500})>", re.I)
SPAN = deferred(r"(row|col)span\s*=\s*[\"']?(\d{1,2})", re.I)
INNER = deferred(r"<[^<>]{1,500}>|&nbsp;|&#160;|[\r\n\t]")
MOST_CELLS = 60_000


class Piece(NamedTuple):
    """A cell as written: `rows` and `columns` are how many of each it spans."""

    cell: Cell
    rows: int
    columns: int


class Found(NamedTuple):
    """A table with the range of text that it takes."""

    start: int
    end: int
    table: Table | None


def html_tables(text: str, begin: int, end: int) -> Iterator[Found]:
    """The tables that open between two offsets; `table` is None for one without two rows of cells."""
    start = _opening(text, begin, end)
    last_comment = text.rfind("-->") if start >= 0 else -1
    while start >= 0:
        close, rows = _rows(text, start, last_comment)
        yield Found(start, close, _table(text, rows))
        start = _opening(text, max(close, start + 1), end)


def _opening(text: str, at: int, end: int) -> int:
    while at < end:
        start = text.find("<", at, end)
        if start < 0:
            return -1
        if text[start + 1 : start + 6].lower() == "table":
            return start
        at = start + 1
    return -1


def _rows(text: str, start: int, last_comment: int) -> tuple[int, list[list[Piece]]]:
    """The end of a table that opens at `start`, and its cells row by row."""
    rows: list[list[Piece]] = []
    opened: tuple[int, str] | None = None
    fresh = True
    for token in _tokens(text, start + 1, last_comment):
        name = token["name"].lower()
        if opened is not None:
            if fresh or not rows:
                rows.append([])
                fresh = False
            rows[-1].append(_piece(text, opened[0], token.start(), opened[1]))
            opened = None
        if name == "table":
            return (token.end() if token["close"] else token.start()), rows
        if name == "tr":
            fresh = True
        elif not token["close"]:
            opened = token.end(), token["rest"]
    return len(text), rows


def _tokens(text: str, at: int, last_comment: int) -> Iterator[re.Match[str]]:
    """The tags of tables outside comments."""
    while token := TOKEN.search(text, at):
        at = token.end()
        if token["name"]:
            yield token
        elif at <= last_comment:
            at = text.find("-->", at)


def _piece(text: str, start: int, end: int, attributes: str) -> Piece:
    raw = INNER.sub(lambda found: " " * len(found[0]), text[start:end])
    bare = raw.lstrip()
    spans = {found[1].lower(): max(int(found[2]), 1) for found in SPAN.finditer(attributes)}
    return Piece(Cell(start + len(raw) - len(bare), bare.rstrip()), spans.get("row", 1), spans.get("col", 1))


def _table(text: str, rows: list[list[Piece]]) -> Table | None:
    grid = _spread(_with_blank_corner(rows))
    if len(grid) < 2:
        return None
    made = [Row(_line(text, cells), tuple(cells)) for cells in grid]
    return Table(made[0], Line(made[0].line.start, ""), tuple(made[1:]))


def _with_blank_corner(rows: list[list[Piece]]) -> list[list[Piece]]:
    """A header that has no cell above a first column of cells that span rows, one for each group, gets a blank one."""
    header, *below = rows or [[]]
    if not header or len(below) < 2 or below[0][0].rows < 2 or any(piece.rows > 1 or piece.columns > 1 for piece in header):
        return rows
    widths, hanging = set(), 0
    for row in below:
        opens = row[0].rows > 1
        if opens and hanging:
            return rows
        widths.add(sum(piece.columns for piece in row) + (hanging > 0))
        hanging = row[0].rows - 1 if opens else max(hanging - 1, 0)
    if widths != {len(header) + 1}:
        return rows
    return [[Piece(Cell(header[0].cell.start, ""), 1, 1), *header], *below]


def _line(text: str, cells: list[Cell]) -> Line:
    """From the first to the last cell that the row itself holds."""
    own = [cell for cell in cells if cell.text] or cells
    last = max(own, key=lambda cell: cell.start)
    first = min((cell for cell in own if cell.start > last.start - 4000), key=lambda cell: cell.start)
    return Line(first.start, text[first.start : last.start + len(last.text)])


def _spread(rows: list[list[Piece]]) -> list[list[Cell]]:
    """Rows of equal cells: what spans is repeated, a number that spans leaves blanks."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    total = 0
    for row in rows:
        cells: list[Cell] = []
        if hanging and grid and sum(piece.columns for piece in row) >= len(grid[0]):
            hanging.clear()  # a row that is whole by itself ends what was said to span it
        pieces = iter(row)
        while True:
            if len(cells) in hanging:
                cell, left = hanging.pop(len(cells))
                if left > 1:
                    hanging[len(cells)] = cell, left - 1
                cells.append(cell)
                continue
            piece = next(pieces, None)
            if piece is None:
                break
            blank = Cell(piece.cell.start, "" if piece.cell.text[:1].isdigit() else piece.cell.text)
            for at in range(piece.columns):
                if piece.rows > 1:
                    hanging[len(cells)] = blank, piece.rows - 1
                cells.append(blank if at else piece.cell)
        total += len(cells)
        if total > MOST_CELLS:
            return []
        if cells:
            grid.append(cells)
    return grid
