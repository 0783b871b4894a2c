"""What a number was measured on, as the words around it tell: behind it, or in the heading or the line above it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import is_named
from cardaudit.dialects.parts.remembered import remembered
from cardaudit.dialects.parts.table_labels import SPLIT_NAME, bare, is_benchmark, is_task, metric_of, read_label
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.facts import legacy_id
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

ON = deferred(
    r"[*_`)]{0,3}[ ](?:score[ ]|accuracy[ ])?(?:on|for|in)[ ](?:the[ ]|its[ ]|our[ ])?[*_`\"'\[]{0,4}"
    r"(?P<name>[A-Za-z][\w./+-]{0,40}(?:[ ][\w./+-]{1,30}){0,3})"
)
LINKED = deferred(r"([^\]\n]{2,40}?)[ ](?i:test[ -]?set|data ?set|corpus|benchmarks?|leaderboard)\]\(")
ABOUT = deferred(
    r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]? )?(?:(?:(?:zero-shot )?(?:evaluation|eval|results?|performance|scores?)(?: results?)?"
    r"(?: \([^()]{2,20}\))? )?(?:on|for)(?: the)? )?",
    re.I,
)
ENDING = deferred(
    r"[\s,:–-]+(?:results?|scores?|performances?|evaluations?|metrics?|benchmarks?|leaderboard|data ?sets?|corpus|task)[\s.:]*$",
    re.I,
)
SPLIT_ENDING = deferred(
    r"(?:[\s,:(–-]+(?=\w+[ -](?:set|split|data))|(?<=\w)-(?=(?:test|dev|val)$))"
    r"(?P<split>test|dev|development|validation|valid|val|eval|evaluation|train|training)(?:[ -](?:set|split|data)\)?)?$",
    re.I,
)
GENERAL = deferred(
    r"(?:(?:eval(?:uation)?|test|dev|validation|final|our|overall|model|benchmark|quantitative)[ -])*"
    r"(?:results?|scores?|metrics?|performances?|evaluations?|benchmarks?|sets?|split)(?: \((?:test|dev|validation) set\))?",
    re.I,
)
SPLIT_TOLD = deferred(r"\b(?:test|dev|validation)(?=[ -]set\b|[ -]results\b)", re.I)
SPLIT_BEHIND = deferred(r"\s\((?P<split>test|dev|development|validation|valid)\)$", re.I)
NAMED_SET = deferred(
    r".*?\b(?i:on)(?: the| our)? (?P<name>[A-Z][\w./+-]*(?: [A-Z\d][\w./+-]*){0,3}?)(?: ASR)? (?i:data ?set|corpus|benchmark)"
    r"(?: from [A-Z]\w+)?"
)
WITH_SET = deferred(
    r"[A-Z][\w,'’ -]{2,60} (?:with|using) (?:the )?(?P<name>[A-Z][\w./+-]*(?: [A-Z\d][\w./+-]*){0,3})"
    r" (?i:data ?set|corpus|benchmark)"
)
SET_ALONE = deferred(r"(?P<name>[A-Z][\w.+-]*(?: (?:and |of )?[A-Z\d][\w.+-]*){0,5}) (?i:data ?set|corpus|benchmark)")
OWN = deferred(
    r"\b(?:SFT|DPO|RLHF|TTS|ASR|OCR|NLP|LLM|The|Our|My|Your|This|Custom|Data|Used|Pre\w*|Training|Train|Fine\w*|Source|Model)\b"
)
TASK_WITH = deferred(
    r"(?P<task>[A-Z][\w,'’ -]{1,60}) (?:with|using|on|over|against) (?:the )?"
    r"(?P<name>[A-Z][\w.+/-]*(?: [A-Z\d][\w.+-]*){0,2}(?: (?:mini)?(?:val|test)\d{4})?)"
)
IN_BRACKETS = deferred(r"(?P<task>[^()]{2,60}) \((?P<name>[^()]{2,40})\)(?: [A-Z][a-z]+)?")
PARTS = deferred(r" [-–—] |: ?|, ")
TUNED = deferred(r"train|tun|\bdata|usage|how to|example", re.I)
RESULTS_ON = deferred(
    r"(?i:(?:(?:eval\w*|test|benchmark)? ?results? (?:comparison )?on|(?:evaluat(?:ion|ed)|performance|tested) on|test against)"
    r" (?:the )?)(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})"
)
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
DEVICE = deferred(r"(?:[A-Z]?TPU|[A-Z]?GPU|CPU|NVIDIA|RTX|AWS|A100|H100|V100|T4|CUDA|ONNX|JAX)")
SET_LIKE = deferred(r"[A-Z]{2}[A-Z]|[A-Za-z]\d|\w_\w|[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Za-z] \d")
LEADING = deferred(
    r"(?:(?:\A|[.:!?;]\s+|\n|, (?:and|while|but) )[*_`]{0,3}[Oo]n|\b(?:[Rr]esults?|[Ss]cores?|[Pp]erformance) on)"
    r" (?:the |our |its )?"
    r"(?P<words>(?:\[[^\[\]\n]{2,60}\]\([^()\s]{1,200}\)|\.(?=\d)|[^.,;:\n\[\]()]){2,80}?)(?:, |: )"
)
LED_PLACE = deferred(
    r"(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})?(?: ?(?:benchmark|official|held-out|hold-out))?"
    r"(?: ?(?P<split>test|dev|development|validation|evaluation|eval)(?:ing)?(?![a-z]))?"
    r"(?P<set> ?(?:set|split|data ?set|data|portion|benchmark|corpus))?(?: and with(?:out)? [\w ]{2,30})?"
)
SENTENCE_ENDS = deferred(r"[.!?;]\s|\n\s*\n")
LONGEST_SENTENCE = 200
LONGEST_OPENING = len(", performance")
JOINS = deferred(r"[*_`]{0,3}(?:,| and| &)(?:(?!\b(?:on|for|in|while|but|from|than|to)\b)[^.;:\n])*")
LONGEST_JOIN = 70
WAY = deferred(
    r"(?:no|with|without|using|in) [a-z0-9 %-]{1,30}|(?i:(?:in|out|out of)[ -](?:of-)?domain|(?:lower|higher) is better)"
)
OF_SPLIT = deferred(r"(?<![a-z])(?:train|test|dev|val(?!ue)|eval|hold)", re.I)
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
    if (
        ": " in name
        or not 0 < len(words) <= MOST_WORDS
        or not all(word[0].isupper() or word[0].isdigit() or word.isalnum() for word in words[:1])
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
    if (found := _told_set(name)) is not None:
        return Place(found["name"])
    bare_name, split = _without_ending(name), None
    if found := SPLIT_ENDING.search(name) or SPLIT_ENDING.search(bare_name) or SPLIT_BEHIND.search(name):
        bare_name, split = _without_ending(found.string[: found.start()]), found["split"].lower()
    finders = (_in_its_brackets, benchmark_named, _measured_on, _of_task, _of_measure)
    dataset = next(filter(None, (find(bare_name) for find in finders)), None)
    return Place(dataset, split) if dataset else Place()


def place_of_section(sections: Sequence[tuple[int, str]]) -> Place:
    """The place that the innermost heading tells of, or the one around it where it says only that results follow: "## SQuAD"."""
    for at in range(len(sections) - 1, -1, -1):
        heading = sections[at][1]
        if (place := place_named(heading)).dataset and not (at < len(sections) - 1 and TUNED.search(heading)):
            split = SPLIT_TOLD.search(sections[-1][1])
            return Place(place.dataset, place.split or (split[0].lower() if split and at < len(sections) - 1 else None))
        if not GENERAL.fullmatch(heading.strip("*_ :")):
            break
    return Place()


def _in_its_brackets(name: str) -> str | None:
    """The benchmark in the brackets behind a task's name: "Detection (COCO val2017)"."""
    found = IN_BRACKETS.fullmatch(name) if name.endswith(")") else None
    if found is None or is_benchmark(found["task"]) or is_model(found["task"]) or TUNED.search(name):
        return None
    return benchmark_named(found["name"])


