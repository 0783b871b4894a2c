"""TensorBoard event files: scalars by tag and the texts that transformers' callback writes, without TensorFlow or protobuf.

The format: TFRecords (tensorflow/core/lib/io/record_writer.h: length, masked CRC-32C of it, data, masked CRC-32C of that) of
Event messages (tensorflow/core/util/event.proto, summary.proto, tensor.proto), read by their field numbers.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cardaudit.errors import CardauditError

MAX_BYTES = 64 * 2**20
MAX_RECORD = 16 * 2**20
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class Point(NamedTuple):
    """A scalar at an optimizer step; `value` is a single-precision number."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class EventLog:
    """What an event file holds. `cut`: the last record is incomplete or damaged, as a killed run leaves it."""

    scalars: dict[str, list[Point]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def read_events(path: Path) -> EventLog:
    """The log of one event file. Raises CardauditError for a file that is none or is larger than MAX_BYTES."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise CardauditError(f"{path.name} has {size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20}: not read")
    data, log, at = path.read_bytes(), EventLog(), 0
    for start, end in _records(data):
        _take(log, data[start:end])
        at = end + 4
    if not at:
        raise CardauditError(f"{path.name} is no TensorBoard event file")
    return EventLog(log.scalars, log.texts, at != len(data))


def _records(data: bytes) -> Iterator[tuple[int, int]]:
    """Bounds of the records up to the first that is damaged."""
    at = 0
    while at + 12 <= len(data):
        length, check = struct.unpack_from("<QI", data, at)
        start, end = at + 12, at + 12 + length
        if length > MAX_RECORD or end + 4 > len(data) or check != _masked(data[at : at + 8]):
            return
        if struct.unpack_from("<I", data, end)[0] != _masked(data[start:end]):
            return
        yield start, end
        at = end + 4


def _take(log: EventLog, event: bytes) -> None:
    """One Event: step (2) and summary (5), whose values (1) have a tag (1), and a simple_value (2) or a tensor (8)."""
    step, summaries = 0, []
    for number, kind, value in _fields(event):
        if number == 2 and kind == VARINT:
            step = _as_int(value)
        elif number == 5 and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, _, value in _fields(summary):
            if number == 1 and isinstance(value, bytes):
                _take_value(log, step, value)


def _take_value(log: EventLog, step: int, data: bytes) -> None:
    tag, scalar, tensor = "", None, b""
    for number, kind, value in _fields(data):
        if number == 1 and isinstance(value, bytes):
            tag = value.decode("utf-8", "replace")
        elif number == 2 and kind == FIXED32:
            scalar = struct.unpack("<f", struct.pack("<I", value))[0]
        elif number == 8 and isinstance(value, bytes):
            tensor = value
    if scalar is not None:
        log.scalars.setdefault(tag, []).append(Point(step, scalar))
    elif tensor:
        _take_tensor(log, step, tag, tensor)


def _take_tensor(log: EventLog, step: int, tag: str, data: bytes) -> None:
    """A TensorProto: float_val (5), packed or not, is a scalar of newer writers; string_val (8) is a text."""
    for number, kind, value in _fields(data):
        if number == 8 and isinstance(value, bytes):
            log.texts.setdefault(tag.removesuffix("/text_summary"), value.decode("utf-8", "replace"))
        elif number == 5 and kind == FIXED32:
            log.scalars.setdefault(tag, []).append(Point(step, struct.unpack("<f", struct.pack("<I", value))[0]))
        elif number == 5 and isinstance(value, bytes) and len(value) == 4:
            log.scalars.setdefault(tag, []).append(Point(step, struct.unpack("<f", value)[0]))


def _fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Field number, wire type and value of a message (protobuf.dev, "Encoding"); stops where the message is damaged."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        value: int | bytes
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind in (FIXED64, FIXED32):
            width = 8 if kind == FIXED64 else 4
            value, at = int.from_bytes(data[at : at + width], "little"), at + width
        elif kind == BYTES:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            return
        if at > len(data):
            return
        yield number, kind, value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            return value, len(data) + 1
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    return value, len(data) + 1


def _as_int(value: int | bytes) -> int:
    """A varint as a signed 64-bit number."""
    number = value if isinstance(value, int) else 0
    return number - 2**64 if number >= 2**63 else number


def _table() -> tuple[int, ...]:
    """The table of CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720, appendix B.4)."""
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        entries.append(byte)
    return tuple(entries)


_CRC = _table()


def _masked(data: bytes) -> int:
    """TensorFlow's masked CRC-32C: rotated by 15 bits, plus a constant (tensorflow/core/lib/hash/crc32c.h)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
