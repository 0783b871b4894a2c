"""Metrics that a program printed: a dict on one line, or an item a line."""

import re
from collections.abc import Sequence

from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.pairs import pair_in
from cardaudit.document import Line
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

ITEM = deferred(
    r"(?P<quote>['\"])(?P<label>[A-Za-z][\w-]{0,40})(?P=quote):[ ]?(?P<n>\d{1,4}\.\d+(?:e-?\d{1,3})?|\d{1,3}(?: ?%)?)(?=[,}\s]|$)"
)
NO_METRIC = deferred(
    r"(?:\w+_)?(?:runtime|samples_per_second|steps_per_second|mem_\w+|total)|epoch|best_\w+_thresh"
)  # `Trainer.evaluate` and SQuAD's official script add them
LABELLED = deferred(r"[\s*_-]{0,6}(?:eval\w*|test|results?)(?: \w+)?(?: \([^(){}\n]{1,40}\))?[*_]{0,2}:[*_ ]{0,4}\{", re.I)
ITEM_LINE = deferred(
    r"""\s*(?:\{|- )?(?P<quote>["']?)(?P<label>[A-Za-z][\w -]{0,40}?(?: \((?:(?P<kind>micro|macro)|incl\. no class)\))?)["']?"""
    r"""[ ]{0,30}[:=][ ]{0,30}"""
    r"""(?P<n>\d{1,4}\.\d+(?:e-?\d{1,3})?%?)[,}]?\s*"""
)
SCORE = deferred(r"\d{1,3}\.\d{1,4}(?: ?%)?")
MOST_ITEMS = 60
LONGEST_ABOVE = 200


def results_of_items(lines: Sequence[Line], quoted: bool, placed: bool = False) -> list[Result]:
    """The metrics of a dict that is printed on one line or an item a line; none where fewer than two are metrics.

    `quoted`: only names in quotes count, as in a dict among the lines of a program. `placed`: the words above say that the one
    line is the result on a data set.
    """
    if len(lines) == 1 and not placed:
        return results_of_dict(lines[0].text, lines[0].start)
    pairs = ((line, ITEM_LINE.fullmatch(line.text)) for line in lines)
    found = [(line, item) for line, item in pairs if item and (item["quote"] or not quoted)]
    results = [_result(item, line.start) for line, item in found if _is_metric(metric_key(item["label"]))]
    if len({each.metric for each in results}) > (0 if placed else 1):
        return results
    return [] if quoted or results else _of_benchmarks(lines)


def _of_benchmarks(lines: Sequence[Line]) -> list[Result]:
    """The scores of lines that each are a benchmark's name and its number ("GSM8K (5-shot): 58.15"); none where one is not."""
    from cardaudit.dialects.parts.told_results import result_of_pair  # what it needs takes longer to import than a card to read

    pairs = [pair_in(line.text, line.start) for line in lines]
    found = [result_of_pair(pair, in_evaluation=True) for pair in pairs if pair and SCORE.fullmatch(pair.value)]
    told = [each for each in found if each and each.dataset]
    return told if len(told) == len(lines) > 1 else []


def results_of_dict(text: str, start: int) -> list[Result]:
    """The metrics of a printed dict ("{'exact_match': 65.0, 'f1': 81.7}"); none where it holds what is no metric's name.

    One alone counts behind a label that tells of an evaluation ("Eval metrics: {'f1': 0.86}").
    """
    listed = [each for each, _ in zip(ITEM.finditer(text), range(MOST_ITEMS), strict=False)]
    found = [each for each in listed if not NO_METRIC.fullmatch(each["label"])]
    keys = [metric_key(each["label"]) for each in found]
    least = 1 if LABELLED.match(text) else 2
    if len(keys) < least or len(set(keys)) < len(keys) or not all(map(_is_metric, keys)):
        return []
    return [_result(each, start) for each in found]


def lead_above(text: str, start: int) -> str:
    """The line above a dict, where its colon leads to it; "" where it does not."""
    line = text[max(0, start - LONGEST_ABOVE) : start].strip(" \n`").rpartition("\n")[2].removesuffix("<br>")
    return line if line.endswith(":") else ""


def _is_metric(key: str) -> bool:
    """Whether a key is a metric's name, or "exact" as SQuAD's script calls the exact match."""
    return is_metric_label(key) or key.endswith("exact")


def _result(found: re.Match[str], start: int) -> Result:
    begin, end = found.span("n")
    number = printed(found["n"], Span(start + begin, start + end), found["label"])
    return Result(metric_key(found["label"]), number, setting=found.groupdict().get("kind"))
