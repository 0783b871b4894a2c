"""The plain front matter of most cards, line by line: keys with a word, a number or a quoted text, lists of them, nested maps.

What is not of this kind (flow collections, anchors, comments, texts over several lines, an empty value) is left to libyaml, which
reads everything and takes three times as long. Both give the same values and places.
"""

import re
from typing import Any, NamedTuple

from cardaudit.document.scalars import Path, Scalar, resolve
from cardaudit.patterns import deferred
from cardaudit.records import Span

WORD = r"-?[A-Za-z0-9_][!-~]*(?<!:)(?: +(?!#)[!-~]+(?<!:))*"  # YAML ends a word at ": " and " #"
LINE = deferred(
    r"(?P<indent> *)(?P<dash>- +)?(?:(?P<key>[A-Za-z_][A-Za-z0-9_-]{0,60}):(?= |$) *)?"
    rf"(?:(?P<word>{WORD})|\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\n]*)'|(?P<empty>\[\]))? *$",
    re.M,
)
ENTRY = deferred(
    r"(?:[ ]*\n)*(?P<key>[A-Za-z_][A-Za-z0-9_-]{0,60}):"
    rf"(?: +(?P<word>{WORD}) *\n| *\n(?P<items>(?P<dash> *- +){WORD} *\n(?:(?P=dash){WORD} *\n)*)(?! *- ))"
)
ITEM = deferred(rf" *- +({WORD})")
MAX_DEPTH = 16
NEW = tuple.__new__  # makes a NamedTuple of ready fields in less than half the time that its own constructor takes


class Plain(NamedTuple):
    """Values and scalars as in FrontMatter."""

    values: dict[str, Any]
    scalars: dict[Path, Scalar]


class _Open(NamedTuple):
    """A mapping or a list whose end has not come yet, and the column at which its keys or dashes stand."""

    column: int
    value: Any
    path: Path


class _NotPlain(Exception):
    """A line that libyaml must judge."""


def read_plain(text: str, start: int, end: int) -> Plain | None:
    """The mapping that stands in plain lines between two offsets; None where a line is of another kind."""
    reader = _Reader()
    at = reader.take_entries(text, start, end)
    try:
        while at < end:
            line = LINE.match(text, at, end)
            if line is None:
                return None
            reader.take(line)
            at = line.end() + 1
    except _NotPlain:
        return None
    return reader.finished()


class _Reader:
    """Takes lines. `_pending` is the path of a key that waits for its list or mapping, on the lines below it."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._scalars: dict[Path, Scalar] = {}
        self._pending: Path | None = None

    def finished(self) -> Plain | None:
        return Plain(self._open[0].value, self._scalars) if self._open and self._pending is None else None

    def take_entries(self, text: str, at: int, end: int) -> int:
        """Takes the keys at the margin that have a word each or a list of words, as most have; gives where the rest begins."""
        values: dict[str, Any] = {}
        while entry := ENTRY.match(text, at, end):
            at, key, word = entry.end(), entry["key"], entry["word"]
            if word is not None:
                values[key], self._scalars[key,] = resolve(word), NEW(Scalar, (word, NEW(Span, entry.span("word"))))
                continue
            values[key] = items = list[Any]()
            for item in ITEM.finditer(text, *entry.span("items")):
                word = item[1]
                self._scalars[key, len(items)] = NEW(Scalar, (word, NEW(Span, item.span(1))))
                items.append(resolve(word))
        if values:
            self._open.append(_Open(0, values, ()))
        return at

    def take(self, line: re.Match[str]) -> None:
        indent, dash, key = line.group("indent", "dash", "key")
        column = len(indent)
        if dash:
            self._list_at(column)
            if key:
                self._begin(column + len(dash), {}, self._next_path())
        elif key:
            self._mapping_at(column)
        if dash or key:
            self._take_value(line, (*self._open[-1].path, key) if key else self._next_path())
        else:
            _demand(line.lastgroup == "indent")

    def _take_value(self, line: re.Match[str], path: Path) -> None:
        kind = line.lastgroup
        if kind == "word":
            text = line["word"]
            self._attach(path[-1], resolve(text))
            self._scalars[path] = NEW(Scalar, (text, NEW(Span, line.span("word"))))
        elif kind == "key":
            self._pending = path
        elif kind == "double" or kind == "single":
            text = line[kind]
            _demand(text.isprintable())
            self._attach(path[-1], text)
            self._scalars[path] = Scalar(text, Span(*line.span(kind)))
        else:
            _demand(kind == "empty")
            self._attach(path[-1], [])

    def _list_at(self, column: int) -> None:
        """Comes to the list whose dashes stand at a column: that of the key above, or one that is open."""
        if self._pending is not None:
            _demand(column >= self._open[-1].column)
            self._begin(column, [], self._pending)
            return
        self._close_right_of(column)
        _demand(self._open[-1].column == column and isinstance(self._open[-1].value, list))

    def _mapping_at(self, column: int) -> None:
        """Comes to the mapping whose keys stand at a column; a list may stand at the column of its own key."""
        if self._pending is not None:
            _demand(column > self._open[-1].column)
            self._begin(column, {}, self._pending)
            return
        if not self._open:
            self._open.append(_Open(column, {}, ()))
            return
        self._close_right_of(column)
        if isinstance(self._open[-1].value, list):
            self._open.pop()
        _demand(bool(self._open) and self._open[-1].column == column and isinstance(self._open[-1].value, dict))

    def _close_right_of(self, column: int) -> None:
        while self._open and self._open[-1].column > column:
            self._open.pop()
        _demand(bool(self._open))

    def _begin(self, column: int, value: Any, path: Path) -> None:
        _demand(len(self._open) < MAX_DEPTH)
        self._attach(path[-1], value)
        self._open.append(_Open(column, value, path))
        self._pending = None

    def _attach(self, key: str | int, value: Any) -> None:
        holder = self._open[-1].value
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[key] = value

    def _next_path(self) -> Path:
        top = self._open[-1]
        return (*top.path, len(top.value))


def _demand(plain: bool) -> None:
    if not plain:
        raise _NotPlain
