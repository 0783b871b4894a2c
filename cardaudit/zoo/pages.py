"""The store as pages: an index over all cards, and a page for each that is written again only when something about it changed."""

import hashlib
import json
import shlex
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from cardaudit import __version__
from cardaudit.audit import audit_name, lint_audit
from cardaudit.errors import CardauditError
from cardaudit.records import Audit
from cardaudit.zoo.linting import Form
from cardaudit.zoo.reading import Reading
from cardaudit.zoo.store import Store

MOST_PAGES = 1000  # a page for each card of larger zoos only where one is asked for
DUE = """
SELECT current.id, model_id, name, form, page, page_key, ruleset_id,
  (SELECT group_concat(findings.id) FROM findings WHERE card_id = current.id AND until IS NULL),
  (SELECT group_concat(finding_id) FROM excused JOIN findings ON findings.id = finding_id WHERE card_id = current.id),
  (SELECT group_concat(id) FROM verdicts WHERE card_id = current.id AND until IS NULL),
  (SELECT group_concat(details) FROM work WHERE card_id = current.id)
FROM current WHERE current.error = '' AND page IS NOT NULL ORDER BY current.id"""


class Due(NamedTuple):
    """A card whose page is not there or not as it would be now."""

    card_id: int
    name: str
    form: Form
    folder: Path
    key: str


def name_pages(store: Store, cards: Collection[int] | None = None) -> None:
    """Gives the models of `cards` (None: all that can be read) a name for their folder, where they have none.

    No two have the same, also where case does not count; a model keeps its own for ever.
    """
    db = store.connection
    with store.batch():
        taken = {row[0].lower() for row in db.execute("SELECT page FROM models WHERE page IS NOT NULL")}
        nameless = db.execute("SELECT id, model_id, name FROM current WHERE page IS NULL AND error = '' ORDER BY id").fetchall()
        for card_id, model_id, name in nameless:
            if cards is not None and card_id not in cards:
                continue
            page = _free(audit_name(name), taken)
            db.execute("UPDATE models SET page = ? WHERE id = ?", (page, model_id))


def due_pages(store: Store, folder: Path) -> Iterator[Due]:
    """The cards whose page must be written."""
    for card_id, _, name, form, page, key, *state in store.connection.execute(DUE).fetchall():
        now = hashlib.sha256(json.dumps([__version__, card_id, *state]).encode()).hexdigest()[:16]
        place = folder / "cards" / page
        if key != now or not (place / "report.html").is_file():
            yield Due(card_id, name, form, place, now)


def write_pages(store: Store, folder: Path, audit_of: Callable[[Due, Reading], Audit]) -> int:
    """Writes what is due; gives how many. A card whose page cannot be written keeps the old one and is tried again."""
    from cardaudit.report import save_audit

    written = 0
    with Reading(store.path) as reading:
        for due in due_pages(store, folder):
            save_audit(audit_of(due, reading), due.folder)
            store.connection.execute("UPDATE cards SET page_key = ? WHERE id = ?", (due.key, due.card_id))
            written += 1
    return written


def stored_audit(due: Due, reading: Reading) -> Audit:
    """The audit of a card as the store has it: linted only, without reading the rules again."""
    again = f"cardaudit reproduce {shlex.quote(due.name)}"
    return lint_audit(reading.card(due.card_id), reading.missing(due.card_id), again, reading.checkup(due.card_id))


def write_index(folder: Path, name: str) -> Path:
    """index.html, and what a large zoo keeps beside it; gives its path."""
    from cardaudit.report import save_zoo

    try:
        with Reading(folder / "zoo.sqlite") as reading:
            return save_zoo(reading.zoo(name), folder)
    except OSError as error:
        raise CardauditError(f"{folder} cannot be written: {error.strerror or error}") from error


def _free(base: str, taken: set[str]) -> str:
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name.lower())
    return name
