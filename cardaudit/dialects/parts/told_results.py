"""Results told outside tables, with what they were measured on: "achieves 81.6 pass@1 on GSM8K", "MMLU (5-shot): 67.0".

Nothing is read whose metric or benchmark is not named beside the number; differences ("24.8 points higher") are no results.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from cardaudit.dialects.parts.alternated_claims import earlier_claims
from cardaudit.dialects.parts.changed_claims import changed_claims
from cardaudit.dialects.parts.compared_claims import compared_claims
from cardaudit.dialects.parts.counted_labels import counts
from cardaudit.dialects.parts.joined_claims import joined_claims
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import is_metric_label, is_named, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed, read_value
from cardaudit.dialects.parts.ordered_claims import ordered_claims
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.places import may_be_set, place_after
from cardaudit.dialects.parts.recovered_claims import recovered_claims
from cardaudit.dialects.parts.table_labels import (
    COMPARED,
    Role,
    bare,
    is_benchmark,
    is_split,
    metric_of,
    read_label,
)
from cardaudit.dialects.parts.worded_claims import subject_of, worded_claims
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

MARKS = r"[*_`~]{0,3}"
NUMBER = rf"{MARKS}(?P<n>\d{{1,4}}\.\d+[ ]?%?|\d{{1,3}}[ ]?%){MARKS}(?![\w/]|\.\d)"
ACHIEVES = deferred(
    r"\b(?:[Aa]chiev|[Rr]each|[Oo]btain|[Aa]ttain|[Ss]cor|[Yy]ield|with|get|be improved to)(?:e?[sd]|e|ing)?[ ]{1,2}"
    rf"(?:an?[ ]|the[ ]|about[ ]|around[ ]|up to[ ])?(?={MARKS}\d)"
)
AND = deferred(r",?[ ](?:and|&)[ ](?:an?[ ]|the[ ])?|,[ ](?:an?[ ]|the[ ])?")
DIFFERENCE = deferred(
    r"[*_`]{0,3}[ ](?:absolute |relative |score |rate )?(?:points?|higher|lower|better|worse|improve\w*|increas\w*|reduc\w*"
    r"|drop\w*|gain\w*|decreas\w*|threshold|loss of|of )"
)
BEST = deferred(
    rf"\bbest score\b[^.\n]{{0,60}}?\bwas[ ]{NUMBER},\s+as\s+measured\s+by\s+the"
    r"\s+(?P<split>eval|test|validation)\s+set\s+(?P<metric>\w+)"
)
NAMED_SCORE = deferred(rf"(?P<name>[A-Z][\w-]{{1,20}})[ ]score[ ](?:of|is|was)[ ]{NUMBER}")
FINAL_LOSS = deferred(rf"\b[Ff]inal (?P<label>(?:(?:train(?:ing)?|eval(?:uation)?|validation) )?loss)[ ]{NUMBER}")
LONE = deferred(
    r"(?P<label>[A-Za-z][\w @/()-]{0,39}?)[*_`]{0,3}[ \t]+(?:[-–—]>?[ \t]+)?"
    r"[*_`]{0,3}(?P<n>\d{0,3}\.\d+[ ]?%?|\d{1,3}[ ]?%)[*_`.]{0,4}"
)
LONE_REVERSED = deferred(r"[*_`]{0,3}(?P<n>\d{0,3}\.\d+%?|\d{1,3}%)[*_`]{0,3}[ ](?P<label>[A-Za-z][\w @-]{0,30}?)[*_`.]{0,4}")
BOTH_SIDES = deferred(
    r"(?P<name>[A-Z][\w .-]{1,30}?) (?P<n>\d{1,3}\.\d+ ?%?|\d{1,3} ?%) (?P<metric>[A-Za-z][\w@ -]{1,15})[*_`.]{0,3}"
)
RESULTS = deferred(r"\b(?:results?|scores?|performance)\b", re.I)
MODEL_WORD = deferred(r"\bmodel$", re.I)
RESULT = deferred(r"(?i:(?:(?P<split>test|eval(?:uation)?|validation) )?results?(?: ?\((?P<metric>\w{2,20})\))?)")
LOADED_METRIC = deferred(r"(?:load_metric|evaluate\.load)\(\s*['\"](\w+)['\"]")
METRIC_BEHIND = deferred(rf"{NUMBER}[ ](?P<metric>[A-Za-z][\w@ -]{{0,20}}?)[*_`.]{{0,3}}")
RESULTS_OF = deferred(
    r"(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2}) (?:(?P<split>test|dev|validation)(?:[ -]set)? )?results?"
    r"(?: (?:for|on) (?P<part>[\w -]{2,30}))?"
)
DATASET_WORD = deferred(r"(?i)[ ]data ?set$")
NAME_LIKE = deferred(r"[A-Z][A-Za-z]*\d+|[A-Z]{2,}[A-Za-z]*[A-Z]")
FINAL = deferred(r"(?:the )?(?:final|last) (?=\w)", re.I)
UNTOLD = deferred(r"eval|train", re.I)  # "eval loss" is the Trainer's name of the loss
MOST_LONE = 4
MOST_WORDS = 3
SPEAKS = deferred(r"(?:it|we|this|the|its|our|which|that|with|and|a)\b", re.I)
LONGEST_BETWEEN = 50
OF_SET = deferred(r"^(?:test|dev|development|validation|evaluation)[ -]set ", re.I)
LONGEST_LINE = 90


def result_of_pair(pair: Pair, in_evaluation: bool, metric: str = "") -> Result | None:
    """A pair whose label holds more than a metric's name, or a benchmark's alone (only `in_evaluation`, under such a heading).

    `metric` is the one that a list of models stands under.
    """
    label = bare(pair.label)
    role = read_label(label)
    number = read_value(pair.value, pair.start, pair.label, whole=True)
    if number is None:
        return _with_metric_behind(pair, role)
    if number.value is None or counts(pair.label.partition(" (")[0]):
        return None
    if metric and role.metric is None and (role.model or COMPARED.fullmatch(label) or MODEL_WORD.search(label)):
        return Result(metric, number, model=label)
    if role.metric and "@" in label and role.known and not (role.dataset or role.model):
        return Result(role.metric, number, None, None, role.split, None, role.setting)
    if told := _of_results(role, number):
        return told
    if not role.known:
        in_brackets = role.metric and is_metric_label(role.metric) and RESULTS.search(label)
        return Result(str(role.metric), number, setting=role.setting) if in_brackets else None
    if role.metric and (role.dataset or role.split or role.model) and is_metric_label(role.metric):
        return Result(role.metric, number, None, _plain_name(role.dataset), role.split, role.model, role.setting)
    if (
        role.dataset
        and not role.metric
        and in_evaluation
        and ("." in number.text or number.text.endswith("%"))
        and number.value <= 100
    ):
        above = metric if metric != "accuracy" else ""  # a chapter's "Accuracy" stands above benchmarks that are scored otherwise
        return Result(above or "score", number, None, role.dataset, role.split, role.model, role.setting)
    return None


def _with_metric_behind(pair: Pair, role: Role) -> Result | None:
    """The result of a data set whose metric stands behind the number: "CoNLL-2003: 91.2% F1"."""
    found = METRIC_BEHIND.fullmatch(pair.value) if role.known and role.dataset and not role.metric else None
    key = metric_of(found["metric"]) if found else None
    if found is None or key is None or not is_named(key):
        return None
    return Result(key, _number(found, pair.start, found["metric"]), None, role.dataset, role.split, role.model, role.setting)


def _of_results(role: Role, number: Printed) -> Result | None:
    """The result of a label at length that tells of a data set's results in a metric: "MuST-C test results for en-de (BLEU)"."""
    words = role.dataset or role.setting or ""
    found = RESULTS_OF.fullmatch(words) if role.metric and is_metric_label(role.metric) and "result" in words else None
    if found is None or not may_be_set(found["name"]):
        return None
    return Result(str(role.metric), number, None, found["name"], found["split"] or role.split, setting=found["part"])


