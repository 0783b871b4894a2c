"""Results told outside tables, with what they were measured on: "achieves 81.6 pass@1 on GSM8K", "MMLU (5-shot): 67.0".

Nothing is read whose metric or benchmark is not named beside the number; differences ("24.8 points higher") are no results.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cardaudit.dialects.parts.names import is_metric_label, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed, read_value
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.table_labels import (
    SPLIT_NAME,
    bare,
    counts,
    is_benchmark,
    is_model,
    is_named,
    metric_of,
    read_label,
)
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.records import Printed, Result, Span

MARKS = r"[*_`~]{0,3}"
NUMBER = rf"{MARKS}(?P<n>\d{{1,4}}\.\d+[ ]?%?|\d{{1,3}}[ ]?%){MARKS}(?![\w/]|\.\d)"
ACHIEVES = re.compile(
    r"\b(?:achiev|reach|obtain|attain|scor|yield|with|get)(?:e?[sd]|ing)?[ ]{1,2}"
    rf"(?:an?[ ]|the[ ]|about[ ]|around[ ]|up to[ ])?(?={MARKS}\d)"
)
AND = re.compile(r",?[ ](?:and|&)[ ](?:an?[ ]|the[ ])?|,[ ](?:an?[ ]|the[ ])?")
ON = re.compile(
    r"[*_`)]{0,3}[ ](?:score[ ]|accuracy[ ])?(?:on|for|in)[ ](?:the[ ]|its[ ]|our[ ])?[*_`\"'\[]{0,4}"
    r"(?P<name>[A-Za-z][\w./+-]{0,40}(?:[ ][\w./+-]{1,30}){0,3})"
)
LINKED = re.compile(r"([^\]\n]{2,40}?)[ ](?i:test[ -]?set|data ?set|corpus|benchmarks?|leaderboard)\]\(")
DIFFERENCE = re.compile(
    r"[*_`]{0,3}[ ](?:absolute |relative |score |rate )?(?:points?|higher|lower|better|worse|improve\w*|increas\w*|reduc\w*"
    r"|drop\w*|gain\w*|decreas\w*|threshold|loss of|of )"
)
BEST = re.compile(
    rf"\bbest score\b[^.\n]{{0,60}}?\bwas[ ]{NUMBER},\s+as\s+measured\s+by\s+the"
    r"\s+(?P<split>eval|test|validation)\s+set\s+(?P<metric>\w+)"
)
NAMED_SCORE = re.compile(rf"(?P<name>[A-Z][\w-]{{1,20}})[ ]score[ ](?:of|is|was)[ ]{NUMBER}")
LONE = re.compile(r"(?P<label>[A-Za-z][\w @/()-]{0,39}?)[ \t]+[*_`]{0,3}(?P<n>\d{0,3}\.\d+[ ]?%?|\d{1,3}[ ]?%)[*_`.]{0,4}")
LONE_REVERSED = re.compile(r"[*_`]{0,3}(?P<n>\d{0,3}\.\d+%?|\d{1,3}%)[*_`]{0,3}[ ](?P<label>[A-Za-z][\w @-]{0,30}?)[*_`.]{0,4}")
ITEM = re.compile(r"'(?P<label>[A-Za-z]\w{0,40})':[ ]?(?P<n>\d{1,4}\.\d+(?:e-?\d{1,3})?|\d{1,3})(?=[,}\s])")
RESULT = re.compile(r"(?i:(?P<split>test|eval(?:uation)?|validation) results?(?: ?\((?P<metric>\w{2,20})\))?)")
LOADED_METRIC = re.compile(r"(?:load_metric|evaluate\.load)\(\s*['\"](\w+)['\"]")
ABOUT = re.compile(r"(?i)^(?:evaluation|eval|results?|performance|scores?)(?: results?)? (?:on|for)(?: the)? ")
DATASET_WORD = re.compile(r"(?i)[ ]data ?set$")
MOST_WORDS = 3
SPEAKS = re.compile(r"(?:it|we|this|the|its|our|which|that|with|and|a)\b", re.I)
SENTENCE_END = re.compile(r"[.!?;][ )]|\n")
LONGEST_SUBJECT = 200
LONGEST_LINE = 90
MOST_ITEMS = 60
FOLLOWS_NAME = re.compile(r"v?\d[\w.]*")


class Place(NamedTuple):
    """What a number was measured on, as told behind it."""

    dataset: str | None = None
    split: str | None = None


def result_of_pair(pair: Pair, in_evaluation: bool) -> Result | None:
    """A pair whose label holds more than a metric's name, or a benchmark's alone (only `in_evaluation`, under such a heading)."""
    role = read_label(bare(pair.label))
    number = read_value(pair.value, pair.start, pair.label, whole=True)
    if number is None or number.value is None or not role.known or counts(pair.label):
        return None
    if role.metric and (role.dataset or role.split or role.model) and is_metric_label(role.metric):
        return Result(role.metric, number, None, _plain_name(role.dataset), role.split, role.model, role.setting)
    if (
        role.dataset
        and not role.metric
        and in_evaluation
        and ("." in number.text or number.text.endswith("%"))
        and number.value <= 100
    ):
        return Result("score", number, None, role.dataset, role.split, role.model, role.setting)
    return None


def unnamed_result(pair: Pair, text: str) -> Result | None:
    """ "Test Result: 12.3 %": of the metric in brackets behind it, or of the one that the card's code loads."""
    found = RESULT.fullmatch(pair.label)
    number = read_value(pair.value, pair.start, pair.label, whole=True) if found else None
    if found is None or number is None or number.value is None:
        return None
    loaded = {metric_key(each) for each in LOADED_METRIC.findall(text)}
    metric = metric_key(found["metric"]) if found["metric"] else loaded.pop() if len(loaded) == 1 else ""
    return Result(metric, number, split=found["split"].lower()) if is_metric_label(metric) else None


