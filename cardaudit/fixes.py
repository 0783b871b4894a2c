"""Applies the fixes that findings carry, leaving every other byte of a file as it was."""

import codecs
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.records import Edit, Finding, Fix

MOST_ROUNDS = 10
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Mended(NamedTuple):
    """A text with fixes in it, and the findings that they mend."""

    text: str
    fixed: tuple[Finding, ...]


def mend(text: str, check: Callable[[str], Iterable[Finding]], unsafe: bool = False) -> Mended:
    """Applies fixes round by round, checking anew after each, until none is left: two that touch the same place take two rounds.

    `unsafe`: also the fixes that change what a card says.
    """
    fixed: list[Finding] = []
    for _ in range(MOST_ROUNDS):
        able = [each for each in check(text) if each.fix and (each.fix.safe or unsafe)]
        changed = apply(text, able)
        if changed.text == text:
            break
        text = changed.text
        fixed += changed.fixed
    return Mended(text, tuple(fixed))


def apply(text: str, findings: Iterable[Finding]) -> Mended:
    """One round: each finding's fix whole or not at all, those of earlier findings first where two touch the same place."""
    taken: list[Edit] = []
    fixed: list[Finding] = []
    for finding in findings:
        if finding.fix and not any(_touch(edit, other) for edit in finding.fix.edits for other in taken):
            taken += finding.fix.edits
            fixed.append(finding)
    for edit in sorted(taken, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return Mended(text, tuple(fixed))


def rewrite(path: Path, before: str, after: str) -> None:
    """Replaces a file's text, keeping its encoding, byte order mark, line ends and permissions; whole or not at all.

    Raises CardauditError where the file no longer holds `before`, or cannot be written.
    """
    try:
        data = path.read_bytes()
        mark, encoding = next(((mark, encoding) for mark, encoding in MARKS if data.startswith(mark)), (b"", "utf-8"))
        if data != mark + before.encode(encoding):
            raise CardauditError(f"{path} changed while it was checked: nothing was written, run the command again")
        _replace(path, mark + after.encode(encoding))
    except OSError as error:
        raise CardauditError(f"{path} cannot be written: {error.strerror or error}") from error


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _touch(first: Edit, second: Edit) -> bool:
    (a, b), (c, d) = first.span, second.span
    return (a < d and c < b) or (a, b) == (c, d) or (a == b and c <= a <= d) or (c == d and a <= c <= b)


__all__ = ["Fix", "Mended", "apply", "mend", "rewrite"]
