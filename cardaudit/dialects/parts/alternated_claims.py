"""A benchmark's numbers for several models on one line: "MBPP (3-shot): 65.8% for the instruct model, 58.6% for the base model".

Also "DS-1000: 36.2% (base) / 37.9% (instruct)", and what a number is told to have been: "61.3 on BFCL-v3 (was 54.9 for v1)".
"""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.data_columns import CLASSES
from cardaudit.dialects.parts.model_names import is_model, is_release
from cardaudit.dialects.parts.names import is_metric_label, is_named, metric_key
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.places import may_be_set
from cardaudit.dialects.parts.table_labels import COMPARED, Role, is_benchmark, is_split, metric_of, read_label
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

NUMBER = r"[*_`]{0,3}(?P<n>\d{1,3}\.\d+ ?%?|\d{1,3} ?%)[*_`]{0,3}"
ITEM = deferred(
    rf"{NUMBER} (?:for (?:the |our )?(?P<a>[\w .-]{{2,40}}?)|\((?:the )?(?P<b>[\w .-]{{2,40}})\))"
    r"(?: ?[,/;] ?|,? (?:and|vs\.?) |\.?\Z)"
)
WAS = deferred(
    rf"(?:\A|[:;,] |\()[*_`]{{0,3}}(?P<own>\d{{1,3}}\.\d+ ?%?)[*_`]{{0,3}} on (?P<set>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){{0,3}})"
    rf" \((?:was|vs\.?|up from|from) {NUMBER}(?: (?:for|in|with) (?:the |our )?(?P<model>[^()\n]{{2,40}}))?\)"
)
PLACED = deferred(rf"(?P<name>[A-Za-z][\w.+/#-]*(?: [\w.+#-]+){{0,2}}) {NUMBER}(?:[,;/] ?|,? and |(?=\.?\Z| \())\.?")
PHRASE = deferred(
    r"\b(?:by|than|of|is|was|to|from|at|with|for|in|on|the|an?|about|over|up|down|around|only|after|below|above|under|better|worse"
    r"|higher|lower|improv\w*|increas\w*|gain\w*|drop\w*|reach\w*|epochs?|steps?|version|threshold)\b",
    re.I,
)
REMARK = deferred(r" ?\(([^()]{2,40})\)\.?")
WORDS = deferred(r"(?:base|instruct|chat|it|large|small|student|teacher|thinking|reasoning)(?: (?:model|version|variant))?", re.I)
FEWEST = 2


def alternated_pair(pair: Pair) -> list[Result]:
    """The results of such a line; none where one of the names is no model's, or the label no benchmark's or metric's."""
    role = _role(pair.label)
    items, at = list[re.Match[str]](), 0
    while role and (found := ITEM.match(pair.value, at)):
        items.append(found)
        at = found.end()
    names = [(each["a"] or each["b"]).strip() for each in items]
    if role is None or len(items) < FEWEST or at < len(pair.value) or not all(map(_may_be_model, names)):
        return []
    metric, told = role.metric or "score", zip(items, names, strict=True)
    return [
        Result(metric, _number(each, "n", pair.start), None, role.dataset, role.split, name, role.setting) for each, name in told
    ]


def placed_pair(pair: Pair) -> list[Result]:
    """A metric's numbers for several data sets, splits, models or classes: "WER: test-clean 2.1%, test-other 4.3%"."""
    role = read_label(pair.label)
    items, at = list[re.Match[str]](), 0
    while role.metric and role.known and (found := PLACED.match(pair.value, at)):
        items.append(found)
        at = found.end()
    names = [each["name"] for each in items]
    if len(set(names)) < max(FEWEST, len(names)) or any(map(_is_no_place, names)):
        return []
    remark = REMARK.fullmatch(pair.value, at)
    if not (at == len(pair.value) or remark) or not is_metric_label(str(role.metric)):
        return []
    about = Role(setting=remark[1] if remark else None)
    told = [role.with_(_place(name)).with_(about) for name in names]
    return [
        Result(str(each.metric), _number(item, "n", pair.start), None, each.dataset, each.split, each.model, each.setting)
        for each, item in zip(told, items, strict=True)
    ]


def _is_no_place(name: str) -> bool:
    """Whether words in front of a number are a metric's name, or a phrase ("improved by")."""
    return PHRASE.search(name) is not None or (metric_of(name) is not None and CLASSES.fullmatch(name) is None)


def _place(name: str) -> Role:
    """What a name in front of a number is: a split, a benchmark, a model, or else a setting."""
    if is_split(name):
        return Role(split=name)
    if CLASSES.fullmatch(name):
        return Role(setting=name)
    said = read_label(name)
    return said if said.known and not said.metric else Role(setting=name)


def earlier_claims(text: str, start: int) -> Iterator[Result]:
    """A benchmark's number with the one that it is told to have been."""
    for found in WAS.finditer(text) if " on " in text and "(" in text else ():
        if may_be_set(found["set"]):
            yield Result("score", _number(found, "own", start), dataset=found["set"])
            if found["model"]:
                yield Result("score", _number(found, "n", start), dataset=found["set"], model=found["model"])


def _role(name: str) -> Role | None:
    """What a line's name says: a benchmark, or a metric alone."""
    role = read_label(name)
    if role.dataset and is_benchmark(role.dataset) and not role.model:
        return role
    key = metric_key(name)
    return Role(key) if is_metric_label(key) and is_named(key) else None


def _may_be_model(name: str) -> bool:
    return is_model(name) or is_release(name) or any(kind.fullmatch(name) is not None for kind in (WORDS, COMPARED))


def _number(found: re.Match[str], group: str, start: int) -> Printed:
    stands, at = found[group].rstrip(), start + found.start(group)
    return printed(stands, Span(at, at + len(stands)))
