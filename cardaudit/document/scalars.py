"""YAML's scalars: where one stands, what a plain one means in YAML 1.2, and what is said where there are none."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Span

MAX_DIGITS = 300

CONSTANTS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = deferred(r"[-+]?[0-9]+")
BASED_INTEGER = deferred(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
FLOAT = deferred(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

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
