"""A results table made ready: header rows folded into one, blank cells filled from above, numbers told from words."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.numbers import PLAIN, has_digit, printed, read_value, stderr_after
from cardaudit.dialects.parts.table_headers import DATASET, LABEL, METRIC, MODEL, SPLIT, VALUE
from cardaudit.dialects.parts.table_labels import IMAGE, TAG, bare, is_benchmark, is_split, metric_of, read_label
from cardaudit.dialects.parts.table_sections import sections_of
from cardaudit.document import Cell, Row, Table
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

COMMA_DECIMAL = deferred(r"[-+−]?\d{1,3},\d+(?![\d,.])")
SURELY_DECIMAL = deferred(r"[-+−]?\d{1,3},(?:\d{1,2}|\d{4,})(?![\d,.])")
DOTTED = deferred(r"[1-9]\d{0,2}(?:\.\d{3})+(?![\d,.])")  # "1.912" beside "95,8": thousands
ADDRESS = deferred(r"(?<=\])\([^)\n]{0,600}\)")
DECORATION = deferred(r"\$\Z|[\[\]{}\ufe0f\u2600-\u27BF\u2B50\U0001F300-\U0001FAFF]|\]\([^)\n]{0,600}\)|\\(?=[_*%~])")
LATEX = deferred(r"\\(?:mathbf|textbf|boldsymbol|bm|bf|underline|mathrm|text|,|;)(?![a-z])")
ENTITY = deferred(r"&(?:nbsp|#160|[a-z]{3,8});")
NUMBER_AND_NAME = deferred(r"(\s*\d[\d.,]*\s*%?)\s+([A-Za-z][\w@ -]{1,20}?)\s*")
BEGINS = "0123456789.-+−*_`~≈$[<({\xa0 "
REMARK_ERROR = deferred(r"\s*[*_`%]*\s*\((?:(?:SD|SE|std|stdev)\.? ?[=:]? ?)?(\d*\.?\d+)\)[*_` ]*\Z", re.I)
MOST_HEADER_ROWS = 4
GAPS = frozenset(("to-do", "todo", "tbd", "tba", "wip", "soon", "n/a", "na", "nan", "none", "?", "x", "pending", "to be filled"))
LONGEST_GAP = 16
LONGEST_CELL = 300
MOST_CELLS_KEPT = 10_000
FEWEST_NAMED = 2
CONTEXT_HEADERS = (MODEL, DATASET, SPLIT, METRIC, LABEL)


class Number(NamedTuple):
    """A cell's number with the standard error printed behind it."""

    printed: Printed
    stderr: str | None


class Column(NamedTuple):
    """`labels` from the undermost header row upwards, bare; `is_words` where its cells are names, not numbers."""

    labels: tuple[str, ...]
    is_words: bool

    @property
    def label(self) -> str:
        return self.labels[0]


class Grid(NamedTuple):
    """`rows` without the header's further rows and the heads of sections; `header_rows` are those.

    `comma`: its numbers have decimal commas. `sections`: the names of the sections, by the start of their rows' lines.
    """

    columns: tuple[Column, ...]
    header_rows: tuple[Row, ...]
    rows: tuple[Row, ...]
    comma: bool
    sections: Mapping[int, str]

    def words(self) -> list[int]:
        """The columns that name things."""
        return [at for at, column in enumerate(self.columns) if column.is_words]

    def numbers(self) -> list[int]:
        """The columns that hold numbers."""
        return [at for at, column in enumerate(self.columns) if not column.is_words]

    def number(self, row: Row, at: int) -> Number | None:
        """The number of a cell; None where it holds none, or more than one."""
        if at >= len(row.cells):
            return None
        label = next((label for label in self.columns[at].labels if label), "")
        return number_in(row.cells[at], label, self.comma)


def grid_of(table: Table) -> Grid:
    """The table with its header told from its rows and its columns of names told from those of numbers."""
    width = len(table.header.cells)
    depth = _header_depth(table)
    header_rows = (table.header, *table.rows[:depth])
    rows, heads, sections = sections_of(table.rows[depth:], width)
    stacked = [_spread(row, width, at < len(header_rows) - 1) for at, row in enumerate(header_rows)]
    labels = [tuple(dict.fromkeys(row[at] for row in reversed(stacked) if row[at])) for at in range(width)]
    comma = _has_decimal_commas(rows)
    report = is_report([each[0] if each else "" for each in labels])
    words = [(at == 0 and report) or _is_words(rows, at, each, comma) for at, each in enumerate(labels)]
    columns = tuple(Column(each or ("",), is_words) for each, is_words in zip(labels, words, strict=True))
    return Grid(columns, (*header_rows, *heads), rows, comma, sections)


def is_report(labels: Sequence[str]) -> bool:
    """Whether a header is that of a classification report: its first column names classes, also by numbers."""
    words = {metric_of(label) or "" for label in labels}
    return {"precision", "recall"} <= words and metric_of(labels[0]) is None


