"""What a number was measured on, as the words around it tell: behind it, or in the heading or the line above it."""

import re
from typing import NamedTuple

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.remembered import remembered
from cardaudit.dialects.parts.table_labels import SPLIT_NAME, bare, is_benchmark, is_task, metric_of
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.patterns import deferred
from cardaudit.records import Span

ON = deferred(
    r"[*_`)]{0,3}[ ](?:score[ ]|accuracy[ ])?(?:on|for|in)[ ](?:the[ ]|its[ ]|our[ ])?[*_`\"'\[]{0,4}"
    r"(?P<name>[A-Za-z][\w./+-]{0,40}(?:[ ][\w./+-]{1,30}){0,3})"
)
LINKED = deferred(r"([^\]\n]{2,40}?)[ ](?i:test[ -]?set|data ?set|corpus|benchmarks?|leaderboard)\]\(")
ABOUT = deferred(
    r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]? )?(?:(?:(?:zero-shot )?(?:evaluation|eval|results?|performance|scores?)(?: results?)? )?"
    r"(?:on|for)(?: the)? )?",
    re.I,
)
ENDING = deferred(
    r"[\s,:–-]+(?:results?|scores?|performances?|evaluations?|metrics?|benchmarks?|leaderboard|data ?sets?|corpus|task)[\s.:]*$",
    re.I,
)
SPLIT_ENDING = deferred(
    r"[\s,:(–-]+(?P<split>test|dev|development|validation|valid|eval|evaluation|train|training)[ -](?:set|split|data)\)?$",
    re.I,
)
NAMED_SET = deferred(
    r".*?\b(?i:on)(?: the| our)? (?P<name>[A-Z][\w./+-]*(?: [A-Z\d][\w./+-]*){0,3}?)(?: ASR)? (?i:data ?set|corpus|benchmark)"
)
RESULTS_ON = deferred(r"(?i:(?:eval(?:uation)?|test)? ?results? on (?:the )?)(?P<name>[A-Z][\w-]*[a-z\d_][A-Z\d][\w.-]*)")
SPLIT = r"(?:h[eo]ld-?out )?(?P<split>test|dev|development|validation|evaluation|eval)[ -](?:set|split|data(?: ?set)?)"
BEHIND = (
    r"[*_`)]{0,3}[ ](?:score[ ]|accuracy[ ])?(?:on|for|in)[ ](?:the[ ]|our[ ]|an?[ ])?[*_`\"'\[]{0,4}",
    r"(?P<name>[A-Z][\w.+-]{1,30}!?(?: [A-Z\d][\w.+-]{0,30}){0,2})",
)
SET_BEHIND = deferred(rf"{BEHIND[0]}{BEHIND[1]}[ ](?:{SPLIT}|data ?set|corpus|benchmark)(?![\w/-]| and\b)")
OF_SET = deferred(
    rf"{BEHIND[0]}{SPLIT}[ ](?:of|from|for)[ ](?:the[ ])?[*_`\"'\[]{{0,4}}{BEHIND[1]}"
    r"(?=\]|[ ](?:data ?set|corpus|benchmark)|[.,;)]?(?:\s|$))"
)
SPLIT_BEFORE = deferred(
    rf"\bon (?:the )?{SPLIT}[*_`]{{0,3}}[ ]?(?:of|is|was|at|=|:|reache[sd]|equals)[ ][a-z ]{{0,14}}[*_`~≈]{{0,3}}\Z"
)
WAY = deferred(r"(?:no|with|without|using|in) [a-z0-9 %-]{1,30}")
LOOKED_BACK = 70
BARE_ENDS = deferred(r"[ ]?[\w(]")
FOLLOWS_NAME = deferred(r"v?\d[\w.]*")
MOST_WORDS = 3
LONGEST_HEADING = 100


class Place(NamedTuple):
    """What a number was measured on, as told behind it."""

    dataset: str | None = None
    split: str | None = None


@remembered
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
    return name if is_benchmark(name) and not (AVERAGES.fullmatch(name) or is_task(name)) else None


def place_named(heading: str) -> Place:
    """The benchmark and the split that a heading tells of: "Results on Natural Questions - Test Set", "MNLI (dev set)"."""
    if len(heading) > LONGEST_HEADING:
        return Place()
    name = bare(heading).rstrip(":. ")
    if name.endswith(")") and (metric_of(remark := name.rpartition("(")[2].rstrip(")")) or WAY.fullmatch(remark)):
        name = name.rpartition("(")[0].rstrip()
    if " and on " not in name and (found := NAMED_SET.fullmatch(_without_ending(name, keep_set=True))):
        named, _, last = found["name"].rpartition(" ")
        return Place(named, last.lower()) if named and SPLIT_NAME.fullmatch(last) else Place(found["name"])
    bare_name, split = _without_ending(name), None
    if found := SPLIT_ENDING.search(name) or SPLIT_ENDING.search(bare_name):
        bare_name, split = _without_ending(found.string[: found.start()]), found["split"].lower()
    dataset = benchmark_named(bare_name) or _measured_on(bare_name)
    return Place(dataset, split) if dataset else Place()


def _measured_on(words: str) -> str | None:
    """The name that results are told to be on, spelled as a data set's is, whether it is known or not: "Results on PondNER"."""
    found = RESULTS_ON.fullmatch(words)
    name = found["name"] if found else ""
    return name if name and not (is_model(name) or metric_of(name) or SPLIT_NAME.fullmatch(name)) else None


def _without_ending(name: str, keep_set: bool = False) -> str:
    """Without the words behind a name that only say that results follow."""
    while found := ENDING.search(name):
        if keep_set and found[0].strip().lower().startswith(("data", "corpus", "benchmark")):
            break
        name = name[: found.start()]
    return name


def place_after(text: str, at: int) -> Place:
    """The benchmark or split named behind a number: " on the [SNLI](...) dataset", " on the test set"."""
    found = ON.match(text, at)
    if found is None:
        return Place()
    if text[found.start("name") - 1] == "[" and (linked := LINKED.match(text, found.start("name"))):
        return Place(linked[1])
    words = found["name"].partition(". ")[0].rstrip(".").split(" ")
    if (told := SET_BEHIND.match(text, at) or OF_SET.match(text, at)) and not _is_no_data(name := told["name"].rstrip(".")):
        return Place(name, told["split"])
    if SPLIT_NAME.fullmatch(" ".join(words[:2])) and (len(words) > 1 or not BARE_ENDS.match(text, found.end())):
        return Place(split=words[0].lower())
    for length in range(1, len(words) + 1):
        if words[length - 1][0].islower() and length == 1:
            return Place()
        name = " ".join(words[:length])
        if is_benchmark(name) and not is_model(name):
            if is_task(name) and words[length : length + 1] == ["task"]:
                return Place()
            if length < len(words) and FOLLOWS_NAME.fullmatch(words[length]):
                length, name = length + 1, f"{name} {words[length]}"
            split = words[length] if length < len(words) and SPLIT_NAME.fullmatch(words[length]) else None
            return Place(name, split.lower() if split else None)
    return Place()


def _is_no_data(name: str) -> bool:
    return is_model(name) or is_task(name) or SPLIT_NAME.fullmatch(name) is not None


def place_around(text: str, span: Span) -> Place:
    """What is named behind a number, or a split between it and its metric: "The accuracy on the test set is 99.6%"."""
    place = place_after(text, span.end)
    if place.split:
        return place
    found = SPLIT_BEFORE.search(text, max(0, span.start - LOOKED_BACK), span.start)
    return Place(place.dataset, found["split"] if found else None)
