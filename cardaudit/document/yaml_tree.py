"""Any YAML as a tree of values, with a place for each scalar, built from PyYAML's events in one pass.

Without recursion: libyaml's own composer dies of 30,000 nested brackets.
"""

from dataclasses import dataclass
from typing import Any

import yaml

from cardaudit.document.scalars import Path, Scalar, YamlError, resolve
from cardaudit.patterns import deferred
from cardaudit.records import Span

MAX_DEPTH = 64
MAX_ALIASES = 100
NOT_ALLOWED = "holds a character that YAML does not allow"

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FORBIDDEN = deferred("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet. `key` is the index of a list's next item, or a mapping's pending key."""

    value: Any
    path: Path
    anchor: str | None
    key: str | int | None


def read_tree(text: str, start: int, end: int) -> tuple[Any, dict[Path, Scalar]]:
    """The value that stands between two offsets, None where nothing does, and its scalars.

    Raises YamlError: no YAML, more than one document, nested deeper than MAX_DEPTH, more than MAX_ALIASES aliases.
    """
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
    return builder.root, builder.scalars


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
