"""Many cards: read and checked on all cores, kept in one SQLite file, gone on with after anything.

sources, hub_source     a folder, a list, a snapshot, an author on the Hub, an earlier zoo -> items: names and bytes
versions                what a stored result depends on besides its card: the reader, and each rule
linting, checks         Task -> Linted, rows ready for the store: what a process of its own does with a card
workers, ray_cluster    many Tasks on many processes, on many machines
lint_stage              items into the store; an unchanged card costs a look-up
schema, store           the tables, and who writes them; measured: runs and verdicts; excuses: what is allowed or known
worth, devices          what to verify and retrain first, on which GPU
reading                 the store as records, for whoever shows it; changes and digest: two states side by side; export
pages                   the store as an index page with a page a card; rows: the same without a store

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
