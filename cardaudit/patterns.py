"""Regular expressions that are compiled at their first use: most of the reader's hundreds meet no card that they could match."""

import re
from typing import Any, AnyStr, cast

COMPILED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "flags", "groups", "groupindex")


def deferred(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The compiled pattern, as `re.compile` gives it; an error in it is raised where it is first used.

    A match's `re` is the compiled pattern, and so not the object given here.
    """
    return cast("re.Pattern[AnyStr]", _Deferred(pattern, flags))


class _Compiled:
    """A pattern whose methods are attributes of its own: a call takes as long as one of the pattern itself."""

    __slots__ = ("_asked", "pattern", *COMPILED)

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._asked = flags


class _Deferred(_Compiled):
    """A pattern that is still text. It stops being one at its first use: each look at an object with `__getattr__` is slow."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name not in COMPILED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._asked)
        for each in COMPILED:
            setattr(self, each, getattr(compiled, each))
        self.__class__ = _Compiled  # type: ignore[assignment]
        return getattr(self, name)
