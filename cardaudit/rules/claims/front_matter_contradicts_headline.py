"""The front matter's value does not print as the headline.

## What it does
Holds each metric of `model-index` against the headline's number of the same metric.

## Condition
The headline rounds a number whose interval the front matter's value lies outside of, as a fraction and as a percentage. The
Trainer writes both from one dictionary (transformers/modelcard.py, `create_model_index`), so that in its cards they cannot
differ unless one was edited; elsewhere the finding is `suspicious`.

## When it stays silent
Verified results, which the Hub measured, often on another split. Metrics whose name in the front matter says "test". Metrics
that the front matter gives more than once, if one of the values agrees. Values in percent in one place and as fractions in the
other.

## Usual causes
One of the two was edited; front matter kept from an earlier run.

## Example
`value: 0.8767` above `- Accuracy: 0.897`.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval, interval
from cardaudit.records import Card, IndexResult, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken

REPEATED = ("wer", "cer")


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("short-print-not-exact",),
    needs=("headline", "model index"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    compared = {key: results for key in card.headline if is_number(card.headline[key]) and (results := _unverified(card, key))}
    if not compared:
        raise NotCheckable("front matter and headline share no unverified metric")
    pairs = {
        key: (card.headline[key], results[0].number)
        for key, results in compared.items()
        if not any(_agree(card.headline[key], result.number) for result in results)
    }
    if pairs:
        words = [
            f"{spoken(key)} {exact.text} in the front matter, {stated.text} in the headline"
            for key, (stated, exact) in pairs.items()
        ]
        at = tuple(number.span for pair in pairs.values() for number in pair)
        yield Hit("; ".join(words), at, {key: [stated.text, exact.text] for key, (stated, exact) in pairs.items()})


def _unverified(card: Card, key: str) -> list[IndexResult]:
    if key in REPEATED:
        return []
    results = [result for result in card.model_index if not result.verified and is_number(result.number)]
    of_one = len({(result.dataset_name, result.dataset_type, result.config, result.split) for result in results}) == 1
    if not of_one:
        return []
    return [result for result in results if result.metric == key and not _is_test(result.number.label, card.headline[key].label)]


def _is_test(named: str, beside: str) -> bool:
    """Whether the front matter calls its number a test set's and the headline does not."""
    return "test" in named.lower() and "test" not in beside.lower()


def _agree(stated: Printed, exact: Printed) -> bool:
    first, second = interval(stated), interval(exact)
    if first is None or second is None:
        return True
    scaled = Interval(second.low * 100, second.high * 100), Interval(second.low / 100, second.high / 100)
    return any(first.meets(each) for each in (second, *scaled))
