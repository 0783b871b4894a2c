"""Lines into blocks, one pass."""

import re
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Span

BULLET = deferred(r"([ \t\xa0]*)([-*+•·◦▪‣●○]|\d{1,4}[.)])[ \t\xa0]+(?=\S)")
FENCE = deferred(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)")
QUOTE = deferred(r"(?:[ \t]{0,3}>[ \t]?){1,16}")
CHAPTER = deferred(r"#{2,6} ")
SETEXT = deferred(r"[ \t]{0,3}(?:=+|-+)[ \t]*")
PIPE = deferred(r"(?<!\\)\|")
BULLETS = frozenset("-*+•·◦▪‣●○")
UNDERLINES = ("=", "-")
RULE_CHARACTERS = frozenset("|:- \t")
MAX_COLUMNS = 1_000
NEW = tuple.__new__  # makes a NamedTuple of ready fields in less than half the time that its own constructor takes


class Line(NamedTuple):
    """A line without its end; `start` is its offset."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


class Lines:
    """Consecutive lines of a text. A Line is made when asked for: a text of a million line ends stays cheap."""

    __slots__ = ("starts", "texts")

    def __init__(self, starts: tuple[int, ...], texts: list[str]) -> None:
        self.starts = starts
        self.texts = texts

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> Line:
        return Line(self.starts[index], self.texts[index])

    def unquoted(self, index: int) -> Line:
        """A line behind the marks of the quotes that it stands in."""
        text = self.texts[index]
        if ">" in text[:6] and (quote := QUOTE.match(text)):
            return Line(self.starts[index] + quote.end(), text[quote.end() :])
        return NEW(Line, (self.starts[index], text))

    def slice(self, begin: int, end: int) -> tuple[Line, ...]:
        return tuple(map(NEW, repeat(Line), zip(self.starts[begin:end], self.texts[begin:end], strict=True)))

    @property
    def end(self) -> int:
        return self.starts[-1] + len(self.texts[-1]) if self.starts else 0


class Heading(NamedTuple):
    """`text` without marks; `start` its offset."""

    line: Line
    level: int
    start: int
    text: str


class Bullet(NamedTuple):
    """One line of a list; `start` and `text` are what follows the mark. `number` for "1." lists."""

    line: Line
    indent: int
    start: int
    text: str
    number: bool


class Cell(NamedTuple):
    """A stripped cell; `start` is the offset of its text."""

    start: int
    text: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


class Row(NamedTuple):
    """A table's line and its cells."""

    line: Line
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """A pipe table as GitHub's Markdown defines it: header and rule have equally many cells; rows may have any number."""

    header: Row
    rule: Line
    rows: tuple[Row, ...]


class Code(NamedTuple):
    """A fenced block: its lines without the fences."""

    line: Line
    language: str
    lines: tuple[Line, ...]


class Comment(NamedTuple):
    """An HTML comment that begins a line."""

    lines: tuple[Line, ...]


class Paragraph(NamedTuple):
    """Lines of text without a blank one between."""

    lines: tuple[Line, ...]


Block = Heading | Bullet | Table | Code | Comment | Paragraph


def scan(text: str, lines: Lines) -> Iterator[Block]:
    """The blocks of consecutive lines of a text, in order."""
    starts, texts, at, pending = lines.starts, lines.texts, 0, list[Line]()
    last, last_close = len(texts) - 1, text.rfind("-->")
    while at < len(texts):
        raw = texts[at]
        if raw[:1].isalpha() and "|" not in raw and texts[min(at + 1, last)][:1] not in UNDERLINES:
            pending.append(NEW(Line, (starts[at], raw)))  # as most lines: nothing else can begin here
            at += 1
            continue
        bare, found = "", None
        if raw:
            line = lines.unquoted(at) if ">" in raw else NEW(Line, (starts[at], raw))
            bare = line.text.lstrip()
            found = _block(text, lines, at, line, bare, last_close) if bare else None
        if pending and (found is not None or not bare):
            yield NEW(Paragraph, (tuple(pending),))
            pending = []
        if found is not None:
            block, at = found
            yield block
            continue
        if bare:
            pending.append(line)
        at += 1
    if pending:
        yield Paragraph(tuple(pending))


def _block(text: str, lines: Lines, at: int, line: Line, bare: str, last_close: int) -> tuple[Block, int] | None:
    """The block other than a paragraph that begins at a line, which is `bare` without its indent, and the index after it."""
    first, below = bare[0], lines.texts[at + 1] if at + 1 < len(lines.texts) else ""
    if first.isalpha() and below[:1] not in UNDERLINES and "|" not in bare:
        return None
    if first in "`~" and (fence := FENCE.match(line.text)) and (first == "~" or "`" not in bare[len(fence[1]) :]):
        return _code(lines, at, line, fence)
    if first == "<" and line.start < last_close and bare.startswith("<!--"):
        return _comment(text, lines, at, line)
    if first == "#" and (heading := _heading(line, bare)):
        return heading, at + 1
    if below and "|" in line.text and (table := _table(lines, at, line)):
        return table
    if (first in BULLETS or first.isdigit()) and (bullet := BULLET.match(line.text)):
        end = bullet.end()
        indent, mark = bullet[1], bullet[2]
        return NEW(Bullet, (line, len(indent), line.start + end, line.text[end:].rstrip(), mark[0].isdigit())), at + 1
    if below[:1] in UNDERLINES and first not in "|-=:" and _is_setext(lines, at):
        level = 1 if below[0] == "=" else 2
        return Heading(line, level, line.start + len(line.text) - len(bare), bare.rstrip()), at + 2
    return None


