"""What stands beside a listed metric's number: "F1 (weighted): 0.93", "92.16 (CoNLL-03 English)", "6.7% on the dev set"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cardaudit.dialects.parts.names import REMARK
from cardaudit.dialects.parts.numbers import read_measured
from cardaudit.dialects.parts.places import place_after
from cardaudit.dialects.parts.table_labels import Role, is_benchmark, is_split, metric_of
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result

BEHIND = deferred(r"[*_`% ]*\(([^()\n]{2,60})\)")
AVERAGED = deferred(
    r"(?:(?:micro|macro|weighted|samples|binary|token|sentence|entity)(?:[- ](?:avg|average|averaged|level))?"
    r"|(?:avg|average|averaged)|(?:average|mean)? ?(?:of|over) \d{1,3} runs)",
    re.I,
)
THRESHOLD = deferred(r"[*_`% ]*\(?((?:at|with)(?: an?)? [^().,;\n]{0,20}threshold[^().,;\n]{0,10}[\d.]{0,6})", re.I)
NEXT = deferred(r"[,;]?(?: and)? +(?=[*_`]{0,3}\d)")
MOST = 20


def qualified(result: Result, behind: str) -> Result:
    """A listed metric with what the brackets in its label, or the words behind its number, say of it."""
    label = result.number.label
    remark = BEHIND.match(behind)
    roles = [_role(found[0][1:-1]) for found in REMARK.finditer(label)] if "(" in label else []
    if remark:
        roles.append(_role(remark[1]))
    elif found := THRESHOLD.match(behind):
        roles.append(Role(setting=found[1]))
    elif " on " in behind[:8]:
        place = place_after(behind, 0)
        roles.append(Role(dataset=place.dataset, split=place.split))
    for role in roles:
        result = replace(
            result,
            dataset=result.dataset or role.dataset,
            split=result.split or role.split,
            setting=result.setting or role.setting,
        )
    return result


def further(result: Result, behind: str) -> Iterator[Result]:
    """The numbers of the same metric that follow, each with its own words: "92.16 (English), 87.33 (German)"."""
    start, at = result.number.span.end, 0
    for _ in range(MOST):
        remark = BEHIND.match(behind, at)
        joined = NEXT.match(behind, remark.end()) if remark else None
        number = _number(behind, joined.end(), start, result.number.label) if joined else None
        if number is None:
            return
        at = number.span.end - start
        if not BEHIND.match(behind, at):
            return
        yield qualified(Result(result.metric, number), behind[at:])


def _number(behind: str, at: int, start: int, label: str) -> Printed | None:
    number = read_measured(behind[at:], start + at, label)
    return number if number and number.value is not None else None


def _role(remark: str) -> Role:
    """What a remark tells: a split, an average, a threshold or a data set; nothing where it is anything else."""
    words = remark.strip(" *_`")
    if is_split(words):
        return Role(split=words)
    if AVERAGED.fullmatch(words) or words.lower().startswith(("at threshold", "threshold")):
        return Role(setting=words)
    named = re.sub(r" data ?set$", "", words)
    if (named != words or is_benchmark(words)) and metric_of(words) is None and words[:1].isalnum():
        return Role(dataset=named)
    return Role()