def may_be_set(name: str) -> bool:
    """Whether a name is a known data set's or is spelled as one, and no model, metric, task, split or average."""
    if DEVICE.match(name) or is_model(name) or metric_of(name) or is_task(name):
        return False
    if SPLIT_NAME.fullmatch(name) or AVERAGES.fullmatch(name):
        return False
    return is_benchmark(name) or SET_LIKE.search(name) is not None


def _measured_on(words: str) -> str | None:
    """The name that results are told to be on, spelled as a data set's is, whether it is known or not: "Results on PondNER"."""
    found = RESULTS_ON.fullmatch(words)
    return found["name"] if found and (may_be_set(found["name"]) or legacy_id(found["name"])) else None


def _told_set(name: str) -> re.Match[str] | None:
    """A heading that says that its name is a data set's: "Named Entity Recognition with the PondNER dataset"."""
    if found := WITH_SET.fullmatch(name):
        return found if not (TUNED.search(name, 0, found.start("name")) or is_model(found["name"])) else None
    found = SET_ALONE.fullmatch(name)
    return found if found and may_be_set(found["name"]) and not OWN.search(name) else None


def _of_measure(words: str) -> str | None:
    """The benchmark in front of a metric's name: "XNLI accuracy"."""
    said = read_label(words)
    return said.dataset if said.metric and said.dataset and is_named(said.metric) and benchmark_named(said.dataset) else None


