"""The evidence ladder as rows: each rung, what it found, and what it cost."""

from typing import NamedTuple

from cardaudit.durations import exactly
from cardaudit.records import Audit, Rung


class RungRow(NamedTuple):
    """One rung: `name` with its number, `cost` in seconds and bytes downloaded."""

    number: int
    name: str
    outcome: str
    cost: str
    details: tuple[str, ...]


def ladder_rows(audit: Audit) -> tuple[RungRow, ...]:
    """The rungs in their order."""
    return tuple(RungRow(r.number, f"{r.number}. {r.title}", r.outcome, _cost(r), r.details) for r in audit.rungs)


def _cost(rung: Rung) -> str:
    return exactly(rung.seconds) + (f", {_size(rung.bytes)}" if rung.bytes else "")


def _size(number: int) -> str:
    for unit, of in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= of:
            return f"{number / of:.1f} {unit}"
    return f"{number} bytes"
