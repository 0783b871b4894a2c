"""What so many seeds can tell, before any is trained: where they spread as this metric's seeds usually do."""

from math import sqrt
from typing import NamedTuple

from cardaudit.compare.protocol import protocol_in_force
from cardaudit.compare.weighing import Distance, weigh
from cardaudit.distributions import falling_root

CLOSE = 1e-3
AT_THE_MEAN = Distance(0.0, 0.0, 0.0)
UNIT_SPREAD = (-sqrt(0.5), sqrt(0.5))
"""Two seeds whose standard deviation is 1."""


class Prospect(NamedTuple):
    """`looks`: after how many seeds the claim is weighed. Of the last: from how many seed standard deviations on a claim that
    flatters deviates, and up to how many one is called reproduced. None where too few seeds fit for any look."""

    seeds: int
    looks: tuple[int, ...]
    deviates_from: float | None = None
    reproduced_to: float | None = None


def prospect(seeds: int) -> Prospect:
    """What the protocol in force can say after at most so many seeds, should their spread be the usual one."""
    law = protocol_in_force()
    looks = tuple(look for look in law.looks if look <= seeds)
    if not looks:
        return Prospect(seeds, looks)
    ahead = weigh(AT_THE_MEAN, UNIT_SPREAD, 1.0, 0.0, number=looks[-1])
    alpha = law.alpha_flattering[len(looks) - 1]
    far = falling_root(lambda distance: ahead.belief.beyond(distance) - alpha, CLOSE)
    return Prospect(seeds, looks, round(far, 1), round(ahead.reach(), 1))
