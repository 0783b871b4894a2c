"""The protocol in force: when to look, how much error each look may cost, and what simulation says of it all."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from cardaudit.facts import load


@dataclass(frozen=True, slots=True)
class Protocol:
    """`looks`: numbers of seeds after which a claim is weighed; the alphas are the error allowed at each.

    `alpha_flattering` is for claims on the side that flatters the model, `alpha_modest` for the other. `prior_below`,
    `prior_above`: half widths of the prior of log(spread). `environment_shift`: another environment's standard deviation in seed
    standard deviations. `margin`: how many standard deviations count as the same, believed with `equivalence`. `interval`: the
    share of honest claims in the interval shown. `widest_bounded`, `widest_relative`: the least inflation that has to be noticed
    before anything is called the same, for metrics with two ends in their own units, for others as a share. `row_near`: how
    close, on the even scale, another evaluation of the runs must lie to tell of their spread; `row_share`, `row_spread`: as in
    weighing.py.
    """

    version: int
    looks: tuple[int, ...]
    alpha_flattering: tuple[float, ...]
    alpha_modest: tuple[float, ...]
    prior_below: float
    prior_above: float
    environment_shift: float
    margin: float
    equivalence: float
    interval: float
    widest_bounded: float
    widest_relative: float
    row_near: float
    row_share: float
    row_spread: float

    def look_of(self, number: int) -> int:
        """Which look `number` seeds have reached: an index into `looks`, -1 before the first."""
        return sum(number >= look for look in self.looks) - 1


@cache
def protocol_in_force() -> Protocol:
    """The protocol of this release (facts/verdict_protocol.json)."""
    facts = load("verdict_protocol")
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in facts["protocol"].items()}
    return Protocol(version=facts["version"], **settings)


def error_rates(version: int) -> str:
    """What simulation says of a version of the protocol, as one sentence; empty where this release does not know."""
    told = load("verdict_protocol")["simulated"]
    if told.get("version") != version:
        return ""
    return (
        f"Protocol {told['version']}, simulated with {told['cards']:,} cards for each of {told['recipes']} recipes: "
        f"{told['honest_accused']:.1%} of honest cards are accused (at most {told['honest_accused_most']:.1%} in one recipe) and "
        f"{told['honest_undecided']:.1%} stay undecided; of claims 5 seed standard deviations too high {told['five_caught']:.0%} "
        f"are caught, with {told['five_seeds']:.1f} seeds on average."
    )