def number_in(cell: Cell, label: str, comma: bool) -> Number | None:
    """The number that a cell holds, behind tags, links and signs; its place is that of its digits."""
    found = _number_in(cell.text, comma) if has_digit(cell.text) and len(cell.text) <= LONGEST_CELL else None
    if found is None:
        return None
    begin, end = found.printed.span
    span = Span(cell.start + begin, cell.start + end)
    return Number(Printed(found.printed.text, found.printed.value, found.printed.slack, span, label), found.stderr)


@lru_cache(MOST_CELLS_KEPT)
def _number_in(text: str, comma: bool) -> Number | None:
    """The same with its place within the cell: a table's numbers are asked for several times before its layout is clear."""
    if ", [" in text and text.endswith("]"):
        text = text.partition(", [")[0]  # an interval of confidence
    if "&" in text:
        text = ENTITY.sub(lambda found: " " * len(found[0]), text.replace("&plusmn;", "±       "))
    if text[0] not in BEGINS or "[" in text or "<" in text or "\\" in text or text[-1] == "$":
        text = _blanked(text)
    if comma and (found := COMMA_DECIMAL.match(bare_start := text.lstrip("*_`~≈$ \t\xa0"))):
        return _decimal_comma(text, bare_start, found)
    if comma and (found := DOTTED.match(bare_start)) and not bare_start[found.end() :].strip("*_`~ \t\xa0"):
        at = len(text) - len(bare_start)
        count = printed(found[0].replace(".", ""), Span(at, at + found.end()))
        return Number(replace(count, text=found[0]), None)
    if text.endswith("dB"):
        text = text[:-2]
    elif text.rstrip()[-1:].isalnum() and (named := NUMBER_AND_NAME.fullmatch(text)) and metric_of(named[2]):
        text = named[1]
    number = read_value(text, 0, whole=True)
    if number is None and "," in text and "%" in text and (found := SURELY_DECIMAL.match(text.lstrip("*_` "))):
        return _decimal_comma(text, text.lstrip("*_` "), found)  # "26,3%" among numbers with a point
    if number is None or number.value is None:
        return None
    return Number(number, stderr_after(text) or _error_in_brackets(text[number.span.end :], number))


def is_number(cell: Cell, comma: bool = False) -> bool:
    """Whether a cell holds a number and nothing else of weight."""
    if PLAIN.fullmatch(cell.text):
        return True
    return number_in(cell, "", comma) is not None


def _blanked(text: str) -> str:
    """The same length with tags, links and ornaments turned to blanks."""
    text = text.replace("\\pm", "±  ")
    for pattern in (TAG, IMAGE, ADDRESS, DECORATION, LATEX):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def _decimal_comma(text: str, start: str, found: re.Match[str]) -> Number | None:
    rest = start[found.end() :]
    stands = found[0] + (rest[: len(rest) - len(rest.lstrip())] + "%" if rest.lstrip().startswith("%") else "")
    left = rest[len(stands) - len(found[0]) :].strip("*_`~ \t\xa0")
    if left and left[0] not in "(±[<" and any(c.isalnum() for c in left):
        return None
    offset = len(text) - len(start)
    number = printed(stands, Span(offset, offset + len(stands)), comma=True)
    return Number(number, stderr_after(text))


def _error_in_brackets(rest: str, number: Printed) -> str | None:
    """ "0.62 (0.01)": a number in brackets far smaller than the one before it and without a sign of its own."""
    found = REMARK_ERROR.fullmatch(rest)
    if not found or number.value is None:
        return None
    error = printed(found[1], number.span).value
    raw = number.value * 100 if number.text.endswith("%") else number.value
    return found[1] if error is not None and 0 < error * 5 < abs(raw) else None


def _header_depth(table: Table) -> int:
    """How many of the first rows belong to the header: without a number, and with metrics, benchmarks or splits as cells."""
    depth = 0
    above = [bare(cell.text) for cell in table.header.cells]
    for row in table.rows[:MOST_HEADER_ROWS]:
        texts = [bare(cell.text) for cell in row.cells]
        filled = [text for text in texts if text]
        blank_header = depth == 0 and (not any(above) or (not any(above[1:]) and not texts[0] and all(texts[1:])))
        lone = len(filled) < 2 and (not filled or texts[0])
        if lone or any(is_number(cell) for cell in row.cells[1:]) or len(row.cells) > len(table.header.cells) + 1:
            break
        letters = "PR" if "F1" in texts or "F" in texts else ""
        telling = sum(_names_a_column(text) or (text in letters and text != "") for text in texts[1:])
        if not (blank_header or _below_groups(above, texts)) and telling * 2 < max(len([text for text in texts[1:] if text]), 1):
            break
        depth += 1
        above = texts
    return depth if depth < len(table.rows) else 0


