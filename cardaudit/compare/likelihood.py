"""How well a card's numbers agree with runs of a plan, cell by cell, so that two plans can be held against each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, log, pi, sqrt
from statistics import fmean

from cardaudit.compare.claims import Claim, read_claims
from cardaudit.compare.measured import cell, sort_runs
from cardaudit.compare.replay import unique
from cardaudit.compare.trial import Trial, try_claim
from cardaudit.records import Card, Plan, Run

WRONG = 0.01
"""How often a cell is taken to say nothing of its recipe (a wrong digit, a moved row): it bounds what one cell can prove."""
ALIKE = 0.5
"""How closely the cells of one run are taken to go together, as a correlation."""
LEAST_FIT = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number beside runs: how often such a run's number lies as far away, and its logarithmic density there.

    The density is per unit of the metric, mixed with that of a number that says nothing.
    """

    column: str
    chance: float
    density: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A card's cells beside the runs of one plan, by where they stand and what they name; `lead`: the leading one's chance."""

    cells: dict[tuple[str, str], Cell]
    seeds: int
    lead: float = 1.0

    @property
    def fitting(self) -> int:
        """How many cells such runs give, Bonferroni over all of them."""
        return sum(cell.chance * len(self.cells) >= LEAST_FIT for cell in self.cells.values())

    @property
    def whole(self) -> bool:
        """Whether such runs give every cell, and the leading one without the allowance for many."""
        return bool(self.cells) and self.fitting == len(self.cells) and self.lead >= LEAST_FIT


def fit_of(card: Card, plan: Plan, runs: Sequence[Run]) -> Fit:
    """How the card's numbers lie among `runs` of a plan; the author's own seed is no independent run."""
    claims = read_claims(card, plan)
    field = sort_runs(card, plan, runs, False)
    cells = {}
    for claim in unique((*claims.endpoint, *claims.cells)):
        trial = try_claim(claim, card, plan, claims, field, None)
        if _repeated(claim, claims.endpoint, claims.selection.row):
            continue
        if trial.test is not None:
            cells[claim.where, claim.metric] = _cell(trial)
        elif any(cell(row, claim.column) is not None for run in field.seeds for row in run.rows):
            cells[claim.where, claim.metric] = Cell(claim.column, 0.0, log(WRONG))  # such runs have no such evaluation
    first = cells.get((claims.endpoint[0].where, claims.endpoint[0].metric)) if claims.endpoint else None
    return Fit(cells, len(field.seeds), first.chance if first else 0.0)


def log_ratio(one: Fit, other: Fit) -> float:
    """How much likelier `one` makes the card than `other`, as a logarithm, over the cells that both have.

    Cells of one run go together, so that m of them count as m / (1 + (m - 1) / 2) independent ones.
    """
    shared = one.cells.keys() & other.cells.keys()
    if not shared:
        return 0.0
    independent = len(shared) / (1 + (len(shared) - 1) * ALIKE)
    return independent * fmean(one.cells[key].density - other.cells[key].density for key in shared)


def _repeated(claim: Claim, endpoint: Sequence[Claim], reported: int | None) -> bool:
    """Whether a cell of the reported row repeats what stands off the table."""
    told = any(each.column == claim.column and each.row is None for each in endpoint)
    return claim.row is not None and claim.row == reported and told


def _cell(trial: Trial) -> Cell:
    test = trial.test
    assert test is not None
    room = sqrt(1 + 1 / test.belief.number + test.law.environment_shift**2)
    sampling = test.belief.sampling
    even = sum(weight * _normal(test.gap, hypot(spread * room, sampling)) for spread, weight in test.belief.points)
    span = max(1.0, abs(trial.claim.value)) if trial.claim.column.endswith("loss") else 1.0
    density = (1 - WRONG) * even * trial.scale.slope(test.mean) + WRONG / span
    return Cell(trial.claim.column, min(1.0, 2 * test.belief.beyond(abs(test.gap))), log(density))


def _normal(away: float, spread: float) -> float:
    return exp(-((away / spread) ** 2) / 2) / (spread * sqrt(2 * pi))
