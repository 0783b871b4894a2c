"""The reward margin is not the difference of the two rewards.

## What it does
Subtracts the mean reward of the rejected answers from that of the chosen ones and holds it against the printed margin.

## Condition
TRL's DPO, ORPO, CPO and KTO trainers log `rewards/chosen`, `rewards/rejected` and `rewards/margins = (chosen -
rejected).mean()`; a mean of differences is the difference of the means. Reported where I(margin) misses I(chosen) -
I(rejected) by more than half-precision arithmetic loses (2^-8 of the larger reward).

## When it stays silent
Where one of the three is missing. KTO logs chosen and rejected over different examples: a difference beyond 2^-8 is
`suspicious` where the card speaks of KTO.

## Usual causes
An edited digit; numbers of two checkpoints in one list.

## Example
`Rewards/margins: 1.3699` beside `Rewards/chosen: -0.5053` and `Rewards/rejected: -1.6752`.
"""

from collections.abc import Iterator
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._groups import Fault, Tied, between, told
from cardaudit.rules._groups import together as numbers_together

MARGINS, CHOSEN, REJECTED = "rewards_margins", "rewards_chosen", "rewards_rejected"
HALF_PRECISION = Fraction(1, 2**8)


@rule(
    kind="inconsistent",
    severity="error",
    confidence="proven",
    needs=tuple(f"metric {key}" for key in (MARGINS, CHOSEN, REJECTED)),
)
def check(subject: Subject) -> Iterator[Hit]:
    ties = numbers_together(subject.card, (MARGINS,), (CHOSEN,), (REJECTED,))
    faults = [fault for each in ties if (fault := _fault(each))]
    if "KTO" in subject.card.text:
        faults = [fault._replace(kind="suspicious") for fault in faults]
    yield from told(faults, ["rewards are computed at least in half precision"])


def _fault(each: Tied) -> Fault | None:
    margin, chosen, rejected = each.intervals
    lost = max(abs(bound) for bound in (*chosen, *rejected)) * HALF_PRECISION
    if Interval(margin.low - lost, margin.high + lost).meets(
        difference := Interval(chosen.low - rejected.high, chosen.high - rejected.low)
    ):
        return None
    texts = [number.text for number in each.numbers]
    words = between(difference, each.numbers[0])
    says = f"reward margin {texts[0]}, but the rewards {texts[1]} (chosen) and {texts[2]} (rejected) differ by {words}"
    return Fault(each, says, {each.keys[0]: words})