def unnamed_result(pair: Pair, text: str, declared: Sequence[Printed] = ()) -> Result | None:
    """ "Test Result: 12.3 %": of the metric in brackets behind it, of the one that the code loads, or of the declared one."""
    found = RESULT.fullmatch(pair.label)
    number = read_value(pair.value, pair.start, pair.label, whole=True) if found else None
    if found is None or number is None or number.value is None:
        return None
    loaded = {metric_key(each) for each in LOADED_METRIC.findall(text)} or {metric_key(each.text) for each in declared}
    metric = metric_key(found["metric"]) if found["metric"] else loaded.pop() if len(loaded) == 1 else ""
    return Result(metric, number, split=found["split"] and found["split"].lower()) if is_metric_label(metric) else None


def lone_results(text: str, start: int) -> list[Result]:
    """A line that is a name and a number and nothing else ("PIQA acc 65.07%"), either way round, or of more metrics behind it."""
    bare_start = start + len(text) - len(text.lstrip("*_` "))
    parts = text.strip("*_` ").rstrip(".").split(", ") if len(text) <= LONGEST_LINE else []
    found: list[Result] = []
    for part in parts[:MOST_LONE]:
        result = _lone_result(part, bare_start)
        if result is None or (found and (result.dataset or found[0].dataset is None)):
            return found[:1] if len(parts) == 1 else []
        found.append(replace(result, dataset=result.dataset or (found[0].dataset if found else None)))
        bare_start += len(part) + 2
    return found


