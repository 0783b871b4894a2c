"""What the files beside a card say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """One thing that a file says: `key` as the Trainer calls its argument, or "labels" and the like; `value` as JSON has it."""

    key: str
    value: Any
    file: str
    where: str


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One evaluation of trainer_state.json: full floats. Keys of `metrics` are without "eval_"; `loss` is the evaluation's."""

    step: int
    epoch: float | None
    training_loss: float | None
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """A scalar of a TensorBoard event file by optimizer step: single-precision values."""

    tag: str
    file: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A number of the card that a later commit replaced while the numbers beside it stayed.

    `name` says which ("f1 of the headline"); `before` and `after` are the printed texts, `since` the day of `commit` (ISO),
    `until` that of the last version that had the old number. `kept` counts the numbers that are the same in both versions.
    """

    name: str
    before: str
    after: str
    until: str
    since: str
    commits: tuple[str, str]
    kept: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found. `looked_at` are the files that were read, `unread` those that could not be, with the reason.

    `history`: numbers of the card that changed between commits, oldest first.
    """

    facts: tuple[Fact, ...] = ()
    rows: tuple[LoggedRow, ...] = ()
    results: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    looked_at: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    history: tuple[Changed, ...] = ()

    def first(self, key: str) -> Fact | None:
        """The fact of that key from the file that knows best: they stand in that order."""
        return next((fact for fact in self.facts if fact.key == key), None)
