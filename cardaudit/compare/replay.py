"""The author's own seed, trained again: which printed cells come out equal to the digit."""

from collections.abc import Sequence
from dataclasses import dataclass

from cardaudit.compare.claims import Claim, Claims
from cardaudit.compare.measured import measure
from cardaudit.records import Card, Run

LOGGED = 5e-5
"""transformers before 5 rounds a logged training loss to 4 decimals, so that a short print of it is not exact."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What the author's seed gave: the value for each claim it has, which equal the print, and which rows do in every cell.

    A row is None for what stands off the table.
    """

    seed: int
    values: tuple[tuple[Claim, float], ...]
    equal: tuple[Claim, ...]
    whole: frozenset[int | None]

    def value(self, claim: Claim) -> float | None:
        return next((value for told, value in self.values if told is claim), None)

    def holds(self, claim: Claim, reported: int | None) -> bool:
        """Whether a claim is replayed: it equals, and so does all of its row; off the table, also the row that is reported."""
        rows = {claim.row} if claim.row is not None else {None, reported} & {told.row for told, _ in self.values}
        return any(told is claim for told in self.equal) and rows <= self.whole


def replay_of(run: Run | None, card: Card, claims: Claims) -> Replay | None:
    """The replay of a card's own seed; None where it was not run."""
    if run is None:
        return None
    every = unique((*claims.endpoint, *claims.cells))
    values = tuple((c, v) for c in every if (v := measure(run, c, card, claims.selection)) is not None)
    equal = tuple(claim for claim, value in values if prints_as(claim, value))
    unequal = {claim.row for claim, value in values if not prints_as(claim, value)}
    return Replay(run.seed, values, equal, frozenset({claim.row for claim, _ in values} - unequal))


def prints_as(claim: Claim, value: float) -> bool:
    """Whether a measured value prints like the claim; a tie may have been rounded either way."""
    room = 1e-9 * max(1.0, abs(claim.value))
    if claim.column == "training_loss":
        room += max(0.0, LOGGED - (claim.high - claim.low) / 2)
    return claim.low - room <= value <= claim.high + room


def unique(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without repetition of an object; two equal prints in two places stay two."""
    return tuple({id(claim): claim for claim in claims}.values())
