"""The leading number lies far from what other authors print for the same recipe.

## What it does
Looks the card's recipe up among public cards (`cardaudit census show CARD` prints them) and weighs the headline's leading metric
against the numbers of the other authors who ran it.

## Condition
At least 8 other authors, one run each and identical tables once, with the same base model, data set, config, batch, learning
rate, length, optimizer, schedule and precision, the same steps an epoch and, where fractions tell, the same evaluation set. The
claim is farther from their median than Student's t with 3 degrees of freedom allows one run in 200 on either side, widened for
the median's own error: about 6 times the scale. The scale is Qn (Rousseeuw and Croux 1993) of the authors' numbers, no less than
what seeds alone are expected to vary by. Suspicious where the claim flatters the model; a note where it is modest, where it is a
loss, which hangs on the task and the masking, and where no peer used a Trainer of the same period.

## When it stays silent
Cards that print no steps: their training set may be a part of the data set. Recipes with fewer than 8 other authors. Numbers in
another unit. A card whose table another author prints too (identical-table).

## Usual causes
Another evaluation set or training set than the card's words say; a hidden setting, such as another label column; a typing error;
a selected run; a failed one. The spread is one between authors: environments are in it, and it is no seed variance.

## Example
F1 0.9126 where 34 authors print 0.9277 to 0.9366.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cardaudit.census import peers
from cardaudit.records import Kind, Severity
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import higher_is_better, spoken

if TYPE_CHECKING:
    from cardaudit.records import Peers, Spread


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("identical-table", "same-numbers-other-data"),
    needs=("headline", "hyperparameters", "data set"),
)
def check(subject: Subject) -> Iterator[Hit]:
    found = peers(subject.card, subject.census, metrics=1)
    if found is None or not found.spreads:
        raise NotCheckable("the census holds no other run of this recipe, or the card does not state all of it")
    if found.steps_per_epoch is None:
        raise NotCheckable("the card prints no steps, so that its training set may be another than its peers'")
    spread = found.spreads[0]
    if spread.standing == "not compared" or spread.claimed is None or spread.distance is None:
        raise NotCheckable(f"the census holds {len(spread.peers)} comparable runs of this recipe by other authors")
    if spread.standing == "among them":
        return
    higher = higher_is_better(spread.metric)
    flatters = higher == (spread.standing == "above") and not spread.metric.endswith("loss") and higher is not None
    kind, severity = _grade(flatters and found.same_era)
    passed = sum(value < spread.claimed if spread.standing == "above" else value > spread.claimed for value in spread.values)
    who = f"all {passed}" if passed == len(spread.peers) else f"{passed} of {len(spread.peers)}"
    message = (
        f"{spoken(spread.metric)} {spread.text} lies {spread.standing} {who} other authors' of the same recipe, "
        f"{spread.values[0]:.4g} to {spread.values[-1]:.4g}: {abs(spread.distance):.1f} times {spread.scale:.2g} from their "
        f"median, {spread.median:.4g}"
    )
    yield Hit(message, (subject.card.headline[spread.metric].span,), _worked(found, spread), kind, severity)


def _worked(found: "Peers", spread: "Spread") -> dict[str, Any]:
    return {
        "recipe": found.recipe.key,
        "authors": len(spread.peers),
        "median": spread.median,
        "deviation_between_authors": spread.deviation,
        "scale": spread.scale,
        "distance": round(spread.distance or 0.0, 2),
        "limit": round(spread.limit or 0.0, 2),
        "peers_of": list(found.eras),
    }


def _grade(flatters: bool) -> tuple[Kind, Severity]:
    return ("suspicious", "warning") if flatters else ("note", "info")
