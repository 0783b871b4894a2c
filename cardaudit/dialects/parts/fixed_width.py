"""Reports set in columns by blanks: classification reports of scikit-learn and seqeval, and tables like them.

A header is a line of metrics' names; a row is a name with numbers behind it. A row with fewer numbers than columns ("accuracy")
is set under the columns whose right edges its numbers share.
"""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.html_table import Found, html_tables
from cardaudit.dialects.parts.numbers import has_digit
from cardaudit.document import Cell, Line, Row, Table
from cardaudit.facts import load
from cardaudit.patterns import deferred

NAME = deferred(r"\S+(?:[ ]\S+)*")
WORD = deferred(r"\S+")
BLANK = r"[^\S\n]"  # of any width: also the ideographic one and those that do not break
NUMBERS = deferred(rf"(?P<name>[^\t]*?)(?P<numbers>(?:{BLANK}+[-+]?\d+(?:[.,]\d+)?%?)+){BLANK}*")
WIDE = deferred(r"[^\S\n ]|[ ]{2}")
NUMBER_IN_NAME = deferred(r"\d[.,]\d")
TWO_COLUMNS_WIDE = "\u2e80"  # from here on a character takes as much room as two letters: edges counted in characters lie
NUMBER = deferred(r"[-+]?\d[\d.,]*%?")
INDEX = r"\n[ \t]*(?P<index>models?|datasets?|tasks?|benchmarks?)[ \t\r]*(?=\n)"
ROW_BELOW = deferred(rf"(?:{INDEX})?+\s*+[^\n]*{BLANK}[-+]?\d[\d.,]*%?{BLANK}*(?:\n|\Z)", re.I)
COUNTS = frozenset(("support", "number", "count", "n"))
TWO_BELOW = deferred(r"(?:\s*+[^\n]*+){2}")
LONGEST_LINE = 200
LONGEST_INDEX = 16
MOST_ROWS = 2_000
EDGE = 4


def find_set_tables(text: str, lines: Sequence[Line]) -> list[Found]:
    """The tables of HTML and of fixed width that begin in lines, in order; they may end beyond them."""
    if not lines:
        return []
    begin, end = lines[0].start, lines[-1].end
    if text.find("<", begin, end) >= 0 and (found := list(html_tables(text, begin, end))):
        return found
    if not has_digit(text[lines[0].end : _end_of_two_below(text, end)]):
        return []
    return list(find_reports(text, lines))


def lines_outside(lines: Sequence[Line], begin: int, found: Sequence[Found]) -> list[Line]:
    """The lines from an offset on that lie in none of the tables, which are in order."""
    outside, at = [], 0
    for line in lines:
        while at < len(found) and found[at].end <= line.start:
            at += 1
        if line.start >= begin and (at == len(found) or line.start < found[at].start):
            outside.append(line)
    return outside


def find_reports(text: str, lines: Sequence[Line]) -> Iterator[Found]:
    """The reports whose header is among the lines; their rows may reach beyond them, over blank lines."""
    done = 0
    for line in lines:
        start, header = line
        end = start + len(header)
        if not _may_be_row(text, end) or len(header) > LONGEST_LINE or "|" in header or ":" in header or start < done:
            continue
        below = ROW_BELOW.match(text, end)
        columns = _header(line, below["index"] is not None) if below else []
        report = _report(text, line, columns, below) if below and columns else None
        if report is not None:
            done = report.end
            yield report


def _end_of_two_below(text: str, at: int) -> int:
    """The end of the second line with words below an offset: a header's first row stands there or above."""
    below = TWO_BELOW.match(text, at)
    return below.end() if below else at


def _may_be_row(text: str, above: int) -> bool:
    """A quick look at what stands below the line that ends at an offset: what ends in a letter is no row, if long no index."""
    below = above + 1
    while text.startswith("\n", below):
        below += 1
    end = text.find("\n", below)
    if end - above < LONGEST_INDEX or text[below] in " \t\r":
        return True
    last = text[end - 2] if text[end - 1] in ".," else text[end - 1]
    return not last.isalpha()