def _of_task(words: str) -> str | None:
    """The benchmark that a heading names beside its task: "Natural Language Inference with XNLI", "QA (SQuAD)"."""
    if TUNED.search(words):
        return None
    found = TASK_WITH.fullmatch(words) or IN_BRACKETS.fullmatch(words)
    parts = [found["task"], found["name"]] if found else PARTS.split(words)
    named = [name for part in parts if (name := benchmark_named(part))]
    others = [part for part in parts if part not in named]
    return named[0] if len(named) == 1 and len(parts) == 2 and not any(map(is_model, others)) else None


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
    if found is None and place.dataset is None:
        return _leading_place(text, span.start)
    return Place(place.dataset, found["split"] if found else None)


def places_around(text: str, told: Sequence[tuple[str, Printed]]) -> list[Place]:
    """The place of each metric's number; that of the last holds for those it is joined with: "F1 of 0.7 and EM of 0.6 on X"."""
    places = [place_around(text, number.span) for _, number in told]
    for at in range(len(told) - 2, -1, -1):
        (metric, number), (next_metric, after) = told[at : at + 2]
        between = text[number.span.end : after.span.start] if 0 < after.span.start - number.span.end < LONGEST_JOIN else ""
        if places[at] == Place() and metric != next_metric and JOINS.fullmatch(between):
            places[at] = places[at + 1]
    return places


def _leading_place(text: str, at: int) -> Place:
    """What a sentence names first: "On the PondNER test set, the model reaches ...", "results on COCO 2017 validation: ..."."""
    told = None
    for sign in (" on ", "On "):
        begin = text.rfind(sign, max(0, at - LONGEST_SENTENCE), at)
        told = told or (LEADING.search(text, max(0, begin - LONGEST_OPENING), at) if begin >= 0 else None)
    if told is None or SENTENCE_ENDS.search(text, told.end(), at):
        return Place()
    found = LED_PLACE.fullmatch(bare(told["words"]).strip())
    if found is None or not (found["name"] or found["set"]):
        return Place()
    name, split = found["name"], found["split"]
    if name and (_is_no_data(name) or metric_of(name) or not (found["set"] or may_be_set(name))):
        return Place()
    return Place(name, split.lower() if split else None)


def placed(result: Result, dataset: str | None, split: str | None) -> Result:
    """A result of a table with the place that the words above it tell, where the table itself names no other."""
    if result.dataset and dataset:
        return result
    if OF_SPLIT.search(f"{result.metric} {result.dataset} {result.setting} {result.number.label}"):
        split = None
    setting = None if result.setting == dataset else result.setting
    return replace(result, dataset=result.dataset or dataset, split=result.split or split, setting=setting)
