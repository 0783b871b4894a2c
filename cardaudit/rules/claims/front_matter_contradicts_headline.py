"""The front matter's value does not print as the headline, or as the table.

## What it does
Holds each metric of `model-index` against the headline's number of the same metric; where the headline has none, against what
tables and lines of "name: value" state for the same model on the same evaluation set.

## Condition
The stated number rounds a number whose interval the front matter's value lies outside of, as a fraction and as a percentage. The
Trainer writes both from one dictionary (transformers/modelcard.py, `create_model_index`), and so do SetFit and
sentence-transformers (`set_evaluation_metrics`), so that in their cards they cannot differ unless one was edited; elsewhere the
finding is `suspicious` as well. Outside the headline exactly one stated value must be meant: data set and split are told the
same, or one of the two places does not tell them and the front matter holds results on one set alone. Tables of a leaderboard
are compared row by row, where three rows or more, and twice as many as differ, repeat the front matter's results of that name.

## When it stays silent
Verified results, which the Hub measured, often on another split. Metrics whose name in the front matter says "test". Metrics
that the front matter gives more than once, if one of the values agrees. Values in percent in one place and as fractions in the
other. Outside the headline: if any number of this metric in the card agrees; other models' rows, classes, thresholds and
settings; tables under a heading or a caption that speaks of baselines, of other work or of training data; sentences; error rates,
which authors measure again with a language model, in tables that do not name the split.

## Usual causes
One of the two was edited; front matter kept from an earlier run.

## Example
`value: 0.8767` above `- Accuracy: 0.897`.
"""

from collections.abc import Iterator

from cardaudit.intervals import Interval, interval
from cardaudit.records import Card, IndexResult, Printed, Result
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._groups import possible
from cardaudit.rules._stated import Stated, beside_headline, in_table, is_own, letters, metric_of, split_of

REPEATED = ("wer", "cer")
UNTOLD = ("", "unknown", "none", "default")
LEAST_REPEATED = 3
MOST = 200
Pair = tuple[str, Printed, Printed, str]


@rule(
    kind="suspicious",
    severity="warning",
    confidence="likely",
    yields_to=("short-print-not-exact",),
    needs=("stated results", "model index"),
)
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    compared = {key: results for key in card.headline if is_number(card.headline[key]) and (results := _unverified(card, key))}
    found: list[Pair] = [
        (key, card.headline[key], results[0].number, "the headline")
        for key, results in compared.items()
        if not any(_agree(card.headline[key], result.number) for result in results)
    ]
    few = len(card.model_index) <= MOST and len(beside_headline(card)) <= MOST
    elsewhere = [*_beside_headline(card), *_repeated(card)] if card.results and few else []
    if not compared and not elsewhere:
        raise NotCheckable("front matter and text share no unverified metric of one evaluation set")
    found += [pair for pair in elsewhere if not _agrees_somewhere(card, *pair)]
    if found:
        words = [
            f"{spoken(key)} {exact.text} in the front matter, {stated.text} in {where}" for key, stated, exact, where in found
        ]
        at = tuple(number.span for _, stated, exact, _ in found for number in (stated, exact))
        yield Hit("; ".join(words), at, {key: [stated.text, exact.text] for key, stated, exact, _ in found})


def _unverified(card: Card, key: str) -> list[IndexResult]:
    if key in REPEATED:
        return []
    results = [result for result in card.model_index if not result.verified and is_number(result.number)]
    if not _of_one(results):
        return []
    return [result for result in results if result.metric == key and not _is_test(result.number.label, card.headline[key].label)]


def _of_one(results: list[IndexResult]) -> bool:
    return len({(result.dataset_name, result.dataset_type, result.config, result.split) for result in results}) == 1


def _is_test(named: str, beside: str) -> bool:
    """Whether the front matter calls its number a test set's and the headline does not."""
    return "test" in named.lower() and "test" not in beside.lower()


def _agree(stated: Printed, exact: Printed) -> bool:
    first, second = interval(stated), interval(exact)
    return first is None or second is None or _meet(first, second)


def _meet(first: Interval, second: Interval) -> bool:
    """Whether two intervals have a number in common, in percent or not."""
    scaled = Interval(second.low * 100, second.high * 100), Interval(second.low / 100, second.high / 100)
    return any(first.meets(each) for each in (second, *scaled))


def _beside_headline(card: Card) -> Iterator[Pair]:
    """The front matter's results, each with the one number outside the headline that must be meant."""
    unverified = [result for result in card.model_index if not result.verified and is_number(result.number)]
    alone = _of_one(unverified)
    places = beside_headline(card)
    for result in unverified:
        metric = metric_of(result.metric)
        twice = sum(metric_of(each.metric) == metric and _same(each, result) for each in unverified) > 1
        if twice or result.metric in card.headline:
            continue
        meant = {
            number.text: (number, place)
            for place in places
            for key, number in place.numbers.items()
            if metric_of(key) == metric and _may_be(result, place, number, alone)
        }
        if len(meant) == 1:
            ((number, place),) = meant.values()
            yield result.metric, number, result.number, place.where


def _same(one: IndexResult, other: IndexResult) -> bool:
    return (one.dataset_name, one.dataset_type, one.config, one.split) == (
        other.dataset_name,
        other.dataset_type,
        other.config,
        other.split,
    )


def _may_be(result: IndexResult, place: Stated, number: Printed, alone: bool) -> bool:
    """Whether a place states a result of the front matter; `alone`: the front matter holds results on no other set."""
    split, told = split_of(result.split), letters(place.dataset or "")
    if split and place.split and split != place.split:
        return False
    if result.metric in REPEATED and (place.split is None or place.split not in ("test", split)):
        return False
    if place.split != "test" and _is_test(result.number.label, number.label):
        return False
    names = {
        letters(name or "") for name in (result.dataset_name, result.dataset_type, (result.dataset_type or "").split("/")[-1])
    }
    names -= set(UNTOLD)
    if told in UNTOLD or not names:
        return alone
    return told in names


def _repeated(card: Card) -> Iterator[Pair]:
    """The front matter's results with the rows of the same name, where a table repeats most of them."""
    rows: dict[str, list[Result]] = {}
    for row in card.results:
        if row.metric == "score" and row.dataset and row.setting and is_own(card, row) and in_table(card, row.number):
            rows.setdefault(letters(row.dataset + row.setting), []).append(row)
    pairs = [
        (name, found[0].number, result.number, "the table")
        for result in card.model_index
        if rows and not result.verified and is_number(result.number) and (name := result.dataset_name or "")
        if len(found := rows.get(letters(name), [])) == 1 and is_number(found[0].number)
    ]
    names = [name for name, *_ in pairs]
    once = [pair for pair in pairs if names.count(pair[0]) == 1]
    differing = sum(not _agree(stated, exact) for _, stated, exact, _ in once)
    if len(once) - differing >= max(LEAST_REPEATED, 2 * differing):
        yield from once


def _agrees_somewhere(card: Card, key: str, stated: Printed, exact: Printed, _: str) -> bool:
    """Whether this number, or any other of the metric in the card, is the front matter's; texts of authors may truncate."""
    wanted = possible(card, exact)
    if _meet(possible(card, stated), wanted):
        return True
    metric = metric_of(key)
    others = [each.number for each in card.results if metric_of(each.metric) == metric]
    others += [number for row in card.epochs for name, number in row.metrics.items() if metric_of(name) == metric]
    return any(is_number(each) and _meet(possible(card, each), wanted) for each in others)
