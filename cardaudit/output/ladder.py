"""The evidence ladder for people: a line a rung with what it found and cost, its details below."""

from collections.abc import Sequence

import click

from cardaudit.escaping import one_line
from cardaudit.records import Rung


def render_rungs(rungs: Sequence[Rung]) -> str:
    """Rungs in their order."""
    lines = []
    for rung in rungs:
        lines.append(f"{click.style(f'{rung.number} {rung.title}', bold=True)}: {one_line(rung.outcome)} ({cost(rung)})")
        lines += [f"    {one_line(detail)}" for detail in rung.details if rung.number != 3]
    return "\n".join(lines) + "\n"


def cost(rung: Rung) -> str:
    """ "1.2 s, 40 kB"."""
    return f"{rung.seconds:.1f} s" + (f", {size(rung.bytes)}" if rung.bytes else "")


def size(number: int) -> str:
    """Bytes in the unit that suits them."""
    for unit, of in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= of:
            return f"{number / of:.1f} {unit}"
    return f"{number} bytes"
