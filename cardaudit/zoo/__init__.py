"""Many cards: read and checked on all cores, kept in one SQLite file, gone on with after anything.

sources     a folder, a list, a snapshot, an author on the Hub, an earlier zoo -> Items: names and bytes
versions    what a stored result depends on besides its card: the reader, and each rule
linting     Task -> Linted, rows ready for the store: what a process of its own does with a card
workers     many Tasks on many processes; ray_cluster: on many machines
lint_stage  Items -> the store; an unchanged card costs a look-up
schema      the tables; store writes them, reading reads them; changes compares two states; export writes them elsewhere
verifying, reproducing    the stages after linting, into the same store
pages       the store as an index page with a page a card

Names are imported when first asked for: a worker process needs linting alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cardaudit.zoo.rows import index_of, kept, row_of, zoo_of

__all__ = ["index_of", "kept", "row_of", "zoo_of"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("cardaudit.zoo.rows"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
