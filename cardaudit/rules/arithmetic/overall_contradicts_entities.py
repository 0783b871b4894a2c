"""The overall scores are not the micro average of the entities printed beside them.

## What it does
Computes the overall precision, recall and F1 again from the scores and the numbers of gold spans of each entity type.

## Condition
seqeval prints `number`, the gold spans of a type: its true positives are the k with k / number in I(recall), its predicted
spans k / I(P). The overall recall is sum of k / sum of numbers, the overall precision sum of k / sum of predicted spans, the
overall F1 2 sum of k / (both sums) (seqeval 1.2.2, micro average). Reported where a printed overall score lies outside what
these leave: `inconsistent` where a program wrote the card or the overall row prints the sum of all numbers, else `suspicious`,
as an author may leave a type out of the list.

## When it stays silent
Where a type lacks its number or its recall. Where the scores of only one type are printed. Types with precision 0 leave the
predicted spans, and with them precision and F1, open. In a text that no program wrote, "overall" scores that are the types' mean.

## Usual causes
Overall scores of another checkpoint or split; a type left out of the list; a number of predicted instead of gold spans.

## Example
`Overall recall 0.9307` beside two types whose 412 of 480 and 96 of 120 spans give 0.8467.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cardaudit.intervals import Interval, possible_counts
from cardaudit.records import Card, Kind
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._classes import OVERALL, Class, Report, reports
from cardaudit.rules._columns import integer, spoken
from cardaudit.rules._groups import PROGRAMS, Fault, Tied, between, possible, told


class Counts(NamedTuple):
    """Fewest and most true positives, predicted and gold spans; `predicted` is None where precision leaves it open."""

    hits: Interval
    predicted: Interval | None
    gold: int


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", ("number", "support"), OVERALL, ("recall",)))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    with_numbers = [
        report
        for report in reports(card)
        if any(name in report.averages for name in OVERALL) and all(each.support is not None for each in report.classes)
    ]
    if not with_numbers:
        raise NotCheckable("no overall score stands beside the scores and numbers of its entity types")
    yield from told((fault for report in with_numbers for fault in _faults(card, report)), ["all entity types are listed"])


def _faults(card: Card, report: Report) -> Iterator[Fault]:
    counts = [_counts(card, each) for each in report.classes if each.support]
    name = next(name for name in OVERALL if name in report.averages)
    if any(each is None for each in counts) or not counts:
        return
    known = [each for each in counts if each is not None]
    gold, scores = sum(each.gold for each in known), report.averages[name]
    complete = card.dialect.startswith(PROGRAMS) or integer(scores.get("support") or scores.get("number")) == gold
    kind: Kind = "inconsistent" if complete else "suspicious"
    for score, bounds in _possible(known).items():
        number = scores.get(score)
        if number is not None and not (own := possible(card, number)).meets(bounds) and not _is_mean(card, report, name, score):
            key = f"{name}_{score}"
            words = between(bounds, number)
            says = f"{spoken(key)} {number.text}, but the scores of its {len(report.classes)} entity types give {words}"
            yield Fault(Tied(report.where, (key,), (number,), (own,)), says, {key: words, "gold_spans": gold}, kind)


def _is_mean(card: Card, report: Report, name: str, score: str) -> bool:
    """Whether an author's "overall" may be the plain or the weighted mean of the types."""
    if name != "overall" or card.dialect.startswith(PROGRAMS):
        return False
    own = possible(card, report.averages[name][score])
    listed = [(possible(card, each.scores[score]), each.support or 0) for each in report.classes if score in each.scores]
    if len(listed) < len(report.classes):
        return True
    return any(own.meets(_mean([each for each, _ in listed], weights)) for weights in ([1] * len(listed), [n for _, n in listed]))


def _mean(values: list[Interval], weights: list[int]) -> Interval:
    low, high = (sum(bound * n for bound, n in zip(bounds, weights, strict=True)) for bounds in zip(*values, strict=True))
    return Interval(low / sum(weights), high / sum(weights))


def _counts(card: Card, each: Class) -> Counts | None:
    recall, precision = each.scores.get("recall"), each.scores.get("precision")
    if recall is None or each.support is None:
        return None
    hits = possible_counts(possible(card, recall), each.support)
    if not hits:
        return None
    found = Interval(Fraction(hits[0]), Fraction(hits[-1]))
    return Counts(found, _predicted(hits, possible(card, precision)) if precision is not None else None, each.support)


def _predicted(hits: range, share: Interval) -> Interval | None:
    """Fewest and most predicted spans; None where precision leaves them open or no whole number fits."""
    if share.low <= 0:
        return None
    fewest, most = -(-hits[0] // share.high), hits[-1] // share.low
    return Interval(Fraction(fewest), Fraction(most)) if fewest <= most else None


def _possible(counts: list[Counts]) -> dict[str, Interval]:
    """Overall recall, and where all predicted spans are known precision and F1."""
    gold, low, high = (
        sum(values) for values in zip(*((each.gold, each.hits.low, each.hits.high) for each in counts), strict=True)
    )
    scores = {"recall": Interval(Fraction(low) / gold, Fraction(high) / gold)}
    predicted = [each.predicted for each in counts if each.predicted]
    if len(predicted) == len(counts) and low > 0:
        fewest, most = sum(each.low for each in predicted), sum(each.high for each in predicted)
        scores["precision"] = Interval(Fraction(low) / most, min(Fraction(high) / fewest, Fraction(1)))
        scores["f1"] = Interval(2 * Fraction(low) / (gold + most), 2 * Fraction(high) / (gold + fewest))
    return scores
