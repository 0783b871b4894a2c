"""A score and its standard error exclude the size of the benchmark named beside them.

## What it does
Solves an evaluation harness's pair of accuracy and standard error for the number of examples and holds it against the named
benchmark's.

## Condition
lm-evaluation-harness and lighteval print stderr = s / sqrt(n) with the sample deviation s, of zeros and ones s^2 = n p (1 - p)
/ (n - 1): so stderr^2 = p (1 - p) / (n - 1) and n = 1 + p (1 - p) / stderr^2 (lm_eval/api/metrics.py, `mean_stderr`). With the
intervals of both prints that is a range of n. Reported where the benchmark's size (facts/benchmarks.json) lies outside by more
than 1 %.

## When it stays silent
Metrics whose per-example values are no zeros and ones (F1, mc2, BLEU, perplexity); groups of tasks (mmlu, bbh, math), whose
error is pooled; benchmarks of unknown size; errors of 0. A deviation over seeds is no such error: only where the metric is one
of a harness ("acc", "acc_norm", "exact_match") and the card says "stderr".

## Usual causes
A run on a part of the benchmark (`--limit`); a standard error of another row; an edited digit.

## Example
`acc 0.6213`, stderr `0.0310` under hellaswag (10,042 examples): the pair belongs to 238 to 253 examples.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cardaudit.facts import benchmark
from cardaudit.intervals import Interval
from cardaudit.patterns import deferred
from cardaudit.records import Card, Result
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, is_number
from cardaudit.rules._groups import AS_PRINTED, possible
from cardaudit.rules._text import lowered

METRICS = frozenset(
    ("acc", "acc_norm", "exact_match", "em", "accuracy", "extractive_match", "pass_1", "mc1", "quasi_exact_match")
)
GROUPS = frozenset(
    (
        "mmlu",
        "bbh",
        "math",
        "math_hard",
        "musr",
        "ceval",
        "cmmlu",
        "arithmetic",
        "mgsm",
        "belebele",
        "anli",
        "xnli",
        "xcopa",
        "truthfulqa_mc2",
        "all",
    )
)
LEEWAY = Fraction(1, 100)
NUMBER = deferred(r"\d*\.?\d+")
TASK = deferred(r"[a-z][a-z0-9_]*")


class Sized(NamedTuple):
    """A score with the range of sizes that its error leaves, and the size of the benchmark named beside it."""

    result: Result
    low: Fraction
    high: Fraction
    size: int


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("results",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    if "stderr" not in lowered(card):
        raise NotCheckable("no evaluation harness printed a standard error")
    sized = [each for result in card.results if result.stderr and (each := _sized(card, result))]
    if not sized:
        raise NotCheckable("no score of a known benchmark stands with its standard error")
    outside = [each for each in sized if each.size < each.low * (1 - LEEWAY) or each.size > each.high * (1 + LEEWAY)]
    for each in outside[:1]:
        low, high = -(-each.low // 1), each.high // 1
        number = each.result.number
        likewise = f"; {counted(len(outside) - 1, 'other row')} likewise" if len(outside) > 1 else ""
        message = (
            f"{each.result.metric} {number.text} with standard error {each.result.stderr} belongs to "
            f"{int(low):,} to {int(high):,} examples, {each.result.dataset} has {each.size:,}{likewise}"
        )
        worked = {
            "n": [int(low), int(high)],
            "benchmark": each.result.dataset,
            "size": each.size,
            "rows": len(outside),
            "assumptions": [AS_PRINTED],
        }
        yield Hit(message, tuple(one.result.number.span for one in outside[:8]), worked)


def _sized(card: Card, result: Result) -> Sized | None:
    match = NUMBER.search(result.stderr or "")
    size = _size(result.dataset) if result.metric in METRICS else None
    if match is None or size is None or not is_number(result.number):
        return None
    score, error = possible(card, result.number), _error(match[0])
    if score.low > 1:
        score, error = Interval(score.low / 100, score.high / 100), Interval(error.low / 100, error.high / 100)
    if not 0 < score.low <= score.high < 1 or error.low <= 0:
        return None
    spreads = [p * (1 - p) for p in score]
    most = Fraction(1, 4) if score.low <= Fraction(1, 2) <= score.high else max(spreads)
    return Sized(result, 1 + min(spreads) / error.high**2, 1 + most / error.low**2, size)


def _error(text: str) -> Interval:
    value, slack = Fraction(text if text[0] != "." else "0" + text), Fraction(1, 2 * 10 ** len(text.partition(".")[2]))
    return Interval(value - 2 * slack, value + 2 * slack)


def _size(dataset: str | None) -> int | None:
    match = TASK.search(
        (dataset or "").lower().replace(":", "_").replace("-", "_").removeprefix("custom_").removeprefix("leaderboard_")
    )
    name = match[0].rstrip("_0123456789") if match else ""
    for candidate in (match[0] if match else "", name):
        if candidate and candidate not in GROUPS and (known := benchmark(candidate)):
            return int(known.examples)
    return None
