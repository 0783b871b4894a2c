"""Which cards are worth retraining first, and what became of each: downloads times doubt over price, within a budget."""

import json
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from time import monotonic
from typing import NamedTuple

from cardaudit.codec import pack
from cardaudit.errors import CardauditError
from cardaudit.records import Missing, Plan
from cardaudit.zoo.linting import Form
from cardaudit.zoo.reading import shown_name
from cardaudit.zoo.store import Store

STAGE = "reproduce"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
BUDGET = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
SEEDS = 5  # what an honest claim needs on average before it is settled: benchmarks/results/verdict-simulation.md
UNKNOWN_PRICE = 3600.0  # seconds, where the plan cannot tell
TRIES = 3
CHOICE = """
SELECT id, name, nth, form, page, errors * 100 + warnings * 10 + notes + 1, coalesce(downloads, 0) + 1
FROM current WHERE error = '' ORDER BY id"""


class Candidate(NamedTuple):
    """A card that is to be retrained. `doubt` weighs what was found in it, `downloads` counts one more than the Hub."""

    card_id: int
    name: str
    page: str | None
    doubt: int
    downloads: int


def seconds_of(budget: str) -> float:
    """Seconds of "8h", "30m", "90s" or "2d". Raises CardauditError for anything else."""
    match = BUDGET.fullmatch(budget.strip())
    if not match:
        raise CardauditError(f"--budget {budget!r} is no time: write for example --budget 8h, 30m or 2d")
    return float(match[1]) * UNITS[match[2]]


def candidates(store: Store, patterns: Sequence[str]) -> tuple[list[Candidate], list[str]]:
    """The cards whose name or folder fits a pattern, and the patterns that no card fits."""
    found, fitting = [], set()
    for card_id, name, nth, form, page, doubt, downloads in store.connection.execute(CHOICE):
        hits = {pattern for pattern in patterns if any(fnmatch(each, pattern) for each in _names(name, nth, form, page))}
        fitting |= hits
        if hits:
            found.append(Candidate(card_id, name, page, doubt, downloads))
    return found, [pattern for pattern in patterns if pattern not in fitting]


def _names(name: str, nth: int, form: Form, page: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (name, page, shown_name(name, nth, form))))


def price_of(plan: Plan, gpus: int) -> float:
    """Seconds that settling a claim roughly takes on one device of this machine."""
    seconds = plan.estimate.get("seconds_gpu" if gpus else "seconds_cpu")
    runs = min(SEEDS, len(plan.seeds)) + (plan.replay_seed is not None)
    return runs * float(seconds) if seconds else UNKNOWN_PRICE


def enqueue(store: Store, candidate: Candidate, price: float | None, because: str = "", missing: Sequence[Missing] = ()) -> None:
    """Writes that a card is to be retrained at a price in seconds, or `because` of what, and of which facts, it cannot be."""
    worth = None if price is None else candidate.downloads * candidate.doubt / max(price, 1.0)
    state = "lacking" if price is None else "queued"
    store.connection.execute(
        "INSERT INTO work (card_id, stage, state, because, worth, price, details) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = excluded.state, because = excluded.because, worth = excluded.worth,"
        " price = excluded.price, details = excluded.details, tries = 0",
        (candidate.card_id, STAGE, state, because, worth, price, json.dumps({"missing": pack(tuple(missing))})),
    )


def settle(store: Store, card_id: int, state: str, seconds: float, because: str = "") -> None:
    """Writes how retraining a card ended: "done", "failed", or "queued" again."""
    store.connection.execute(
        "UPDATE work SET state = ?, because = ?, seconds = seconds + ?, tries = tries + 1, session = ?"
        " WHERE card_id = ? AND stage = ?",
        (state, because, seconds, store.session, card_id, STAGE),
    )


class Budget:
    """Time that may still be spent; None has no end. Work is started only where its price fits into what is left."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else monotonic() + seconds

    def fits(self, price: float) -> bool:
        return self._ends is None or monotonic() + price <= self._ends


def ranked(store: Store, chosen: Sequence[Candidate]) -> Iterator[tuple[Candidate, float]]:
    """The queued candidates with their prices, what is most worth settling first."""
    rows = store.connection.execute(
        "SELECT card_id, price FROM work WHERE stage = ? AND state = 'queued' ORDER BY worth DESC, card_id", (STAGE,)
    )
    by_card = {candidate.card_id: candidate for candidate in chosen}
    return ((by_card[card_id], price) for card_id, price in rows.fetchall() if card_id in by_card)
