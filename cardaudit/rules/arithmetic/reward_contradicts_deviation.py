"""The mean episode reward cannot have that standard deviation.

## What it does
Holds the `mean_reward` of an agent ("0.74 +/- 0.44") against what rewards between known bounds allow.

## Condition
FrozenLake pays 1 or 0 an episode, so with a mean of p the deviation is sqrt(p (1 - p)) (with n - 1 in place of n up to 3 %
more). CartPole-v1 pays 0 to 500, CartPole-v0 0 to 200, Pong -21 to 21, MountainCar-v0 -200 to 0, Acrobot-v1 -500 to 0: rewards
between a and b with mean m have a variance of at most (b - m)(m - a) (Bhatia and Davis 2000), and no mean lies outside.
Sources: the environments' pages in the Gymnasium documentation. Reported where the printed pair breaks that. `suspicious`,
because an author may wrap an environment.

## When it stays silent
Other environments; a mean without "+/-"; deviations of means over seeds, which are smaller than those of episodes, outside
FrozenLake.

## Usual causes
A mean and a deviation of two evaluations; shaped rewards; an edited digit.

## Example
`mean_reward 0.74 +/- 0.21` on FrozenLake-v1: 0.74 of zeros and ones has the deviation 0.44.
"""

from collections.abc import Iterator
from math import sqrt

from cardaudit.patterns import deferred
from cardaudit.records import Card, IndexResult
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number

DEVIATION = deferred(r"\s*(?:\+/-|±)\s*(\d+(?:\.\d+)?)")
BOUNDS = {
    "FrozenLake": (0.0, 1.0),
    "CartPole-v1": (0.0, 500.0),
    "CartPole-v0": (0.0, 200.0),
    "PongNoFrameskip": (-21.0, 21.0),
    "MountainCar-v0": (-200.0, 0.0),
    "Acrobot-v1": (-500.0, 0.0),
}
REACH = 40


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("model index", "metric mean_reward"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    found = [
        (result, bounds, spread)
        for result in card.model_index
        if (bounds := _bounds(result)) and (spread := _deviation(card, result))
    ]
    if not found:
        raise NotCheckable("no mean reward with its deviation is stated for an environment of known bounds")
    for result, bounds, spread in found:
        yield from _hits(result, bounds, spread)


def _hits(result: IndexResult, bounds: tuple[float, float], spread: tuple[float, float]) -> Iterator[Hit]:
    low, high = bounds
    mean, slack = float(result.number.value or 0), float(result.number.slack)
    deviation, print_slack = spread
    name = result.dataset_name or result.dataset_type
    worked = {
        "mean": mean,
        "deviation": deviation,
        "rewards": [low, high],
        "assumptions": ["rewards as the environment documents them"],
    }
    if mean - slack > high or mean + slack < low:
        yield Hit(f"mean reward {result.number.text} on {name}, which pays {low:g} to {high:g}", (result.number.span,), worked)
        return
    means = [min(max(mean + shift * slack, low), high) for shift in (-1, 0, 1)]
    most = max(
        sqrt((high - m) * (m - low)) for m in [*means, *([(low + high) / 2] if means[0] < (low + high) / 2 < means[2] else [])]
    )
    least = min(sqrt((high - m) * (m - low)) for m in means) if high - low == 1 else 0.0
    if deviation - print_slack > most * 1.06 or deviation + print_slack < least:
        words = f"at most {most:.2f}" if deviation > most else f"at least {least:.2f}"
        message = (
            f"mean reward {result.number.text} +/- {deviation:g} on {name}, but rewards of {low:g} to {high:g} deviate by {words}"
        )
        yield Hit(message, (result.number.span,), worked | {"possible_deviation": words})


def _bounds(result: IndexResult) -> tuple[float, float] | None:
    name = result.dataset_name or result.dataset_type or ""
    if result.metric != "mean_reward" or not is_number(result.number):
        return None
    return next((bounds for start, bounds in BOUNDS.items() if name.startswith(start)), None)


def _deviation(card: Card, result: IndexResult) -> tuple[float, float] | None:
    """The deviation printed behind the mean, and half a unit of its last digit."""
    end = result.number.span.end
    match = DEVIATION.match(card.text, end, end + REACH)
    if match is None:
        return None
    return float(match[1]), 0.5 * 10.0 ** -len(match[1].partition(".")[2])
