"""YAML front matter with YAML 1.2 meaning and a place for every value.

PyYAML reads YAML 1.1, where `1e-05` is text, `no` is False and `2021-01-01` a date (yaml/pyyaml#173). Here plain scalars follow
the core schema of YAML 1.2.2, section 10.3, and the tree is built from PyYAML's events in one pass, without recursion: libyaml's
own composer dies of 30,000 nested brackets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from cardaudit.records import Span

MAX_DEPTH = 64
MAX_ALIASES = 100
MAX_DIGITS = 300
NOT_ALLOWED = "holds a character that YAML does not allow"

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONSTANTS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INTEGER = re.compile(r"[-+]?[0-9]+")
BASED_INTEGER = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

Path = tuple[str | int, ...]


class YamlError(Exception):
    """Front matter that cannot be read; the message completes "the front matter ...", `span` is the place."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


class Scalar(NamedTuple):
    """A scalar as it stands in the text: for a quoted one, `text` is what is between the quotes."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`values`: JSON values only (`.nan` and `.inf` stay text). `scalars`: path -> scalar, e.g. ("datasets", 0)."""

    values: Mapping[str, Any]
    scalars: Mapping[Path, Scalar]


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet. `key` is the index of a list's next item, or a mapping's pending key."""

    value: Any
    path: Path
    anchor: str | None
    key: str | int | None


def read_front_matter(text: str, start: int, end: int) -> FrontMatter | None:
    """The YAML between two offsets of a text; None where it holds nothing.

    Raises YamlError: no YAML, more than one document, no mapping, nested deeper than MAX_DEPTH, more than MAX_ALIASES aliases.
    """
    builder = _built(text, start, end)
    if builder.root is None:
        return None
    if not isinstance(builder.root, dict):
        raise YamlError("holds no keys", Span(start, end))
    return FrontMatter(builder.root, builder.scalars)


def read_list(text: str) -> FrontMatter:
    """The YAML list that a whole text is: `values` maps "0", "1" ... to its items; paths begin with the item's number.

    Raises YamlError as `read_front_matter` does, and where the text is no list.
    """
    builder = _built(text, 0, len(text))
    if not isinstance(builder.root, list):
        raise YamlError("holds no list", Span(0, len(text)))
    return FrontMatter({str(at): item for at, item in enumerate(builder.root)}, builder.scalars)


def _built(text: str, start: int, end: int) -> "_Builder":
    start += text.startswith("\ufeff", start)  # libyaml does not count a byte order mark
    builder = _Builder(start)
    try:
        parser = LOADER(text[start:end])
        while parser.check_event():
            builder.take(parser.get_event())
    except yaml.YAMLError as error:
        raise _as_yaml_error(error, text, start, end) from error
    except UnicodeEncodeError as error:
        raise YamlError(NOT_ALLOWED, Span(start + error.start, start + error.start)) from error
    return builder


class _Builder:
    """Takes events, keeps the tree so far."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.root: Any = None
        self.scalars: dict[Path, Scalar] = {}
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._aliases = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._take_scalar(event)
        elif kind is yaml.MappingStartEvent:
            self._begin(event, {}, None)
        elif kind is yaml.SequenceStartEvent:
            self._begin(event, [], 0)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._open.pop()
        elif kind is yaml.AliasEvent:
            self._take_alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._documents += 1
            self._demand(self._documents == 1, "holds more than one YAML document", event)

    def _take_scalar(self, event: Any) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and top.key is None:
            top.key = event.value
            self._demand(top.key is not None, "has an empty key", event)
            return
        plain = event.implicit[0] and event.tag is None
        value = resolve(event.value) if plain else event.value
        path = self._path()
        inset = 1 if event.style in ("'", '"') else 0
        begin, end = event.start_mark.index + inset, event.end_mark.index - inset
        self.scalars[path] = Scalar(event.value, Span(self.start + begin, self.start + max(begin, end)))
        self._put(event, value)

    def _take_alias(self, event: Any) -> None:
        self._aliases += 1
        self._demand(self._aliases <= MAX_ALIASES, f"holds more than {MAX_ALIASES} aliases", event)
        self._demand(event.anchor in self._anchors, f"names *{event.anchor}, which is anchored nowhere before", event)
        value = self._anchors[event.anchor]
        self._demand(not isinstance(value, dict | list), f"repeats a whole list or mapping by *{event.anchor}", event)
        if self._open and self._open[-1].key is None:
            self._open[-1].key = str(value)
        else:
            self._put(event, value)

    def _begin(self, event: Any, value: Any, key: str | int | None) -> None:
        top = self._open[-1] if self._open else None
        self._demand(top is None or top.key is not None, "has a list or a mapping as key", event)
        self._demand(len(self._open) < MAX_DEPTH, f"nests deeper than {MAX_DEPTH} levels", event)
        path = self._path()
        self._put(event, value)
        self._open.append(_Open(value, path, event.anchor, key))

    def _path(self) -> Path:
        if not self._open:
            return ()
        top = self._open[-1]
        return (*top.path, top.key)  # type: ignore[arg-type]

    def _put(self, event: Any, value: Any) -> None:
        if event.__class__ is not yaml.AliasEvent and event.anchor:
            self._anchors[event.anchor] = value
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            top.key = len(top.value)
        else:
            top.value[top.key] = value
            top.key = None

    def _demand(self, holds: bool, otherwise: str, event: Any) -> None:
        if not holds:
            mark = event.start_mark
            raise YamlError(f"{otherwise} (line {mark.line + 1} of it)", _at(self.start, mark))


def resolve(text: str) -> Any:
    """What a plain scalar means in YAML 1.2's core schema."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in "-+.0123456789" or len(text) > MAX_DIGITS:
        return text
    if INTEGER.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text):
        number = float(text)
        return number if abs(number) != float("inf") else text
    if BASED_INTEGER.fullmatch(text):
        return int(text, 0)
    return text


def _as_yaml_error(error: yaml.YAMLError, text: str, start: int, end: int) -> YamlError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # libyaml gives the place of a forbidden character in bytes, PyYAML in characters
        found = FORBIDDEN.search(text, start, end)
        at = found.start() if found else start
        return YamlError(NOT_ALLOWED, Span(at, at))
    problem = getattr(error, "problem", None) or "no valid YAML"
    return YamlError(f"is no YAML: {problem} (line {mark.line + 1} of it, column {mark.column + 1})", _at(start, mark))


def _at(start: int, mark: Any) -> Span:
    return Span(start + mark.index, start + mark.index)