def _is_setext(lines: Lines, at: int) -> bool:
    """Whether a rule underlines a lone line. Under several lines, or with columns, it is more often a table's lost separator."""
    below = lines.texts[at + 1]
    alone = at == 0 or not lines.texts[at - 1].strip()
    ends = at + 2 >= len(lines) or not lines.texts[at + 2].strip()
    return alone and ends and SETEXT.fullmatch(below) is not None


def _code(lines: Lines, at: int, line: Line, fence: re.Match[str]) -> tuple[Code, int]:
    mark, end = fence[1], at + 1
    while end < len(lines.texts):
        if mark in lines.texts[end]:
            bare = lines.unquoted(end).text.strip()
            if bare.startswith(mark) and not bare.strip(mark[0]):
                return Code(line, fence[2].lower(), lines.slice(at + 1, end)), end + 1
        end += 1
    end = _meant_end(lines, at, mark) or end
    return Code(line, fence[2].lower(), lines.slice(at + 1, end)), end


def _meant_end(lines: Lines, at: int, mark: str) -> int | None:
    """Where a fence that nothing closes was meant to end: behind a line that ends with its mark, or at the next heading.

    None where neither comes, or where another fence opens below: which of them was forgotten is then unclear.
    """
    end = None
    for index in range(at + 1, len(lines)):
        bare = lines.texts[index].strip()
        if bare.startswith(mark[:3]):
            return None
        if end is None and bare.endswith(mark):
            end = index + 1
        elif end is None and CHAPTER.match(bare) and not lines.texts[index - 1].strip():
            end = index
    return end


def _comment(text: str, lines: Lines, at: int, line: Line) -> tuple[Comment, int] | None:
    """A comment and the rest of the line that closes it; None where nothing closes it."""
    close = text.find("-->", line.start, lines.end)
    if close < 0:
        return None
    end = at
    while end + 1 < len(lines) and lines.starts[end + 1] <= close:
        end += 1
    if text[close + 3 : lines[end].span.end].strip() and end == at:
        return None
    return Comment(lines.slice(at, end + 1)), end + 1


def _heading(line: Line, bare: str) -> Heading | None:
    title = bare.lstrip("#")
    level = len(bare) - len(title)
    if level > 6 or (title and title[0] not in " \t\xa0"):
        return None
    text = title.strip()
    if text.endswith("#"):
        text = (text.rstrip("#") if not text.strip("#") or text.rstrip("#").endswith((" ", "\t")) else text).rstrip()
    start = line.start + len(line.text) - len(title.lstrip())
    return NEW(Heading, (line, level, start, text))


def _table(lines: Lines, at: int, line: Line) -> tuple[Table, int] | None:
    if not RULE_CHARACTERS.issuperset(lines.texts[at + 1].lstrip(" >")):
        return None
    rule = lines.unquoted(at + 1)
    columns = rule_columns(rule)
    if not 0 < columns <= MAX_COLUMNS:
        return None
    header = split_row(line)
    if len(header.cells) != columns:
        return None
    rows, end = [], at + 2
    while end < len(lines) and _is_row(row := lines.unquoted(end)):
        rows.append(split_row(row))
        end += 1
    return Table(header, rule, tuple(rows)), end


def rule_columns(line: Line) -> int:
    """How many columns a table's rule (`|:---|---:|`) has; 0 where the line is none."""
    bare = line.text.strip()
    if not bare or not RULE_CHARACTERS.issuperset(bare) or "-" not in bare:
        return 0
    cells = [cell.strip() for cell in bare.removeprefix("|").removesuffix("|").split("|")]
    whole = all(cell and not cell.removeprefix(":").removesuffix(":").strip("-") and "-" in cell for cell in cells)
    return len(cells) if whole and ("|" in bare or len(cells) > 1) else 0


def _is_row(line: Line) -> bool:
    """A line that goes on a table. GitHub takes any text, also the sentence after a table; here it needs a pipe or dots."""
    return "|" in line.text or line.text.strip() in ("...", "…")


def split_row(line: Line) -> Row:
    """A line's cells by its unescaped pipes; outer pipes bound cells and make none."""
    pieces = PIPE.split(line.text) if "\\" in line.text else line.text.split("|")
    at, cells = line.start, []
    if len(pieces) > 1 and not pieces[0].strip():
        at += len(pieces.pop(0)) + 1
    if len(pieces) > 1 and not pieces[-1].strip():
        pieces.pop()
    for piece in pieces:
        bare = piece.lstrip()
        cells.append(NEW(Cell, (at + len(piece) - len(bare), bare.rstrip())))
        at += len(piece) + 1
    return NEW(Row, (line, tuple(cells)))
