"""Records to JSON values and back, by their type hints.

Every float is written by `repr`, so a round trip is exact; one that is no number is written as text, "nan", "inf" or "-inf", so
that the document is strict JSON. Decimals are written as text. A field at its default is written too, so that a document is
readable without the code.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
NO_NUMBERS = ("nan", "inf", "-inf")


def pack(value: Any) -> Any:
    """A record, or a tuple or mapping of records, as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: pack(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Decimal) or (isinstance(value, float) and not isfinite(value)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): pack(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [pack(item) for item in value]
    return value


def unpack(kind: type[Record], value: Any) -> Record:
    """The record of `kind` that `value` was packed from.

    Raises ValueError where the value does not fit the type: a document written by hand or by another version. Unknown keys are
    refused, absent ones take the field's default.
    """
    return _read(kind, value, kind.__name__)  # type: ignore[no-any-return]


def digest(value: Any) -> str:
    """The first 16 hex digits of the SHA-256 of a packed value's canonical JSON."""
    canonical = json.dumps(pack(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_record(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        _demand(isinstance(value, list) and len(value) <= len(kind._fields), where, "a list", value)
        hints = list(_hints(kind).values())
        return kind(*(_read(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(zip(hints, value, strict=False))))
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        return _read(next(a for a in arguments if a is not type(None)), value, where)
    if origin is tuple:
        _demand(isinstance(value, list), where, "a list", value)
        items = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        _demand(len(items) == len(value), where, f"{len(items)} items", value)
        return tuple(_read(item, v, f"{where}[{i}]") for i, (item, v) in enumerate(zip(items, value, strict=True)))
    if origin is Literal:
        _demand(value in arguments, where, " or ".join(map(repr, arguments)), value)
        return value
    if origin is not None and issubclass(origin, Mapping):
        _demand(isinstance(value, dict), where, "an object", value)
        return {key: _read(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    return _read_scalar(kind, value, where)


def _read_record(kind: type, value: Any, where: str) -> Any:
    _demand(isinstance(value, dict), where, "an object", value)
    hints = _hints(kind)
    unknown = sorted(set(value) - set(hints))
    _demand(not unknown, where, f"no {', '.join(unknown)}", value)
    try:
        return kind(**{key: _read(hints[key], item, f"{where}.{key}") for key, item in value.items()})
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


def _read_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is Decimal:
        _demand(isinstance(value, str), where, "a number as text", value)
        return Decimal(value)
    if kind is float and (value in NO_NUMBERS or (isinstance(value, int) and not isinstance(value, bool))):
        return float(value)
    _demand(isinstance(value, kind) and (kind is bool or not isinstance(value, bool)), where, kind.__name__, value)
    return value


def _demand(holds: bool, where: str, wanted: str, seen: Any) -> None:
    if not holds:
        raise ValueError(f"{where}: expected {wanted}, found {str(seen)[:60]!r}")
