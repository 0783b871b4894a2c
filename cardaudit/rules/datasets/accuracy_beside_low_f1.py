"""The accuracy over tokens says little: most tokens lie outside every entity.

## What it does
Points at a token accuracy that stands beside an F1 of entities below one half, and says how many tokens of the named data set lie
outside entities.

## Condition
A token classification sums up with 0 < F1 < 0.5 and an accuracy above 0.8. Answering "O" everywhere scores the share of tokens
outside entities; where that share is counted (facts/baselines.json) it is printed, and where it lies inside the accuracy's print
the finding is `suspicious`: the tokens may all have been answered so.

## When it stays silent
Where F1 is 0 (zero-f1) or 0.5 and more; tasks other than token classification.

## Usual causes
None is needed: an accuracy over tokens counts the empty ones.

## Example
Accuracy 0.9411 beside F1 0.4136 on wnut_17, where 21,654 of 23,394 test tokens lie outside entities.
"""

from collections.abc import Iterator

from cardaudit.facts import Baseline
from cardaudit.intervals import Interval
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._evaluations import outside_shares, summed_up_accuracy
from cardaudit.rules._stated import stated

LOW, HIGH = 0.5, 0.8


@rule(
    kind="note",
    severity="info",
    confidence="likely",
    yields_to=("zero-f1",),
    needs=("metric accuracy", "metric f1", "stated results"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if card.task is None or card.task.text != "token-classification":
        raise NotCheckable("the card does not say that it classifies tokens")
    place = next((each for each in stated(card) if {"f1", "accuracy"} <= each.numbers.keys()), None)
    f1 = card.headline.get("f1") or (place and place.numbers["f1"])
    if f1 is None or not is_number(f1) or not 0 < (f1.value or 0) < 1:
        raise NotCheckable("neither headline nor table states an F1 of this model in (0, 1)")
    number, possible = summed_up_accuracy(card)
    if (f1.value or 0) >= LOW or possible.low <= HIGH:
        return
    shares = [each for mention in card.datasets for each in outside_shares(mention.id) if each.split != "train"]
    message = f"accuracy {number.text} beside F1 {f1.text}: it counts the tokens outside entities too"
    equal = next((each for each in shares if _inside(possible, each)), None)
    shown = equal or (shares[0] if shares else None)
    if shown:
        name = card.datasets[0].id
        message += f", which are {shown.commonest:,} of {shown.size:,}, {float(shown.share):.4f}, in {shown.split} of {name}"
    worked = {"share": str(shown.share) if shown else None, "split": shown.split if shown else None}
    grade = ("suspicious", "warning") if equal else ()
    yield Hit(message, (number.span, f1.span), worked, *grade)


def _inside(possible: Interval, each: Baseline) -> bool:
    return possible.low <= each.share <= possible.high
