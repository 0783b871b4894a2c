"""Training tables that lost their pipes or their separator on the way into prose.

A header is a line that is nothing but known column names ("Training Loss Epoch Step Validation Loss F1"); its rows follow, cells
by pipes, by wide blanks or by words.
"""

import re
from collections.abc import Sequence

from cardaudit.dialects.parts.epoch_table import DOTS, ROLES, Column, columns_of, is_epoch_table
from cardaudit.dialects.parts.names import is_metric, metric_key
from cardaudit.document import Cell, Line, Row, Table, split_row
from cardaudit.patterns import deferred

WIDE_BLANK = deferred(r"[^\S\n ]+| {2,}")
WORD = deferred(r"No log|\S+", re.I)
RULE = deferred(r"[-:|=+ \t]{4,}")
MAY_BE_ROW = deferred(r"\d|[-|:=+ \t]{4}|^\s*[.…⋮]")
LONGEST_HEADER = 400
LONGEST_LINE = 2_000
MOST_WORDS_IN_NAME = 4
TIMES_AND_LOSSES = frozenset(ROLES.values())


def tells_table(text: str) -> bool:
    """Whether lines may hold a lost table: a quick look at all of them."""
    if "|" in text:
        return True
    lowered = text.lower()
    return "epoch" in lowered or "step" in lowered


def find_lost_tables(lines: Sequence[Line]) -> list[Table]:
    """The training tables in lines of text, and those of results whose cells pipes part, in order."""
    tables, at, tried = [], 0, 0
    while at + 1 < len(lines):
        text = lines[at].text
        piped, tried = _piped(lines, at) if "|" in text and at >= tried else (None, tried)
        if piped is not None:
            tables.append(piped)
            at = tried
            continue
        header = _header(lines[at]) if _tells_time(text) and MAY_BE_ROW.search(lines[at + 1].text) else None
        rows, end = _rows(lines, at + 1, len(header.cells)) if header else ([], at + 1)
        if header and rows:
            tables.append(Table(header, lines[at + 1], tuple(rows)))
        at = end if rows else at + 1
    return tables


def _piped(lines: Sequence[Line], at: int) -> tuple[Table | None, int]:
    """A table of results without its separator, or with one of another kind ("+---+"), and the index behind its lines."""
    if lines[at].text.count("|") < 2 or len(lines[at].text) > LONGEST_LINE:
        return None, at
    header, rows, end = split_row(lines[at]), list[Row](), at + 1
    while end < len(lines) and len(lines[end].text) <= LONGEST_LINE:
        bare = lines[end].text.strip()
        if not RULE.fullmatch(bare):
            row = split_row(lines[end])
            if "|" not in bare or len(row.cells) != len(header.cells):
                break
            rows.append(row)
        end += 1
    if not rows:
        return None, end
    from cardaudit.dialects.parts.result_tables import read_results  # what it needs takes long to import

    table = Table(header, lines[at + 1], tuple(rows))
    return (table if read_results(table).results else None), end


def _tells_time(text: str) -> bool:
    """Whether a line is short enough to be a header, and names an epoch or a step."""
    lowered = text.lower() if len(text) <= LONGEST_HEADER else ""
    return "epoch" in lowered or "step" in lowered


def _header(line: Line) -> Row | None:
    if "|" in line.text:
        row = split_row(line)
    elif WIDE_BLANK.search(line.text.strip()):
        row = _split_by(WIDE_BLANK, line)
    else:
        row = _split_by_names(line)
    columns = columns_of([cell.text for cell in row.cells])
    known = len(columns) > 2 and all(map(_is_known, columns))
    return row if known and is_epoch_table(columns) else None


def _is_known(column: Column) -> bool:
    return column.key in TIMES_AND_LOSSES or is_metric(column.key)


def _split_by(blank: re.Pattern[str], line: Line) -> Row:
    cells, start = [], 0
    for found in [*blank.finditer(line.text), None]:
        end = found.start() if found else len(line.text)
        if line.text[start:end].strip():
            cells.append(Cell(line.start + start, line.text[start:end].strip()))
        start = found.end() if found else end
    return Row(line, tuple(cells))


def _split_by_names(line: Line) -> Row:
    """Columns parted by single blanks: the longest known name from each word on, up to the first that is none."""
    words = list(re.finditer(r"\S+", line.text))
    cells, at = [], 0
    while at < len(words):
        for length in range(min(MOST_WORDS_IN_NAME, len(words) - at), 0, -1):
            text = line.text[words[at].start() : words[at + length - 1].end()]
            if length == 1 or _is_name(text):
                cells.append(Cell(line.start + words[at].start(), text))
                at = at + length if _is_known(columns_of([text])[0]) else len(words)
                break
    return Row(line, tuple(cells))


def _is_name(text: str) -> bool:
    words = text.lower().split()
    if "_".join(words) in ROLES:
        return True
    starts_new = any("_".join(words[:n]) in ROLES or "_".join(words[n:]) in ROLES for n in range(1, len(words)))
    whole = is_metric(metric_key(text)) and not is_metric(metric_key(" ".join(words[:-1])))
    return whole and not starts_new


def _rows(lines: Sequence[Line], at: int, columns: int) -> tuple[list[Row], int]:
    rows = []
    while at < len(lines):
        text = lines[at].text.strip()
        row = _row(lines[at], columns)
        if row is not None:
            rows.append(row)
        elif not RULE.fullmatch(text):
            break
        at += 1
    while rows and rows[-1].cells[0].text in DOTS:
        rows.pop()
    return rows, at


def _row(line: Line, columns: int) -> Row | None:
    text = line.text.strip()
    if text in DOTS:
        return Row(line, (Cell(line.start + line.text.index(text), text),))
    if len(text) > LONGEST_HEADER or RULE.fullmatch(text):
        return None
    if "|" in text:
        row = split_row(line)
    else:
        row = _split_by(WIDE_BLANK, line)
        if len(row.cells) != columns:
            row = Row(line, tuple(Cell(line.start + word.start(), word[0]) for word in WORD.finditer(line.text)))
    numbers = sum(any(c.isdigit() for c in cell.text) for cell in row.cells)
    return row if numbers >= 2 and len(row.cells) <= columns and all(len(cell.text) < 24 for cell in row.cells) else None