def _lone_result(text: str, start: int) -> Result | None:
    ends_so = text.rstrip("*_`. ")[-1:] in "0123456789%" or text.lstrip("*_`")[:1] in "0123456789."
    if len(text) > LONGEST_LINE:
        return None
    if not ends_so:
        return _named_on_both_sides(text, start)
    found = LONE.fullmatch(text) or LONE_REVERSED.fullmatch(text)
    if found is None:
        return None
    label = found["label"].strip()
    number = printed(
        found["n"].strip(), Span(start + found.start("n"), start + found.start("n") + len(found["n"].strip())), label
    )
    first, _, last = label.rpartition(" ")
    if last.lower() in ("score", "scores") and is_benchmark(first) and not is_model(first):
        return Result("score", number, dataset=first)
    is_name = is_benchmark(first) or (_is_name(first) and not is_named(metric_key(label)))
    if is_name and (key := metric_of(last)) and is_named(key):
        return Result(key, number, dataset=first)
    if SPEAKS.match(label):
        return None
    label = FINAL.sub("", label)
    if not metric_of(label) or not is_metric_label(metric_key(label)):
        return None
    first, _, last = label.rpartition(" ")
    if is_split(first) and is_named(metric_key(last)) and not UNTOLD.match(first):
        return Result(metric_key(last), number, split=first)
    return Result(metric_key(label), number)


def _named_on_both_sides(text: str, start: int) -> Result | None:
    """ "Fleurs 13.94% WER": a benchmark's name in front of a number, its metric's behind it."""
    found = BOTH_SIDES.fullmatch(text)
    key = metric_of(found["metric"]) if found else None
    if found is None or key is None or not is_named(key) or is_model(found["name"]):
        return None
    return Result(key, _number(found, start, found["metric"]), dataset=found["name"]) if is_benchmark(found["name"]) else None


def _is_name(word: str) -> bool:
    """Whether an unknown word beside a metric is spelled as a data set's name ("SC2016"), and is no model or split."""
    return NAME_LIKE.fullmatch(word) is not None and not is_model(word) and metric_of(word) is None


def results_in_sentence(text: str, start: int) -> Iterator[Result]:
    """The results that a sentence tells, each number once: "achieves 10.5 BLEU on XSum and 7.06 on MT-Bench"."""
    known = set[int]()
    for result in _told_in_any_way(text, start):
        if result.number.span.start not in known:
            known.add(result.number.span.start)
            yield result


