"""The printed maximum is not the largest of its members.

## What it does
Holds a maximum over similarity functions against the members it is taken from.

## Condition
sentence-transformers prints each score for cosine similarity, dot product, Euclidean and Manhattan distance, and the largest
as `max_...` or `..._max` (BinaryClassificationEvaluator and EmbeddingSimilarityEvaluator, 2.3 to 3.x). Reported where the
interval of the maximum shares no number with the largest member's.

## When it stays silent
Fewer than two members; other maxima.

## Usual causes
A digit edited; members of another evaluation.

## Example
`pearson_max 0.8731` beside `pearson_cosine 0.8804` and `pearson_dot 0.8612`.
"""

from collections.abc import Iterator, Mapping

from cardaudit.intervals import Interval
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, spoken
from cardaudit.rules._groups import Fault, Tied, groups, possible, told

MEMBERS = ("cosine", "cos_sim", "dot", "euclidean", "manhattan")


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("numbers", ("max",), MEMBERS))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    ties = [each for where, numbers in groups(card) for each in _maxima(card, where, numbers)]
    if not ties:
        raise NotCheckable("no maximum over similarity functions stands beside its members")
    yield from told((fault for each in ties if (fault := _fault(each))), ["the maximum is taken over all listed functions"])


def _maxima(card: Card, where: str, numbers: Mapping[str, Printed]) -> Iterator[Tied]:
    for key in numbers:
        words = key.split("_")
        if "max" not in (words[0], words[-1]) or not is_number(numbers[key]):
            continue
        metric = key.removeprefix("max_").removesuffix("_max")
        members = [name for member in MEMBERS for name in (f"{member}_{metric}", f"{metric}_{member}") if name in numbers]
        if len(members) > 1 and all(is_number(numbers[name]) for name in members):
            printed = tuple(numbers[name] for name in (key, *members))
            yield Tied(where, (key, *members), printed, tuple(possible(card, number) for number in printed))


def _fault(each: Tied) -> Fault | None:
    own, *members = each.intervals
    largest = Interval(max(member.low for member in members), max(member.high for member in members))
    if own.meets(largest):
        return None
    at = max(range(len(members)), key=lambda at: members[at].high) + 1
    says = f"{spoken(each.keys[0])} {each.numbers[0].text}, but {spoken(each.keys[at])} is {each.numbers[at].text}"
    return Fault(each, says, {each.keys[0]: each.numbers[at].text})
