"""Items into the store: what is known costs a look-up, what is new or has a new rule goes to the workers."""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from cardaudit.lint import chosen_rules
from cardaudit.policy import Policy
from cardaudit.zoo.items import Item
from cardaudit.zoo.linting import Linted, Task
from cardaudit.zoo.store import Place, Store, Stored
from cardaudit.zoo.versions import outdated, rule_set
from cardaudit.zoo.workers import Work

AT_ONCE = 256  # items of one look-up, at most
SECONDS_A_BATCH = 0.5
SECONDS_A_COUNT = 1.0
Executor = Callable[[Work], Generator[list[Linted], None, None]]


@dataclass(slots=True)
class Progress:
    """How far a session is: `cards` seen, of them `linted` and `unchanged`; `unreadable` are also among the linted."""

    cards: int = 0
    linted: int = 0
    unchanged: int = 0
    unreadable: int = 0
    began: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        return monotonic() - self.began


def lint_stage(
    store: Store, items: Iterator[Item], policy: Policy, executor: Executor, tell: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Brings the store to what the source holds now. What is recorded stays, whatever ends this."""
    stage = _Stage(store, policy, tell)
    with store.batch():
        store.catalogue(
            [(each.name, each.group, each.kind, each.severity, each.confidence, each.title) for each in chosen_rules()]
        )
    try:
        with closing(executor(stage.tasks(items))) as rounds:
            for results in rounds:
                with store.batch():
                    for linted in results:
                        stage.record(linted)
                stage.tell_now_and_then()
    finally:
        stage.count()
    tell(stage.progress)
    return stage.progress


class _Wanted(NamedTuple):
    """What is asked of a card: names of rules and groups, and the rule set that they make."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    ruleset_id: int


class _Renewal(NamedTuple):
    """How a result comes to another rule set: rules to run `again` (None: everything, anew) and rules that are `gone`."""

    again: tuple[str, ...] | None
    gone: tuple[str, ...]


class _Stage:
    """What is on its way between the source and the store."""

    def __init__(self, store: Store, policy: Policy, tell: Callable[[Progress], None]) -> None:
        self.progress = Progress()
        self._tell = tell
        self._told = self.progress.began
        self._store = store
        self._policy = policy
        self._places: dict[int, Place] = {}
        self._on_the_way: Counter[str] = Counter()
        self._ticket = 0
        self._wanted: dict[tuple[tuple[str, ...], tuple[str, ...]], _Wanted] = {}
        self._renewals: dict[tuple[int, int], _Renewal] = {}

    def tasks(self, items: Iterator[Item]) -> Work:
        """What must be checked; everything else is seen to on the way."""
        for batch in _batches(items):
            with self._store.batch():
                tasks = self._sorted_out(batch)
                self.count()
            self.tell_now_and_then()
            yield from tasks
            yield None

    def record(self, linted: Linted) -> None:
        """Writes what a worker gave back."""
        place = self._places.pop(linted.ticket)
        self._on_the_way[place.name] -= 1
        if not self._on_the_way[place.name]:
            del self._on_the_way[place.name]
        self._write(place, linted)

    def count(self) -> None:
        """Writes how far the session is."""
        now = self.progress
        self._store.count(
            cards=now.cards, linted=now.linted, unchanged=now.unchanged, unreadable=now.unreadable, seconds=round(now.seconds, 3)
        )

    def tell_now_and_then(self) -> None:
        """Tells of the progress, at most once a second."""
        now = monotonic()
        if now - self._told > SECONDS_A_COUNT:
            self._told = now
            self._tell(self.progress)

    def _write(self, place: Place, linted: Linted) -> None:
        self._store.record(place, linted)
        self.progress.linted += 1
        self.progress.unreadable += bool(linted.error)

    def _sorted_out(self, batch: list[Item]) -> list[Task]:
        """The tasks of a batch; what is unchanged, or known without a look at the card, is written at once."""
        known = self._store.look_up(tuple(dict.fromkeys(item.name for item in batch)))
        claimed = self._on_the_way.copy()
        for name, models in known.items():
            claimed[name] += sum(each.last == self._store.session for each in models)
        unchanged: list[int] = []
        moved: list[tuple[object, ...]] = []
        tasks: list[Task] = []
        for item in batch:
            nth = claimed[item.name]
            claimed[item.name] += 1
            stored = next((each for each in known.get(item.name, ()) if each.nth == nth), None)
            wanted, sha256 = self._asked(item.name), hashlib.sha256(item.data).hexdigest()
            same = stored if stored is not None and self._is_same(stored, item, sha256) else None
            if same is not None and same.ruleset_id == wanted.ruleset_id:
                unchanged.append(same.card_id)
                if item.popularity != same.popularity and any(item.popularity):
                    moved.append((*item.popularity, same.model_id))
                continue
            renewal = self._renewal(same, wanted)
            tasks += self._due(item, _place(item, nth, sha256, wanted, stored, same, renewal), wanted)
        self.progress.cards += len(batch)
        self.progress.unchanged += len(unchanged)
        self._store.touch(unchanged, moved)
        return tasks

    def _is_same(self, stored: Stored, item: Item, sha256: str) -> bool:
        """Whether it is the text of the last time, and was there the last time: one that comes back is checked anew."""
        return stored.sha256 == sha256 and stored.form == item.form and stored.last >= self._store.last_finished

    def _asked(self, name: str) -> _Wanted:
        key = self._policy.chosen(name) if self._policy.per_file else (self._policy.select, self._policy.ignore)
        if key not in self._wanted:
            self._wanted[key] = _Wanted(*key, self._store.ruleset(rule_set(*key)))
        return self._wanted[key]

    def _renewal(self, same: Stored | None, wanted: _Wanted) -> _Renewal:
        if same is None or same.ruleset_id is None or same.suppressing:
            return _Renewal(None, ())
        key = (same.ruleset_id, wanted.ruleset_id)
        if key not in self._renewals:
            old, new = self._store.known_ruleset(same.ruleset_id), rule_set(wanted.select, wanted.ignore)
            again = outdated(old, new)
            gone = () if again is None else tuple(name for name in old.rules if name not in new.rules)
            self._renewals[key] = _Renewal(again, gone)
        return self._renewals[key]

    def _due(self, item: Item, place: Place, wanted: _Wanted) -> list[Task]:
        if item.error or (place.gone and not place.again):
            self._write(place, Linted(0, item.error))
            return []
        self._ticket += 1
        self._places[self._ticket] = place
        self._on_the_way[item.name] += 1
        prior: tuple[tuple[object, ...], ...] = ()
        if place.again and place.card_id is not None:
            prior = self._store.prior(place.card_id, (*place.again, *place.gone))
        return [Task(self._ticket, item.name, item.form, item.data, wanted.select, wanted.ignore, place.again, prior)]


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    """Items for one look-up: many where they come fast, few where each is fetched, so that none waits long to be written."""
    batch: list[Item] = []
    began = monotonic()
    for item in items:
        batch.append(item)
        if len(batch) >= AT_ONCE or monotonic() - began > SECONDS_A_BATCH:
            yield batch
            batch, began = [], monotonic()
    if batch:
        yield batch


def _place(
    item: Item, nth: int, sha256: str, wanted: _Wanted, stored: Stored | None, same: Stored | None, renewal: _Renewal
) -> Place:
    return Place(
        item.name,
        nth,
        item.popularity,
        sha256,
        item.form,
        wanted.ruleset_id,
        stored.model_id if stored else None,
        same.card_id if same else None,
        renewal.again or (),
        renewal.gone,
    )
