"""Rows of a results table that only head the rows below them: "**Reasoning**" alone in its row, or in a cell over all columns."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cardaudit.dialects.parts.names import is_named
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.table_labels import Role, bare, read_label
from cardaudit.document import Row

LONGEST = 60
AVERAGES = frozenset(("overall", "average", "avg", "mean", "total", "average score", "overall average"))
EMPHASIS = ("*", "_", "<")


class Sections(NamedTuple):
    """`rows` without the heads; `heads` are those; `of_row` names the section of each row that has one, by its line's start."""

    rows: tuple[Row, ...]
    heads: tuple[Row, ...]
    of_row: Mapping[int, str]


def sections_of(rows: Sequence[Row], width: int) -> Sections:
    """The rows under their heads. A first cell alone is a head where the row is short, first, or sets it apart by emphasis.

    In a table whose first row is a head, any first cell alone is one; else it may be a name whose numbers are missing.
    """
    kept, heads = list[Row](), list[Row]()
    of_row: dict[int, str] = {}
    section, led = "", False
    for at, row in enumerate(rows):
        name = _lone_name(row) if width > 1 else None
        if name and (at == 0 or led or len(row.cells) < width or _stands_out(row)):
            section, led = name, led or at == 0
            heads.append(row)
            continue
        kept.append(row)
        if section:
            of_row[row.line.start] = section
    if len(heads) > 1 and kept and _is_of_all(kept):
        of_row.pop(kept[-1].line.start, None)
    return Sections(tuple(kept), tuple(heads), of_row) if kept else Sections(tuple(rows), (), {})


def _is_of_all(rows: Sequence[Row]) -> bool:
    """Whether the last row, and no other, is an average: over the sections, not of the last one."""
    averages = [bare(row.cells[0].text).lower().rstrip(".") in AVERAGES for row in rows]
    return averages[-1] and sum(averages) == 1


def section_role(section: str | None) -> Role:
    """What a section's name says of its rows: a benchmark, a split, a model or a metric's own name, else a setting."""
    if not section:
        return Role()
    said = read_label(section)
    plain = said.known and not (said.metric and not is_named(said.metric))
    return said if plain else Role(setting=section)


def _lone_name(row: Row) -> str | None:
    """The only text of a row, in its first cell or in all of its cells; None where it is a number or a sentence."""
    first = row.cells[0].text
    if not first or any(cell.text and cell.text != first for cell in row.cells):
        return None
    filled = sum(1 for cell in row.cells if cell.text)
    name = bare(first)
    whole = filled == 1 or filled == len(row.cells)
    if not whole or not any(c.isalpha() for c in name) or len(name) > LONGEST or read_value(name, 0, whole=True):
        return None
    return name


def _stands_out(row: Row) -> bool:
    """Whether a row sets its name apart: by emphasis, or by a cell over all columns."""
    return row.cells[0].text.startswith(EMPHASIS) or all(cell.text for cell in row.cells)