def _told_in_any_way(text: str, start: int) -> Iterator[Result]:
    for opened in ACHIEVES.finditer(text):
        yield from _with_last_place(list(_claimed(text, opened, start)), text, start)
    yield from joined_claims(text, start)
    yield from worded_claims(text, start)
    yield from changed_claims(text, start)
    yield from compared_claims(text, start)
    yield from ordered_claims(text, start)
    yield from recovered_claims(text, start)
    yield from earlier_claims(text, start)
    for found in FINAL_LOSS.finditer(text) if "inal " in text else ():
        yield Result(metric_key(found["label"]), _number(found, start, found["label"]))
    for found in NAMED_SCORE.finditer(text) if " score " in text else ():
        if is_benchmark(found["name"]) and metric_of(found["name"]) is None:
            yield Result("score", _number(found, start, found["name"]), dataset=found["name"])


def _claimed(text: str, opened: re.Match[str], start: int) -> Iterator[Result]:
    """The results behind a verb, joined by "and" or a comma."""
    at, model = opened.end(), subject_of(text[: opened.start()])
    while (found := _claim().match(text, at)) is not None:
        place = place_after(text, found.end())
        if DIFFERENCE.match(text, found.end()) or not (found["metric"] or place.dataset):
            return
        number = _number(found, start, found["metric"] or "")
        metric = _metric(found["metric"]) if found["metric"] else "score"
        yield Result(metric, number, None, place.dataset, place.split, model)
        joined = AND.search(text, found.end(), found.end() + 200)
        if joined is None:
            return
        at = joined.end()


def _with_last_place(results: list[Result], text: str, start: int) -> Iterator[Result]:
    """The results, those before an "and" with the place that is told once behind it: "53.8 box AP and 46.4 mask AP on X"."""
    for result, after in zip(results, [*results[1:], None], strict=False):
        placed = result.dataset or result.split
        if after and not placed and after.metric != result.metric:
            between = text[result.number.span.end - start : after.number.span.start - start]
            if len(between) < LONGEST_BETWEEN and " and " in between:
                result = replace(result, dataset=after.dataset, split=after.split)
        yield result


def best_score(text: str, start: int) -> Result | None:
    """TextAttack's sentence, over two lines: "The best score the model achieved on this task was 0.88, as measured by ..."."""
    found = BEST.search(text)
    if found is None or not is_metric_label(metric_key(found["metric"])):
        return None
    return Result(metric_key(found["metric"]), _number(found, start, found["metric"]), split=found["split"])


def _metric(spoken: str) -> str:
    words = OF_SET.sub("", " ".join(spoken.split()))
    return metric_of(words) or metric_key(words)


def _plain_name(dataset: str | None) -> str | None:
    """A data set's name in a label, without the words around it; None where it is told at length."""
    name = DATASET_WORD.sub("", dataset).removeprefix("the ") if dataset else ""
    return name if name and len(name.split()) <= MOST_WORDS and "result" not in name.lower() else None


def _number(found: re.Match[str], start: int, label: str) -> Printed:
    stands = found["n"].rstrip()
    return printed(stands, Span(start + found.start("n"), start + found.start("n") + len(stands)), label)


@cache
def _claim() -> re.Pattern[str]:
    """A number, and behind it maybe a metric's name with its qualifiers."""
    kind = r"(?:(?:macro|micro|weighted|top)[- ](?:\d[ ])?|test |validation )?"
    at_k = r"(?i:(?:pass|maj|recall|hits)@\d{1,3}|rouge-?(?:[12L]|lsum))"
    plain = r"(?:(?!(?:of|the|in|on|to|for|and|or|with|more|less|than|relative|absolute)\b)[a-z-]{2,14}[ ]){0,2}"
    return re.compile(rf"{NUMBER}(?:[ ](?P<metric>{kind}{plain}(?:{at_k}|{spoken_metrics()}))\b(?!-?\d))?[*_`]{{0,3}}")
