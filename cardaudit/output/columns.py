"""Text in the columns of a terminal: how many cells it takes, where it is broken, and tables that fit."""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TextIO

import click

from cardaudit.patterns import deferred

LEAST = 40
WORDS = deferred(r" +|[^ ]+")
GAP = "  "
LEAST_CELL = 8
LONGEST_CELL = 40  # per cent of the width


def cells(text: str) -> int:
    """Cells that a terminal gives a text without escapes: 2 for a wide character (UAX #11), none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


@cache
def _cell(char: str) -> int:
    from unicodedata import category, east_asian_width

    if char < "\u0300":
        return 1
    if category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":  # of Hangul the first consonant takes both cells
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def terminal_columns(stream: TextIO | None = None) -> int | None:
    """The width of the terminal that a stream (standard output) is; None where it is none."""
    stream = stream or sys.stdout
    if not stream.isatty():
        return None
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, LEAST)


def fold(line: str, width: int | None, hanging: str | None = None) -> str:
    """A line broken between words, or between two wide characters, where it is wider than `width`; a longer word stays whole.

    `hanging` begins what follows; without it that is indented by two more than the line. Escapes of colours take no room.
    """
    if width is None or cells(click.unstyle(line)) <= width:
        return line
    lead = line[: len(line) - len(line.lstrip(" "))]
    hanging = lead + "  " if hanging is None else hanging
    lines, shown, at, gap = list[str](), lead, len(lead), ""
    start = len(lead)
    for piece in _pieces(line[len(lead) :]):
        if not piece.strip(" "):
            gap = piece
            continue
        size = cells(click.unstyle(piece))
        if at > start and at + len(gap) + size > width:
            lines.append(shown)
            shown, at, start, gap = hanging, cells(hanging), cells(hanging), ""
        shown, at, gap = shown + gap + piece, at + len(gap) + size, ""
    return "\n".join([*lines, shown])


def cut(text: str, most: int) -> str:
    """A text without escapes in at most so many cells; of a longer one the beginning."""
    if cells(text) <= most:
        return text
    end = most - 1
    while cells(text[:end]) > most - 1:
        end -= 1
    return text[:end] + "…"


def fold_lines(text: str, width: int | None) -> str:
    """Each line of a text broken by `fold`."""
    return "\n".join(fold(line, width) for line in text.split("\n"))


def _pieces(line: str) -> Iterator[str]:
    """Blanks, words, and of words of wide characters each one."""
    for match in WORDS.finditer(line):
        word = match.group()
        if word.isascii() or "\x1b" in word:
            yield word
            continue
        kept = ""
        for char in word:
            if _cell(char) == 2:
                yield from filter(None, (kept,))
                kept = ""
            kept += char
        yield kept


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int | None, keys: int, numbers: bool = False) -> list[str]:
    """A table in lines without an end, two blanks before each; cells hold no escapes.

    Where it is wider than `width`, names of columns break after "_" and texts between words; where that is not enough, the
    columns that do not fit come as tables below, each with the first `keys` columns again, and a cell that would take most of
    the width is cut. `numbers` are set to the right.
    """
    natural = [max(cells(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    if width is None or _total(natural) <= width:
        return list(_lines(heads, rows, natural, numbers))
    rows = [[cut(cell, width * LONGEST_CELL // 100) for cell in row] for row in rows]
    natural = [max(cells(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    least = [max([_longest(head.replace("_", "_ ")), *(_longest(row[at]) for row in rows)]) for at, head in enumerate(heads)]
    whole = [*natural[:keys], *least[keys:]]  # what is told of each row stays on one line unless that takes another table
    if len(list(_blocks(whole, width, keys))) == len(list(_blocks(least, width, keys))):
        least = whole
    lines = list[str]()
    for block in _blocks(least, width, keys):
        widths = _allotted([least[at] for at in block], [natural[at] for at in block], width)
        chosen = [[row[at] for at in block] for row in rows]
        over = _total(widths) - width
        if not numbers and 0 < over <= widths[-1] - LEAST_CELL:  # one column beside the keys, and a name too long for it
            widths[-1] -= over
            chosen = [[*row[:-1], cut(row[-1], widths[-1])] for row in chosen]
        lines += [""] if lines else []
        lines += _lines([heads[at] for at in block], chosen, widths, numbers)
    return lines


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * len(widths)


def _longest(text: str) -> int:
    return max(map(cells, text.split()), default=0)


def _blocks(least: Sequence[int], width: int, keys: int) -> Iterator[list[int]]:
    """The columns of each table below the other: the keys, and as many more as fit, one at least."""
    block = list(range(keys))
    for at in range(keys, len(least)):
        if len(block) > keys and _total([least[each] for each in (*block, at)]) > width:
            yield block
            block = list(range(keys))
        block.append(at)
    yield block


def _allotted(least: Sequence[int], natural: Sequence[int], width: int) -> list[int]:
    """The widest columns that fit: none under its least, all others of one width or their natural one."""
    for level in range(max(natural), 0, -1):
        widths = [max(low, min(high, level)) for low, high in zip(least, natural, strict=True)]
        if _total(widths) <= width:
            return widths
    return list(least)


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], numbers: bool) -> Iterator[str]:
    for number, row in enumerate((heads, *rows)):
        broken = [_broken(cell, width, not number) for cell, width in zip(row, widths, strict=True)]
        for at in range(max(map(len, broken))):
            line = [
                _set(parts[at] if at < len(parts) else "", width, numbers) for parts, width in zip(broken, widths, strict=True)
            ]
            text = GAP + GAP.join(line).rstrip()
            yield text if number else click.style(text, dim=True)


def _broken(cell: str, width: int, head: bool) -> list[str]:
    if not head:
        return fold(cell, width, "").split("\n")
    lines = [""]
    for word in cell.replace("_", "_\0").split("\0"):
        if lines[-1] and cells(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word
    return lines


def _set(text: str, width: int, right: bool) -> str:
    room = " " * (width - cells(text))
    return room + text if right else text + room