def _header(line: Line, is_indexed: bool) -> list[Cell]:
    """The columns of a header line: two or more metrics, and nothing else but a count and one name in front.

    One is enough where the line below names the rows, as pandas prints a table with an index ("score" over "model").
    """
    text = line.text
    if has_digit(text.replace("f1", "").replace("F1", "")):
        return []
    from cardaudit.dialects.parts.table_labels import metric_of  # its expressions take longer to compile than a card to read

    for pattern in (NAME, WORD):
        cells = [Cell(line.start + found.start(), found[0]) for found in pattern.finditer(text)]
        named = [cell for cell in cells if _is_column(cell.text)]
        if is_indexed and cells and (named == cells or [cell.text.lower() for cell in cells] == ["score"]):
            return cells
        behind = cells[1:] if cells and not _is_column(cells[0].text) else cells
        if named == behind and sum(metric_of(cell.text) is not None for cell in named) >= 2:
            return behind
    return []


def _is_column(name: str) -> bool:
    from cardaudit.dialects.parts.table_labels import metric_of

    return (
        name.lower() in COUNTS
        or name.lower() in load("table_words")["of_classes"]
        or (metric_of(name) is not None and len(name) < 30)
    )


def _report(text: str, header: Line, columns: list[Cell], below: re.Match[str]) -> Found | None:
    rows: list[Row] = []
    index = below["index"]
    end = below.end("index") if index else header.end
    for line in _lines_from(text, end):
        if not line.text.strip():
            continue
        row = _row(line, header, columns)
        if row is None or len(rows) >= MOST_ROWS:
            break
        rows.append(row)
        end = line.span.end
    if not rows:
        return None
    cells = (Cell(below.start("index"), index) if index else Cell(header.start, ""), *columns)
    return Found(header.start, end, Table(Row(header, cells), header, tuple(rows)))


def _lines_from(text: str, at: int) -> Iterator[Line]:
    """The lines behind the one that ends at an offset."""
    at = text.find("\n", at)
    while at >= 0:
        end = text.find("\n", at + 1)
        yield Line(at + 1, text[at + 1 : end if end >= 0 else len(text)].rstrip("\r"))
        at = end


def _row(line: Line, header: Line, columns: list[Cell]) -> Row | None:
    found = NUMBERS.fullmatch(line.text) if len(line.text) <= LONGEST_LINE else None
    if found is None:
        return None
    begin = found.start("numbers")
    numbers = [Cell(line.start + at.start(), at[0]) for at in NUMBER.finditer(line.text, begin)]
    name = found["name"].strip()
    if len(numbers) == len(columns) + 1 and not name:
        name, numbers = numbers[0].text, numbers[1:]
    if len(numbers) > len(columns) or not name:
        return None
    start = line.start + line.text.find(name)
    if len(numbers) < len(columns) and not _is_set_under(line.text.strip(), name, header.text.strip()):
        return None
    cells = numbers if len(numbers) == len(columns) else _by_edge(numbers, line, header, columns)
    return Row(line, (Cell(start, name), *cells)) if cells else None


def _is_set_under(text: str, name: str, header: str) -> bool:
    """Whether a row with fewer numbers than columns is set by blanks under its header, so that edges tell whose they are."""
    told = NUMBER_IN_NAME.search(name) is None and max(name) < TWO_COLUMNS_WIDE
    return told and WIDE.search(header) is not None and WIDE.search(text) is not None


def _by_edge(numbers: list[Cell], line: Line, header: Line, columns: list[Cell]) -> list[Cell]:
    """The numbers under the columns whose right edges they share; none where one fits no column."""
    edges = [column.span.end - header.start for column in columns]
    cells = [Cell(line.start, "") for _ in columns]
    for number in numbers:
        edge = number.span.end - line.start
        at = min(range(len(edges)), key=lambda index: abs(edges[index] - edge))
        if abs(edges[at] - edge) > EDGE or cells[at].text:
            return []
        cells[at] = number
    return cells