def benchmark_named(heading: str) -> str | None:
    """The benchmark that a heading or a list's item is the name of, and of nothing else: "SQuAD 2.0", "Results on XSum:"."""
    name = ABOUT.sub("", bare(heading))
    words = name.split()
    if not 0 < len(words) <= MOST_WORDS or not all(
        word[0].isupper() or word[0].isdigit() or word.isalnum() for word in words[:1]
    ):
        return None
    if (
        any(word.islower() and word.isalpha() for word in words[1:])
        or is_model(name)
        or metric_of(name)
        or SPLIT_NAME.fullmatch(name)
    ):
        return None
    return name if is_benchmark(name) and not AVERAGES.fullmatch(name) else None


def lone_result(text: str, start: int) -> Result | None:
    """A line that is a name and a number and nothing else ("PIQA acc 65.07%"), either way round."""
    ends_so = text.rstrip("*_`. ")[-1:] in "0123456789%" or text.lstrip("*_`")[:1] in "0123456789."
    if len(text) > LONGEST_LINE or not ends_so:
        return None
    found = LONE.fullmatch(text) or LONE_REVERSED.fullmatch(text)
    if found is None:
        return None
    label = found["label"].strip()
    number = printed(
        found["n"].strip(), Span(start + found.start("n"), start + found.start("n") + len(found["n"].strip())), label
    )
    first, _, last = label.rpartition(" ")
    if first and (key := metric_of(last)) and is_named(key) and is_benchmark(first):
        return Result(key, number, dataset=first)
    if SPEAKS.match(label):
        return None
    return Result(metric_key(label), number) if metric_of(label) and is_metric_label(metric_key(label)) else None


def results_in_sentence(text: str, start: int) -> Iterator[Result]:
    """The results that a sentence tells with their numbers in front: "achieves 10.5 BLEU on XSum and 7.06 on MT-Bench"."""
    for opened in ACHIEVES.finditer(text):
        at, model = opened.end(), _subject(text[: opened.start()])
        while (found := _claim().match(text, at)) is not None:
            place = place_after(text, found.end())
            if DIFFERENCE.match(text, found.end()) or not (found["metric"] or place.dataset):
                break
            number = _number(found, start, found["metric"] or "")
            metric = _metric(found["metric"]) if found["metric"] else "score"
            yield Result(metric, number, None, place.dataset, place.split, model)
            joined = AND.search(text, found.end(), found.end() + 200)
            if joined is None:
                break
            at = joined.end()
    for found in NAMED_SCORE.finditer(text) if " score " in text else ():
        if is_benchmark(found["name"]) and metric_of(found["name"]) is None:
            yield Result("score", _number(found, start, found["name"]), dataset=found["name"])


def best_score(text: str, start: int) -> Result | None:
    """TextAttack's sentence, over two lines: "The best score the model achieved on this task was 0.88, as measured by ..."."""
    found = BEST.search(text)
    if found is None or not is_metric_label(metric_key(found["metric"])):
        return None
    return Result(metric_key(found["metric"]), _number(found, start, found["metric"]), split=found["split"])


def results_of_dict(text: str, start: int) -> list[Result]:
    """The metrics of a printed dict ("{'exact_match': 65.0, 'f1': 81.7}"); none where it holds what is no metric's name."""
    found = [each for each, _ in zip(ITEM.finditer(text), range(MOST_ITEMS), strict=False)]
    keys = [metric_key(each["label"]) for each in found]
    if len(keys) < 2 or len(set(keys)) < len(keys) or not all(is_metric_label(key) for key in keys):
        return []
    return [Result(key, _number(each, start, each["label"])) for key, each in zip(keys, found, strict=True)]


def place_after(text: str, at: int) -> Place:
    """The benchmark or split named behind a number: " on the [SNLI](...) dataset", " on the test set"."""
    found = ON.match(text, at)
    if found is None:
        return Place()
    if text[found.start("name") - 1] == "[" and (linked := LINKED.match(text, found.start("name"))):
        return Place(linked[1])
    words = found["name"].rstrip(".").split(" ")
    if SPLIT_NAME.fullmatch(" ".join(words[:2])) and len(words) > 1:
        return Place(split=words[0].lower())
    for length in range(1, len(words) + 1):
        if words[length - 1][0].islower() and length == 1:
            return Place()
        name = " ".join(words[:length])
        if is_benchmark(name) and not is_model(name):
            if length < len(words) and FOLLOWS_NAME.fullmatch(words[length]):
                length, name = length + 1, f"{name} {words[length]}"
            split = words[length] if length < len(words) and SPLIT_NAME.fullmatch(words[length]) else None
            return Place(name, split.lower() if split else None)
    return Place()


def _subject(before: str) -> str | None:
    """The one model that the sentence names before its verb; None where it is "the model", or where several are named."""
    sentence = SENTENCE_END.split(before[-LONGEST_SUBJECT:])[-1]
    named = {word.strip("*_`,()[]\"'") for word in sentence.split() if "-" in word and "](" not in word}
    models = [word for word in named if any(c.isdigit() for c in word) and is_model(word)]
    return models[0] if len(models) == 1 else None


def _metric(spoken: str) -> str:
    return metric_of(" ".join(spoken.split())) or metric_key(spoken)


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
    return re.compile(rf"{NUMBER}(?:[ ](?P<metric>{kind}(?:{at_k}|{spoken_metrics()}))\b(?!-?\d))?[*_`]{{0,3}}")
