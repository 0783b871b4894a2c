"""Metrics that one line names and prints together: "Gene Precision/Recall/F1: 0.80/0.89/0.84", "(P, R, F1) = (80, 89, 84)"."""

import re
from dataclasses import replace

from cardaudit.dialects.parts.counted_claims import counted_pair
from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import has_digit, printed
from cardaudit.dialects.parts.pairs import Pair, pair_in
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

NAMED = r"[*_`'\" ]{0,4}(?P<label>[A-Za-z][\w@-]*(?:[ -][A-Za-z][\w@-]*){0,2})[*_`'\"]{0,3}"
ERROR = r"(?: ?(?:±|\+/-) ?(?P<error>\d{1,3}(?:\.\d+)?)(?: ?%)?[*_`]{0,3})?"
NUMBERED = (
    rf"[*_`]{{0,3}}(?P<n>\d{{0,4}}\.\d+(?: ?%)?|\d{{1,3}} ?%)[*_`]{{0,3}}{ERROR}(?:\.?\Z| ?[,;|/] ?(?:and )?| (?=[A-Za-z*_`'\"]))"
)
ITEM = deferred(rf"{NAMED} ?[:=] ?{NUMBERED}")
SPACED = deferred(rf"{NAMED} {NUMBERED}")
GENERAL = deferred(r"\b(?:results?|scores?|metrics?|performances?|eval\w*)\b", re.I)
FOLDS = deferred(r"\b\d{1,2}-fold\b|\bcross-?validat|\bCV\b", re.I)
OTHER = deferred(r"(?:the |our )?(?:baseline|majority(?: class)?|random|human)\b", re.I)
SHORT_SPLITS = frozenset(("val", "dev", "test", "train"))
MOST_LISTED = 12
NUMBER = deferred(r"\d{1,3}(?:\.\d+)?[ ]?%?")
SEVERAL = deferred(r"\d[ ]?%?[ ]?[/,|][ ]?\d")
PARTED = deferred(r"[ ]?[/|][ ]?|,[ ]")
WORD = deferred(r"[A-Za-z][\w@-]*")
LETTERS = {"p": "precision", "r": "recall", "f": "f1", "f1": "f1"}
BRACKETS = "()[]*_`"
LONGEST = 120
LONGEST_NAME = 60


def listed_metrics(text: str, start: int, pattern: re.Pattern[str] = ITEM) -> list[Result]:
    """The metrics of a text that lists names and numbers and nothing else: "precision:0.93, recall:0.86", "CER=7.21%"."""
    found, at = list[re.Match[str]](), 0
    while at < len(text) and len(found) < MOST_LISTED and (item := pattern.match(text, at)):
        found.append(item)
        at = item.end()
    keys = [metric_key(item["label"]) for item in found]
    if at < len(text) or len(set(keys)) < len(keys) or not all(map(is_metric_label, keys)):
        return []
    spans = [Span(start + item.start("n"), start + item.start("n") + len(item["n"].rstrip())) for item in found]
    told = zip(keys, found, spans, strict=True)
    return [_of_split(Result(key, printed(item["n"].rstrip(), span, item["label"]), item["error"])) for key, item, span in told]


def _of_split(result: Result) -> Result:
    """ "dev f1" is the F1 on a split, in shorthand."""
    split, _, metric = str(result.number.label).lower().partition(" ")
    return replace(result, metric=metric_key(metric), split=split) if split in SHORT_SPLITS and metric else result