def _below_groups(above: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether a row without numbers tells apart the columns of groups: under a name given twice, or under one before blanks."""
    several = any(name and name == after for name, after in itertools.pairwise(above[1:]))
    blank = [at for at in range(2, len(above)) if not above[at]]
    filled = [at for at in blank if at < len(texts) and texts[at]]
    grouped = len(blank) > 1 and filled == blank and len(above) == len(texts) and bool(above[1])
    return (several or grouped) and len(set(texts)) > 1 and not any(map(has_digit, texts if grouped else ()))


def _names_a_column(text: str) -> bool:
    parts = [text, *text.split("/")]
    return bool(text) and (
        any(metric_of(part.strip()) for part in parts)
        or is_split(text)
        or is_benchmark(text)
        or VALUE.fullmatch(text) is not None
    )


def _spread(row: Row, width: int, is_group: bool) -> list[str]:
    """A header row's labels; in a row of groups a blank cell belongs to the group on its left."""
    labels = [bare(cell.text) for cell in row.cells[:width]]
    labels += [""] * (width - len(labels))
    if is_group and any(labels):
        for at in range(2, width):
            labels[at] = labels[at] or labels[at - 1]
    return labels


def _is_words(rows: Sequence[Row], at: int, labels: Sequence[str], comma: bool) -> bool:
    filled = [row.cells[at] for row in rows if at < len(row.cells) and not _is_empty(row.cells[at].text)]
    if any(kind.fullmatch(label) for label in labels[:1] for kind in CONTEXT_HEADERS if label):
        return sum(is_number(cell, comma) for cell in filled) * 2 < max(len(filled), 1) or at == 0
    if not filled:
        return True
    return sum(is_number(cell, comma) or _is_several(cell.text) for cell in filled) * 2 <= len(filled)


def _is_empty(text: str) -> bool:
    """Whether a cell holds nothing, or a sign that its number is missing."""
    bare_text = text.strip("-–— /*_")
    return not bare_text or (len(bare_text) < LONGEST_GAP and bare_text.lower() in GAPS)


def _is_several(text: str) -> bool:
    """Two numbers in one cell ("90.9/84.1")."""
    parts = (TAG.sub("", text) if "<" in text else text).split("/")
    return 1 < len(parts) < 5 and all(part.strip(" *_-").replace(".", "").isdigit() or not part.strip(" -") for part in parts)


def _has_decimal_commas(rows: Sequence[Row]) -> bool:
    """Whether numbers like "6,73" stand in the table and none like "6.73": then "6,730" is no thousand either."""
    any_comma = False
    for row in rows:
        for cell in row.cells:
            if "," in cell.text and SURELY_DECIMAL.match(cell.text.lstrip("*_`~ ")):
                any_comma = True
    pointed = (cell for row in rows for cell in row.cells if "." in cell.text) if any_comma else ()
    return any_comma and not any(DOTTED.fullmatch(cell.text.strip("*_`~ ")) is None and is_number(cell) for cell in pointed)


def filled_down(rows: Sequence[Row], columns: Sequence[int]) -> Iterator[tuple[Row, dict[int, tuple[str, Cell]]]]:
    """Each row with its names by column. A blank cell repeats the one above where another cell of the row names something."""
    above: dict[int, tuple[str, Cell]] = {}
    for row in rows:
        names: dict[int, tuple[str, Cell]] = {}
        for at in columns:
            if at < len(row.cells) and (text := bare(row.cells[at].text)):
                names[at] = above[at] = (text, row.cells[at])
                for later in columns:
                    if later > at:
                        above.pop(later, None)
        if names:
            names |= {at: name for at, name in above.items() if at not in names and at < min(names)}
        yield row, names


def role_of_rows(column: Column, texts: Sequence[str]) -> str | None:
    """What a column of names names, by its header or else by most of its cells: "model", "dataset", "split" ..."""
    first, _, second = column.label.partition("/")
    if second and DATASET.fullmatch(first.strip()):
        known = sum(map(is_benchmark, texts)) * 2 > len(texts)
        if known or (MODEL.fullmatch(second.strip()) and texts and not any(map(is_model, texts))):
            return "dataset"
    for kind, name in ((MODEL, "model"), (DATASET, "dataset"), (SPLIT, "split"), (METRIC, "metric"), (LABEL, "label")):
        if column.label and kind.fullmatch(column.label):
            return _beside_columns(name, column.label, texts)
    roles = [read_label(text) for text in texts if text]
    for name in ("metric", "split", "dataset", "model"):
        if roles and sum(getattr(role, name) is not None for role in roles) * 2 >= len(roles):
            return name
    return "model" if roles and sum(is_model(text) for text in texts) * 2 >= len(roles) else None


def _beside_columns(name: str, header: str, texts: Sequence[str]) -> str:
    """What rows are whose header may name the columns instead: benchmarks under "Model", models under "Task"."""
    if len(texts) < FEWEST_NAMED or not (name == "model" or "task" in header.lower()):
        return name
    models, benchmarks = [is_model(text) for text in texts], [is_benchmark(text) for text in texts]
    if name == "model":
        return "dataset" if all(benchmarks) and not any(models) else name
    return "model" if name == "dataset" and all(models) and not any(benchmarks) else name
