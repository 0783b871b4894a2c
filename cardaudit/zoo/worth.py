"""What is worth verifying and retraining first, at which price, and what became of it: downloads times doubt over cost."""

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from typing import NamedTuple

from cardaudit.codec import pack
from cardaudit.records import Missing, Plan
from cardaudit.zoo.linting import Form
from cardaudit.zoo.pages import name_pages
from cardaudit.zoo.reading import shown_name
from cardaudit.zoo.store import Store

VERIFY, REPRODUCE = "verify", "reproduce"
SEEDS = 5  # what an honest claim needs on average before it is settled: benchmarks/results/verdict-simulation.md
UNKNOWN_PRICE = 3600.0  # seconds, where the plan cannot tell
TRIES = 3
CARDS = """
SELECT current.id, current.name, current.nth, form, sha256, current.page, models.revision,
  errors * 100 + warnings * 10 + notes + 1, coalesce(current.downloads, 0) + 1
FROM current JOIN models ON models.id = model_id WHERE error = '' ORDER BY current.id"""


class Candidate(NamedTuple):
    """A card that is to be measured. `doubt` weighs what was found in it, `downloads` counts one more than the Hub.

    `revision`: the commit that the card was read at, None where the source does not say.
    """

    card_id: int
    name: str
    nth: int
    form: Form
    sha256: str
    page: str | None
    revision: str | None
    doubt: int
    downloads: int


def chosen_cards(store: Store, patterns: Sequence[str], option: str) -> tuple[list[Candidate], list[str]]:
    """The cards whose name or folder fits a pattern, each with a folder, and a sentence for each pattern that none fits."""
    fitting: set[str] = set()
    chosen: set[int] = set()
    for each in _candidates(store):
        hits = {pattern for pattern in patterns if any(fnmatch(name, pattern) for name in _names(each))}
        fitting |= hits
        if hits:
            chosen.add(each.card_id)
    name_pages(store, chosen)
    strangers = [pattern for pattern in patterns if pattern not in fitting]
    told = [f"{option} {pattern}: no card of {store.source} has that name" for pattern in strangers]
    return [each for each in _candidates(store) if each.card_id in chosen], told


def _candidates(store: Store) -> Iterator[Candidate]:
    return (Candidate(*row) for row in store.connection.execute(CARDS))


def _names(each: Candidate) -> tuple[str, ...]:
    return tuple(filter(None, (each.name, each.page, shown_name(each.name, each.nth, each.form))))


def price_of(plan: Plan, gpu: bool) -> float:
    """Seconds that settling a claim roughly takes on one device of this machine."""
    seconds = plan.estimate.get("seconds_gpu" if gpu else "seconds_cpu")
    runs = min(SEEDS, len(plan.seeds)) + (plan.replay_seed is not None)
    return runs * float(seconds) if seconds else UNKNOWN_PRICE


def enqueue(store: Store, stage: str, candidate: Candidate, price: float, seconds: float | None = None) -> None:
    """Writes that a card is to be measured at a price in seconds; `seconds`: of one seed on one data center GPU, None unknown."""
    worth = candidate.downloads * candidate.doubt / max(price, 1.0)
    _enqueue(store, stage, candidate, ("queued", "", worth, price, json.dumps({"seconds": seconds})))


def lack(store: Store, stage: str, candidate: Candidate, because: str, missing: Sequence[Missing]) -> None:
    """Writes because of what, and of which missing facts, a card cannot be measured."""
    _enqueue(store, stage, candidate, ("lacking", because, None, None, json.dumps({"missing": pack(tuple(missing))})))


def _enqueue(store: Store, stage: str, candidate: Candidate, values: tuple[object, ...]) -> None:
    store.connection.execute(
        "INSERT INTO work (card_id, stage, state, because, worth, price, details) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = excluded.state, because = excluded.because, worth = excluded.worth,"
        " price = excluded.price, details = excluded.details",
        (candidate.card_id, stage, *values),
    )


def settle(store: Store, stage: str, card_id: int, state: str, seconds: float, because: str = "") -> None:
    """Writes how measuring a card ended: "done", "failed", or "cut" where the budget ended before it."""
    store.connection.execute(
        "UPDATE work SET state = ?, because = ?, seconds = seconds + ?, tries = tries + 1, session = ?"
        " WHERE card_id = ? AND stage = ?",
        (state, because, seconds, store.session, card_id, stage),
    )


def settled(store: Store, stage: str) -> set[int]:
    """The cards whose measuring is done."""
    rows = store.connection.execute("SELECT card_id FROM work WHERE stage = ? AND state = 'done'", (stage,))
    return {row[0] for row in rows}


def ranked(store: Store, chosen: Sequence[Candidate]) -> Iterator[tuple[Candidate, float]]:
    """The queued candidates with their prices, what is most worth settling first."""
    rows = store.connection.execute(
        "SELECT card_id, price FROM work WHERE stage = ? AND state = 'queued' ORDER BY worth DESC, card_id", (REPRODUCE,)
    )
    by_card = {candidate.card_id: candidate for candidate in chosen}
    return ((by_card[card_id], price) for card_id, price in rows.fetchall() if card_id in by_card)
