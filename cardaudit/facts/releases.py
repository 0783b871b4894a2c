"""Releases of transformers as they are printed: "4.26.1", "4.13", and builds between two of them ("4.26.0.dev0", "5.0.0rc1")."""

import re

from cardaudit.patterns import deferred

Release = tuple[int, int]

PRINTED = deferred(r"(\d{1,3})\.(\d{1,3})(?:\.\d+)?")
BETWEEN = deferred(r"dev|rc|[ab]\d", re.I)
LAST_OF_MAJOR = {3: 5, 4: 57}


def as_release(text: str) -> Release:
    """ "4.26.1" -> (4, 26): what a card looks like changes with a minor release. Raises ValueError for what is no version."""
    found = PRINTED.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no version of two numbers")
    return int(found[1]), int(found[2])


def is_outside(printed: str, earliest: str | None, latest: str | None) -> bool:
    """Whether no build of a printed version lies between two releases; None bounds nothing, and no version is outside of it.

    A build of the main branch ("4.26.0.dev0") may lack what 4.26 brought and have all that 4.25 had, so it counts as both.
    """
    if PRINTED.match(printed) is None:
        return False
    last = first = as_release(printed)
    if BETWEEN.search(printed):
        major, minor = last
        first = (major, minor - 1) if minor else (major - 1, LAST_OF_MAJOR.get(major - 1, 0))
    return (earliest is not None and last < as_release(earliest)) or (latest is not None and first > as_release(latest))