def metrics_of_named(pair: Pair) -> list[Result]:
    """Metrics behind a name: "Char Level: precision:0.93, recall:0.86"; one alone only behind a data set's: "SQuAD: F1 88"."""
    value = pair.value
    if len(value) > LONGEST or not (("." in value or "%" in value) and has_digit(value)):
        return []
    found = listed_metrics(value, pair.start) or listed_metrics(value, pair.start, SPACED)
    if not found and not (value[0].isalpha() or " for " in value or "(" in value):
        return []
    if not found:
        from cardaudit.dialects.parts.alternated_claims import alternated_pair, placed_pair

        return placed_pair(pair) if value[0].isalpha() else alternated_pair(pair)
    from cardaudit.dialects.parts.table_labels import bare, is_split, read_label  # takes longer to import than a card to read

    role = read_label(name := bare(pair.label))
    of_data = role.known and role.dataset and not role.metric
    if len(found) < 2 and not (of_data or FOLDS.search(name)):
        return []
    if is_split(name) or of_data:
        first, _, last = (role.dataset or "").rpartition(" ")
        dataset, split = (first, last) if first and is_split(last) else (role.dataset, role.split)
        return [replace(each, dataset=dataset, split=split) for each in found]
    if OTHER.match(name):
        return [replace(each, model=name) for each in found]
    return [replace(each, setting=None if GENERAL.search(name) else name) for each in found]


def joined_pair(pair: Pair) -> list[Result]:
    """A result for each metric, with what stands before the names as setting; none where names and numbers are not as many."""
    if counted := counted_pair(pair):
        return counted
    if len(pair.value) > LONGEST or SEVERAL.search(pair.value) is None:
        return []
    inner = pair_in(pair.value, pair.start) if not pair.value.lstrip(BRACKETS)[:1].isdigit() else None
    entity, names = (pair.label.strip(BRACKETS + " "), inner.label) if inner else _parted(pair.label)
    metrics, numbers = _metrics(names), _numbers(inner or pair)
    if not (1 < len(metrics) == len(numbers)) or len(set(metrics)) < len(metrics):
        return []
    told = zip(metrics, numbers, strict=True)
    found = [Result(metric, printed(text, span, pair.label)) for metric, (text, span) in told]
    return [_about(each, entity) for each in found] if 0 < len(entity) < LONGEST_NAME else found


def _about(result: Result, entity: str) -> Result:
    """The result with what stands before joined names: a data set, or else a setting."""
    from cardaudit.dialects.parts.table_labels import read_label  # see metrics_of_named

    role = read_label(entity)
    of_data = role.known and role.dataset and not (role.metric or role.model)
    return replace(result, dataset=role.dataset, split=role.split) if of_data else replace(result, setting=entity)


def _parted(label: str) -> tuple[str, str]:
    """What stands before the first metric's name, and the names: "Gene" and "Precision/Recall" of "Gene Precision/Recall"."""
    first = PARTED.search(label)
    if first is None:
        return "", ""
    begin = max(label.rfind(" ", 0, first.start()), label.rfind("(", 0, first.start())) + 1
    return label[:begin].strip(BRACKETS + " :-–"), label[begin:]


def _metrics(names: str) -> list[str]:
    """The metric of each name; none where one is no metric's, or where P and R stand for anything but precision and recall."""
    parts = [part.strip(BRACKETS + " ") for part in PARTED.split(names)]
    if not all(WORD.fullmatch(part) for part in parts):
        return []
    letters = [LETTERS.get(part.lower()) for part in parts]
    if len(parts) == 3 and letters == ["precision", "recall", "f1"]:
        return ["precision", "recall", "f1"]
    keys = [metric_key(part) for part in parts]
    return keys if all(map(is_metric_label, keys)) else []


def _numbers(pair: Pair) -> list[tuple[str, Span]]:
    """The numbers of a value with their places; none where a part is none."""
    found: list[tuple[str, Span]] = []
    at = 0
    for each in [*PARTED.finditer(pair.value), None]:
        end = each.start() if each else len(pair.value)
        part = pair.value[at:end]
        bare = part.strip(BRACKETS + " ").rstrip(".")
        if NUMBER.fullmatch(bare) is None:
            return []
        begin = pair.start + at + part.index(bare)
        found.append((bare, Span(begin, begin + len(bare))))
        at = each.end() if each else end
    return found
