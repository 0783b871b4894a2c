"""The store as pages: an index over all cards, and a page for each that is written again only when something about it changed."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from cardaudit import __version__
from cardaudit.audit import audit_name
from cardaudit.errors import CardauditError
from cardaudit.policy import Policy
from cardaudit.records import Rate
from cardaudit.zoo.page_writers import Due, write_all
from cardaudit.zoo.reading import Reading
from cardaudit.zoo.store import Store

MOST_PAGES = 2000  # of larger zoos, the cards that matter most: a page has about 75 kB and takes 7 ms of a processor
DUE = """
SELECT current.id, model_id, name, form, page, page_key, ruleset_id,
  (SELECT group_concat(findings.id) FROM findings WHERE card_id = current.id AND until IS NULL),
  (SELECT group_concat(finding_id) FROM excused JOIN findings ON findings.id = finding_id WHERE card_id = current.id),
  (SELECT group_concat(id) FROM verdicts WHERE card_id = current.id AND until IS NULL),
  (SELECT group_concat(details) FROM work WHERE card_id = current.id)
FROM current WHERE current.error = '' AND page IS NOT NULL ORDER BY current.id"""


def name_pages(store: Store, cards: Collection[int] | None = None) -> None:
    """Gives the models of `cards` (None: all that can be read) a name for their folder, where they have none.

    No two have the same, also where case does not count; a model keeps its own for ever.
    """
    db = store.connection
    with store.batch():
        taken = {row[0].lower() for row in db.execute("SELECT page FROM models WHERE page IS NOT NULL")}
        nameless = db.execute("SELECT id, model_id, name FROM current WHERE page IS NULL AND error = '' ORDER BY id")
        chosen = [(model_id, name) for card_id, model_id, name in nameless if cards is None or card_id in cards]
        for model_id, name in chosen:
            db.execute("UPDATE models SET page = ? WHERE id = ?", (_free(audit_name(name), taken), model_id))


def due_pages(store: Store, folder: Path) -> Iterator[Due]:
    """The cards whose page must be written."""
    for card_id, _, name, form, page, key, *state in store.connection.execute(DUE).fetchall():
        now = hashlib.sha256(json.dumps([__version__, card_id, *state]).encode()).hexdigest()[:16]
        place = folder / "cards" / page
        if key != now or not (place / "report.html").is_file():
            yield Due(card_id, name, form, place, now)


def write_pages(store: Store, folder: Path, policy: Policy, jobs: int, tell: Callable[[int], None] = lambda _: None) -> int:
    """Writes what is due with so many processes; gives how many, which `tell` hears before. Killed, it goes on next time."""
    due = list(due_pages(store, folder))
    tell(len(due))
    for written in write_all(due, store.path, policy, jobs):
        store.connection.execute("UPDATE cards SET page_key = ? WHERE id = ?", (written.key, written.card_id))
    return len(due)


def write_index(folder: Path, name: str, rate: Rate | None = None) -> Path:
    """index.html, and what a large zoo keeps beside it; gives its path. `rate`: what a GPU costs, for the prices on it."""
    from cardaudit.report import save_zoo

    try:
        with Reading(folder / "zoo.sqlite") as reading:
            return save_zoo(reading.zoo(name, rate), folder)
    except OSError as error:
        raise CardauditError(f"{folder} cannot be written: {error.strerror or error}") from error


def _free(base: str, taken: set[str]) -> str:
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name.lower())
    return name
