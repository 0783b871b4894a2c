"""What a source gives of one model: its name, its card's bytes, and what is said of it elsewhere."""

from collections.abc import Callable
from typing import NamedTuple

from cardaudit.zoo.linting import Form


class Popularity(NamedTuple):
    """What a source says of a model besides its card; None where it does not. `last_modified` begins with YYYY-MM-DD."""

    revision: str | None = None
    downloads: int | None = None
    likes: int | None = None
    last_modified: str | None = None


UNKNOWN = Popularity()


class Item(NamedTuple):
    """One card of a source. `error` says why its bytes could not be had; `data` is then empty."""

    name: str
    data: bytes
    form: Form
    popularity: Popularity = UNKNOWN
    error: str = ""


KnownText = Callable[[str, str], bytes | None]
"""The bytes that a store has of a model, by name and commit; None where it has none, or of another commit."""
