"""Numbers with their noun, and things in a row."""

from collections.abc import Sequence


def count(number: int, one: str, many: str = "") -> str:
    """ "1 error", "2 errors", "1,204 errors"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(items: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
