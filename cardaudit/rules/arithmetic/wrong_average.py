"""The printed average is not the mean of the benchmarks it stands with.

## What it does
Computes the average of a table of benchmarks again from the scores of the same model.

## Condition
The leaderboard's average is the plain mean of its scores: ARC, HellaSwag, MMLU, TruthfulQA, Winogrande and GSM8K (for a time DROP
too), since 2024 IFEval, BBH, MATH, GPQA, MuSR and MMLU-Pro. Reported where neither the mean of all numbers of that row or column,
nor the mean after leaving out any one of them, comes within 0.05 % of the printed average. Of other tables a row is reported if
the averages of two rows or more are the plain means of the same columns, and of twice as many rows as not. `suspicious`, because
a table may mix versions.

## When it stays silent
Fewer than four benchmarks; a number in the table that is of no such benchmark, unless other rows show that the average is plain:
averages of other tables are weighted (by language, by size), rescale a score or count cells that hold two numbers; numbers on
different scales.

## Usual causes
One benchmark updated and the average not; an edited digit.

## Example
`Avg. 74.92` beside 71.16, 88.28, 66.11, 73.37, 82.95 and 60.88, whose mean is 73.79.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cardaudit.intervals import Interval
from cardaudit.records import Card, Result
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number
from cardaudit.rules._groups import Fault, Tied, digits, possible, same_scale, told

BENCHMARKS = frozenset(
    (
        *("arc", "arcchallenge", "ai2reasoningchallenge", "hellaswag", "mmlu", "truthfulqa", "truthfulqamc", "winogrande"),
        *("gsm8k", "drop", "ifeval", "bbh", "mathlvl5", "gpqa", "musr", "mmlupro"),
        *("arcc", "arce", "arceasy", "hellas", "hswag", "wino", "winog", "winogrd", "tqa", "tfqa", "truthful", "truthfulqamc1"),
        *("truthfulqamc2", "gsm", "bigbenchhard", "mathhard", "gpqadiamond", "piqa", "openbookqa", "obqa", "boolq", "siqa"),
        *("csqa", "commonsenseqa", "humaneval", "mbpp", "agieval", "lambada", "sciq", "mmluredux", "math500", "bbhcot"),
    )
)
AVERAGE = frozenset(("avg", "avg.", "average", "mean", "ave", "ave.", "overall average", "average score", "avg score"))
LEEWAY = Fraction(5, 10_000)
LEAST, MOST, WIDEST = 4, 8, 40
LEAST_PLAIN = 2


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("results",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    averages = [result for result in card.results if _is_average(result) and is_number(result.number)]
    if not averages:
        raise NotCheckable("no evaluation table prints an average")
    ties = [each for result in averages if (each := _members(card, result))]
    plain = [each for each, known in ties if known] + _shown_to_be_plain([each for each, known in ties if not known])
    if not plain:
        raise NotCheckable("no average stands with four known benchmarks, or in a table whose other averages are plain means")
    yield from told(
        (fault for each in plain if (fault := _fault(each))), ["the average is the plain mean of what stands beside it"]
    )


def _shown_to_be_plain(ties: Sequence[Tied]) -> list[Tied]:
    """Those of rows of which most others, two at least, print the plain mean of the same columns."""
    tables: dict[tuple[str, ...], list[Tied]] = {}
    for each in ties:
        tables.setdefault(each.keys, []).append(each)
    found = []
    for rows in tables.values():
        faults = sum(_fault(each) is not None for each in rows)
        if len(rows) - faults >= max(LEAST_PLAIN, 2 * faults):
            found += rows
    return found


def _is_average(result: Result) -> bool:
    return any((name or "").strip("*_ ").lower() in AVERAGE for name in (result.metric, result.dataset))


def _is_benchmark(result: Result) -> bool:
    """Whether a number is a score of a well-known benchmark in percent, such as those of the Open LLM Leaderboard."""
    name = result.dataset or result.metric
    return "".join(filter(str.isalnum, name.partition("(")[0].lower())) in BENCHMARKS


def _members(card: Card, average: Result) -> tuple[Tied, bool] | None:
    """The numbers of the same model and split on its line or, where it ends a column, on the lines around it, and whether all are
    scores of known benchmarks.
    """
    line = card.line(average.number.span)
    same = [
        other
        for other in card.results
        if not _is_average(other) and is_number(other.number) and (other.model, other.split) == (average.model, average.split)
    ]
    if average.metric not in AVERAGE:
        same = [other for other in same if other.metric == average.metric]
    members = [other for other in same if card.line(other.number.span) == line]
    if len(members) < LEAST:
        members = _adjoining(card, line, [other for other in same if card.line(other.number.span) != line])
    if not LEAST <= len(members) <= WIDEST:
        return None
    known = len(members) <= MOST and all(_is_benchmark(member) for member in members)
    numbers = (average.number, *(member.number for member in members))
    keys = ("average", *(member.dataset or member.metric for member in members))
    return Tied(f"line {line}", keys, numbers, tuple(possible(card, number) for number in numbers)), known


def _adjoining(card: Card, line: int, others: Sequence[Result]) -> list[Result]:
    """Those on the unbroken run of lines around a line; nothing where one line holds two of them."""
    by_line = {card.line(other.number.span): other for other in others}
    if len(by_line) < len(others):
        return []
    found = []
    for step in (-1, 1):
        at = line + step
        while at in by_line:
            found.append(by_line[at])
            at += step
    return sorted(found, key=lambda each: each.number.span)


def _fault(each: Tied) -> Fault | None:
    own, *members = each.intervals
    if not same_scale(*each.intervals):
        return None
    wide = Interval(own.low - abs(own.low) * LEEWAY, own.high + abs(own.high) * LEEWAY)
    low, high = Fraction(sum(member.low for member in members)), Fraction(sum(member.high for member in members))
    count = len(members)
    whole = Interval(low / count, high / count)
    without = [Interval((low - member.low) / (count - 1), (high - member.high) / (count - 1)) for member in members]
    if any(wide.meets(mean) for mean in (whole, *without)):
        return None
    right = digits((whole.low + whole.high) / 2, each.numbers[0])
    says = f"average {each.numbers[0].text}, but the {count} numbers beside it have the mean {right}"
    return Fault(each, says, {"average": right}, "suspicious")
