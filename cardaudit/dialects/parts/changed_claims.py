"""A result told as a change: "WER dropped from 98.2% to 23.4%". The later number is the result, the first is another model's."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import is_metric_label, is_named, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import VALUE, later_of, printed, read_value
from cardaudit.dialects.parts.places import SET_LIKE, place_after
from cardaudit.dialects.parts.table_labels import QUALIFIERS, Role, is_benchmark, is_split, is_task
from cardaudit.dialects.parts.worded_claims import subject_of
from cardaudit.facts import metric_facts
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

MARKS = r"[*_`~≈]{0,3}"
NUMBER = r"\d{1,4}(?:\.\d+)?[ ]?%?"
FROM = deferred(
    rf"[ ]\(?from[ ](?:about[ ]|around[ ])?{MARKS}(?P<a>{NUMBER}){MARKS}(?:[ ]\((?P<whose>[^()\n]{{1,40}})\))?,?[ ]"
    r"(?:all[ ]the[ ]way[ ])?"
    rf"(?:up[ ]|down[ ])?to[ ](?:about[ ]|around[ ])?{MARKS}(?P<b>\d{{1,4}}\.\d+[ ]?%?|\d{{1,3}}[ ]?%|\d{{2,3}})"
    rf"{MARKS}(?![\w/]|\.\d)"
)
NAMED = deferred(
    rf"(?<![\w-])(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){{0,3}})[*_`]{{0,3}}(?:[ ]\(|: ?|[ ])(?={MARKS}{NUMBER}{MARKS}"
    r"[ ]?(?:→|-{1,2}>|⟶|➜|➡|=>))"
)
CHANGES = deferred(
    r"\b(?:improv|increas|ris|rose|rais|boost|drop|fell|falls|reduc|decreas|lower|went|goes|gain|jump|climb|br(?:ing|ought)|push|cut"
    r"|lift|shr[aiu]nk|grew|grow|mov)\w*",
    re.I,
)
NO_RESULT = deferred(
    r"\b(?:rang\w+|var(?:y|ies|ied|ying)|train(?:ing)? (?:set )?(?:loss|accuracy)|thresholds?|would|could|might|may|can|if|human"
    r"|each|every)\b",
    re.I,
)
OF_TRAINING = deferred(r"[^.;\n]{0,20}\b(?:during|over the course|training|between epochs?|from epoch|steps?)\b", re.I)
ENDS = deferred(r"[.!?;]\s|\n|, (?:and|while|but) ")
FIRST_WORDS = deferred(r"[*_`\[(-]*(?P<name>[A-Z][\w.+@-]*(?: [A-Z\d][\w.+@-]*){0,3})")
OBJECT = deferred(
    r"(?:on|\w+(?:s|ing|ed)|improve|boost|raise|lift|push) (?:the )?"
    r"(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})(?: scores?)?\Z"
)
OF_SPLIT = deferred(r"\b(?:eval\w*|val|validation|test|dev|held-out) \Z", re.I)
LOWER = deferred(
    r"(?:\w+_)?(?:loss|perplexity|[cdemptw]er|fid|mindcf|min_dcf|r?mse|s?ma[ps]?e|error_rate|hamming_loss|lpips|bpb|bpc)"
)
PLAIN = QUALIFIERS | {"the", "our", "its", "this", "test", "validation", "eval", "evaluation", "dev", "final", "of", "in", "and"}
VERSION = deferred(
    r"(?:the )?(?:v\d+(?:\.\d+)*|base(?:line)?|previous|original|before|zero-shot)(?: (?:model|version|release))?", re.I
)
LONGEST_SUBJECT = 120


def changed_claims(text: str, start: int) -> Iterator[Result]:
    """The results that a text tells as changes, with words or with arrows."""
    if "from " in text and " to " in text:
        yield from _worded(text, start)
    if "→" in text or ">" in text or "➜" in text or "⟶" in text:
        yield from _arrowed(text, start)


def _arrowed(text: str, start: int) -> Iterator[Result]:
    """The last number of each "FUNSD (0.7895 → 0.8420)" that has a benchmark's or a metric's name alone in front of it."""
    for found in NAMED.finditer(text):
        name, last = found["name"], VALUE.search(text, later_of(text, found.end()))
        key = metric_key(name)
        is_set = is_benchmark(name) or (SET_LIKE.search(name) is not None and text[found.end() - 1] == "(")
        of_data = is_set and not (is_model(name) or is_task(name) or is_split(name) or is_metric_label(key))
        if last is None or not (of_data or is_named(key)):
            continue
        stands = last[0].rstrip()
        number = printed(stands, Span(start + last.start(), start + last.start() + len(stands)), name)
        yield Result("score" if of_data else key, number, dataset=name if of_data else None)


def _worded(text: str, start: int) -> Iterator[Result]:
    """The later number of each "from A to B" whose clause names one metric, or one benchmark, and says that it got better.

    What got worse did so under conditions that the sentence need not name; what changed "during training" is no result.
    """
    for found in FROM.finditer(text):
        clause = ENDS.split(text[max(0, found.start() - LONGEST_SUBJECT) : found.start()])[-1].strip()
        is_change = CHANGES.search(clause) is not None or "down to" in found[0] or "up to" in found[0]
        if not is_change or NO_RESULT.search(clause) or OF_TRAINING.match(text, found.end()):
            continue
        told = _measured(clause)
        if told is None or told.metric is None or not _is_better(told.metric, found):
            continue
        place = place_after(text, found.end())
        stands = found["b"].rstrip()
        number = printed(stands, Span(start + found.start("b"), start + found.start("b") + len(stands)), clause[-40:])
        model = subject_of(text[max(0, found.start() - LONGEST_SUBJECT) : found.start()])
        result = Result(told.metric, number, None, told.dataset or place.dataset, told.split or place.split, model)
        yield result
        if found["whose"] and VERSION.fullmatch(found["whose"]):
            earlier = printed(
                found["a"].rstrip(),
                Span(start + found.start("a"), start + found.start("a") + len(found["a"].rstrip())),
                clause[-40:],
            )
            yield replace(result, number=earlier, model=found["whose"])


def _measured(clause: str) -> Role | None:
    """The one metric that a clause names, with the benchmark beside it, or else the benchmark that it begins or ends with."""
    named = list(_name().finditer(clause))
    if len({metric_key(each[0]) for each in named}) > 1:
        return None
    if named:
        return _of_metric(clause, named[-1])
    found = FIRST_WORDS.match(clause) or OBJECT.search(clause)
    name = found["name"] if found else ""
    plain = not name or is_model(name) or is_task(name) or is_split(name)
    return Role("score", dataset=name) if not plain and is_benchmark(name) else None


def _of_metric(clause: str, named: re.Match[str]) -> Role | None:
    """A metric's name in a clause with the words in front of it: a benchmark's, or a kind of it ("reward accuracy")."""
    key, before = metric_key(named[0]), clause[: named.start()]
    if key == "loss" and OF_SPLIT.search(before) is None:
        return None
    place = place_after(clause, named.end())
    words = before.split()[-3:]
    for at in range(len(words)):
        name = " ".join(words[at:]).strip("*_`()\"'")
        if name[:1].isupper() and is_benchmark(name) and not is_model(name) and not is_task(name):
            return Role(key, name, place.split)
    last = words[-1].lower().strip("*_`") if words else ""
    if last.isalpha() and last not in PLAIN and not CHANGES.match(last) and is_metric_label(f"{last}_{key}"):
        key = f"{last}_{key}"
    return Role(key, place.dataset, place.split)


def _is_better(key: str, change: re.Match[str]) -> bool:
    before, after = (read_value(change[group].rstrip(), 0) for group in ("a", "b"))
    if before is None or after is None or before.value is None or after.value is None:
        return False
    facts = metric_facts(key)
    higher = facts.higher_is_better if facts else LOWER.fullmatch(key) is None
    if ("%" in before.text) != ("%" in after.text):
        before, after = (read_value(change[group].rstrip("% "), 0) for group in ("a", "b"))
    difference = (after.value or 0) - (before.value or 0) if before and after else 0
    return difference > 0 if higher else difference < 0


@cache
def _name() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:(?:macro|micro|weighted)[- ])?(?:pass@\d{{1,3}}|{spoken_metrics()})(?![\w-])")
