"""What fits into a time, for `cardaudit plan --budget`: seeds, looks, and what a verdict on them could say."""

from math import ceil
from typing import TYPE_CHECKING, Any

from cardaudit.durations import roughly
from cardaudit.plurals import count

if TYPE_CHECKING:
    from cardaudit.records import Plan

OFF_BY = 3
"""The factor by which an estimated time may be wrong, see plan/estimate.py."""


def fitting(plan: "Plan", seconds: float) -> dict[str, Any]:
    """JSON values: how many `seeds` of the plan fit into the seconds, after the card's own one, and what they can tell:
    none is trained after the protocol's last look.

    `seed_seconds`: roughly one seed on one of the `devices`; where the plan cannot tell it is None, and nothing else is known.
    `fewest` and `most` seeds fit should that be wrong by a factor of three. `looks`, `deviates_from` and `reproduced_to` are
    those of compare.prospect; `verdict_seconds`: what the first look takes.
    """
    from cardaudit.compare.prospect import prospect
    from cardaudit.compare.protocol import protocol_in_force
    from cardaudit.zoo.devices import gpus

    found = gpus()
    looks = protocol_in_force().looks
    devices, each = max(len(found), 1), plan.estimate.get("seconds_gpu" if found else "seconds_cpu")
    told = {"seconds": seconds, "device": "GPU" if found else "CPU", "devices": devices, "seed_seconds": each}
    if not each:
        return told
    own, least = int(plan.replay_seed is not None), looks[0]
    first = ceil(least / devices)

    def seeds(rounds: float) -> int:
        """Up to the first look one on each device, from then on one at a time."""
        left = max(int(rounds) - own, 0)
        return min(left * devices if left < first else least + left - first, len(plan.seeds), looks[-1])

    rounds = seconds / each
    range_ = {"own_seed": int(rounds) >= own > 0, "fewest": seeds(rounds / OFF_BY), "most": seeds(rounds * OFF_BY)}
    return {**told, **prospect(seeds(rounds))._asdict(), **range_, "verdict_seconds": (own + first) * each}


def rows(fits: dict[str, Any]) -> list[tuple[str, str, str]]:
    """`fitting` as rows of a plan."""
    each, device = fits["seed_seconds"], fits["device"]
    if not each:
        return [("budget", roughly(fits["seconds"]), "how many seeds fit is not known: the plan cannot tell what one takes")]
    where = f"{fits['devices']} GPUs" if fits["devices"] > 1 else f"the {device}"
    seeds = f"the card's own and {count(fits['seeds'], 'other')}" if fits["own_seed"] else count(fits["seeds"], "seed")
    wrong = f"{fits['fewest']} to {fits['most']} should that be wrong by a factor of three"
    budget = ("budget", f"{roughly(fits['seconds'])}: {seeds}", f"roughly {roughly(each)} a seed on {where}; {wrong}")
    return [budget, *_verdict(fits)]


def _verdict(fits: dict[str, Any]) -> list[tuple[str, str, str]]:
    if not fits["looks"]:
        return [("verdict", "none", f"a claim is weighed after 3 seeds: here after roughly {roughly(fits['verdict_seconds'])}")]
    spread = f"in standard deviations of the {fits['looks'][-1]} seeds, should they spread as is usual"
    return [
        ("deviates_from", f"{fits['deviates_from']:.1f} sd", f"a claim as far on the side that flatters, {spread}"),
        ("reproduced_to", f"{fits['reproduced_to']:.1f} sd", "a claim no farther; one in between stays undecided"),
    ]
