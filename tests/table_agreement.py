"""Do our tables stand where markdown-it-py 4 (CommonMark with GitHub's tables) sees them? Each difference gets its cause."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from cardaudit.document import Document, Row, Table, read_document

IN_HTML = "only ours: inside HTML or a comment, which CommonMark leaves as it is"
IN_FENCE = "only ours: below a fence that nothing closes, which CommonMark ends with the text"
IN_CODE = "only ours: indented by four blanks, which CommonMark takes for code"
UNDER_BULLET = "only ours: right under a bullet, which CommonMark lets swallow the table"
IN_PARAGRAPH = "only ours: after a line that CommonMark reads on"
ENDED_TWICE = "only ours: its lines end twice (CR CR LF), which CommonMark takes for blank lines between them"
AS_HEADING = "only theirs: its rule underlines a heading for us"
IN_OUR_CODE = "only theirs: inside what is code or a comment for us"
IN_OUR_TABLE = "only theirs: it begins among the rows of a table of ours"
NO_PIPE = "only theirs: neither its header nor its rule has a pipe"
TEXT_AS_ROW = "rows: GitHub makes the text right below a table a row of it"
MORE_ROWS = "rows: ours takes an indented or bulleted line with a pipe, where CommonMark ends the table"
CELLS = "cells differ"
UNKNOWN = "unknown"
REASONS = {
    IN_HTML: "authors wrap tables in tags to place or fold them; the numbers are meant",
    IN_FENCE: "the author forgot to close it: the headings below are meant",
    IN_CODE: "a table that is indented by mistake is read; one in a fence is not",
    UNDER_BULLET: "authors meant a table; CommonMark shows its pipes as text",
    IN_PARAGRAPH: "as above",
    ENDED_TWICE: "a tool of Windows wrote each line end twice; the table is meant",
    AS_HEADING: "a single column without pipes is a heading for readers",
    IN_OUR_CODE: "our error",
    IN_OUR_TABLE: "our error",
    NO_PIPE: "a single column without pipes is a heading for readers",
    TEXT_AS_ROW: "a sentence below a table is no row of numbers",
    MORE_ROWS: "a cell wrapped by hand: its row goes on",
    CELLS: "our error",
    UNKNOWN: "not yet known",
}


class Seen(NamedTuple):
    """A table by the 0-based lines of its header and rows; every row has as many cells as the header, as GitHub pads and cuts."""

    lines: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass
class Agreement:
    """Every table counts once: in `same`, or in `causes`. `examples` holds a text and a line for each cause."""

    same: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, int]] = field(default_factory=dict)


def compare_tables(text: str, agreement: Agreement) -> None:
    """Compares the tables of one text. Line ends are those of CommonMark, \\n, \\r\\n and \\r, for both."""
    if "|" not in text or "-" not in text:
        return
    text = text.replace("\0", "\ufffd")
    document = read_document(text)
    first = sum(start < document.body_start for start in document.line_starts) if document.body_start else 0
    tokens = _parser().parse(text[document.body_start :])
    ours = {seen.lines[0]: seen for seen in _ours(document)}
    theirs = {seen.lines[0]: seen for seen in _theirs(tokens, first)}
    for line in sorted(ours.keys() | theirs.keys()):
        if ours.get(line) == theirs.get(line):
            agreement.same += 1
            continue
        cause = _cause(line, ours, theirs, document, _holders(tokens, line - first))
        agreement.causes[cause] += 1
        agreement.examples.setdefault(cause, (text, line))


def _cause(line: int, ours: dict[int, Seen], theirs: dict[int, Seen], document: Document, holders: list[str]) -> str:
    if line not in ours:
        return _missed(line, ours, document)
    if line not in theirs:
        ended_twice = "\r\r\n" in document.text[slice(*next(_lines(document, line)))]
        return ENDED_TWICE if ended_twice else _only_ours(holders)
    a, b = ours[line], theirs[line]
    shared = min(len(a.lines), len(b.lines))
    if a.lines[:shared] != b.lines[:shared] or a.cells[:shared] != b.cells[:shared]:
        return CELLS
    return MORE_ROWS if len(a.lines) > len(b.lines) else TEXT_AS_ROW


def _only_ours(holders: list[str]) -> str:
    if "html_block" in holders:
        return IN_HTML
    if "fence" in holders:
        return IN_FENCE
    if "code_block" in holders:
        return IN_CODE
    if "paragraph_open" in holders:
        return UNDER_BULLET if "list_item_open" in holders else IN_PARAGRAPH
    return UNKNOWN


def _missed(line: int, ours: dict[int, Seen], document: Document) -> str:
    if any(seen.lines[0] < line <= seen.lines[-1] for seen in ours.values()):
        return IN_OUR_TABLE
    start = document.line_starts[line]
    for block in document.blocks:
        name, begin = type(block).__name__, getattr(block, "line", None) or getattr(block, "lines", (None,))[0]
        inner = getattr(block, "lines", ())
        if name == "Heading" and begin.start <= start <= begin.span.end:
            return AS_HEADING
        if name in ("Code", "Comment") and inner and begin.start <= start <= inner[-1].span.end:
            return IN_OUR_CODE
    header, rule = (document.text[slice(*span)] for span in _lines(document, line))
    return NO_PIPE if "|" not in header or "|" not in rule else UNKNOWN


def _lines(document: Document, line: int) -> Iterator[tuple[int, int]]:
    bounds = (*document.line_starts, len(document.text) + 1)
    for at in (line, line + 1):
        yield bounds[at], bounds[min(at + 1, len(bounds) - 1)]


def _ours(document: Document) -> Iterator[Seen]:
    at = {start: line for line, start in enumerate(document.line_starts)}
    for table in document.blocks:
        if isinstance(table, Table):
            rows = (table.header, *table.rows)
            lines = tuple(_line_of(at, row) for row in rows)
            columns = len(table.header.cells)
            cells = tuple(_whole([cell.text.replace("\\|", "|") for cell in row.cells], columns) for row in rows)
            yield Seen(lines, cells)


def _line_of(at: dict[int, int], row: Row) -> int:
    start = row.line.start
    while start not in at:  # a quote's mark stands before it
        start -= 1
    return at[start]


def _whole(cells: list[str], columns: int) -> tuple[str, ...]:
    return tuple((cells + [""] * columns)[:columns])


def _theirs(tokens: list[Any], first: int) -> Iterator[Seen]:
    lines: list[int] = []
    rows: list[list[str]] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "table_open":
            lines, rows = [], []
        elif token.type == "tr_open":
            lines.append(first + token.map[0])
            rows.append([])
        elif token.type == "inline" and before.type in ("th_open", "td_open"):
            rows[-1].append(token.content)
        elif token.type == "table_close":
            yield Seen(tuple(lines), tuple(map(tuple, rows)))


def _holders(tokens: list[Any], line: int) -> list[str]:
    return [token.type for token in tokens if token.map and token.map[0] <= line < token.map[1]]


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
