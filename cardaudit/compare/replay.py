"""The author's own seed, trained again: which printed cells come out equal to the digit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from cardaudit.compare.claims import Claim, Claims
from cardaudit.compare.measured import measure
from cardaudit.records import Card, Run

LOGGED = 5e-5
"""transformers before 5 rounds a logged training loss to 4 decimals, so that a short print of it is not exact."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What the author's seed gave: a value for each claim (by its id), the claims equal to the digit, the rows equal throughout.

    `rows`: all that were compared; a row is None for what stands off the table. `diverged`: ids of claims it has no number for.
    """

    seed: int
    values: Mapping[int, float]
    equal: tuple[Claim, ...]
    rows: frozenset[int | None]
    whole: frozenset[int | None]
    diverged: frozenset[int]

    def holds(self, claim: Claim, reported: int | None) -> bool:
        """Whether a claim is replayed: it equals, and so does all of its row; off the table, also the row that is reported."""
        rows = {claim.row} if claim.row is not None else {None, reported} & self.rows
        return id(claim) in self.values and rows <= self.whole


def replay_of(run: Run | None, card: Card, claims: Claims) -> Replay | None:
    """The replay of a card's own seed; None where it was not run."""
    if run is None:
        return None
    told = [(c, measure(run, c, card, claims.selection)) for c in unique((*claims.endpoint, *claims.cells))]
    known = [(claim, value) for claim, value in told if value is not None and isfinite(value)]
    diverged = frozenset(id(claim) for claim, value in told if value is not None and not isfinite(value))
    equal = tuple(claim for claim, value in known if prints_as(claim, value))
    rows = frozenset(claim.row for claim, _ in known)
    unequal = {claim.row for claim, value in told if value is not None and not prints_as(claim, value)}
    return Replay(run.seed, {id(claim): value for claim, value in known}, equal, rows, rows - unequal, diverged)


def prints_as(claim: Claim, value: float) -> bool:
    """Whether a measured value prints like the claim; a tie may have been rounded either way."""
    room = 1e-9 * max(1.0, abs(claim.value))
    if claim.column == "training_loss":
        room += max(0.0, LOGGED - (claim.high - claim.low) / 2)
    return claim.low - room <= value <= claim.high + room


def unique(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without repetition of an object; two equal prints in two places stay two."""
    return tuple({id(claim): claim for claim in claims}.values())
