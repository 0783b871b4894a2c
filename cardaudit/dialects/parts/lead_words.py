"""What the sentence that leads to a table or a list tells of its numbers: the metric, the data set, the split.

"Accuracy over XNLI test set:", "The evaluation metric is accuracy.", "Results on the MNLI validation set:".
"""

import re
from functools import cache

from cardaudit.dialects.parts.chapter import NUMBERED
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import is_metric_label, is_named, spoken_metrics
from cardaudit.dialects.parts.places import Place, may_be_set
from cardaudit.dialects.parts.remembered import remembered
from cardaudit.dialects.parts.table_labels import bare, is_benchmark, is_task, metric_of
from cardaudit.dialects.parts.table_rows import AVERAGES
from cardaudit.document import Block, Paragraph
from cardaudit.patterns import deferred

LONGEST_LEAD = 300
SENTENCE = deferred(r"(?<=[.!?])\s+(?=[A-Z*_`])")
SPLIT = deferred(
    r"(?:(?<![\w-])|(?<=[A-Z\d]-))(?:(?P<split>test|dev|development|validation|valid|eval|evaluation|train|training)"
    r"[ -]?(?P<set>set|split|data(?: ?set)?|portion|subset|part)\b|(?P<alone>test|dev|validation)(?=[ ]results?\b|[:.)]|[ ]?$))",
    re.I,
)
HYPHENED = deferred(r"\bon (?:the )?([A-Z][A-Za-z]+\d?)-(test|dev|val|validation)[ -](?:set|split)\b")
PARTED = deferred(r"\b(?:trained|tuned|fine-?tuned|training) (?:it |them )?(?:on|with|using)\b", re.I)
JOINED = deferred(r"[`*]{0,3}[A-Za-z][\w@-]{0,20}[`*]{0,3}(?: ?/ ?[`*]{0,3}[A-Za-z][\w@-]{0,20}[`*]{0,3}){1,3}")
BEGINS = deferred(r"(?:[A-Z]{2,5}: )?(?:(?:the|overall|average|mean|final|test|zero-shot|top-[15]) )*", re.I)
SPREAD = r"(?: ?(?:±|\+/-|\+-) ?(?:std\.?|standard (?:deviations?|errors?)|sd|se|95 ?% (?:CI|confidence intervals?))\b)?"
AFTER_NAME = deferred(
    rf"(?: correlations?| coefficients?)?(?: scores?| results?| rates?)?(?: ?\([^()]{{1,60}}\))?{SPREAD}"
    r"(?: (?:on|over|for|of|in|per|by|across|after|with)\b|[:,]| ?\Z)",
    re.I,
)
IN_BRACKETS = deferred(
    rf"\((?:in )?([A-Za-z][\w@ -]{{0,24}}?)(?: ?%|, (?:in )?(?:%|percent)|, (?:higher|lower) is better)?{SPREAD}"
    r"(?: (?:over|of|across) [\w ]{1,30})?\)"
)
LAST = deferred(r"[,;–—-] (?:in )?(?P<name>[A-Za-z][\w@ -]{1,30}?)(?: \(%\)| in (?:%|percent))?[:.]?\Z")
DEPTH = deferred(r"_\d{1,3}\Z")
TELLS = deferred(
    r"\b(?:in terms of|metrics? (?:used )?(?:here )?(?:is|was)|metric:|measured (?:by|in|as|with|using)|based on|using"
    r"|reported (?:in|as|is)|[Ww]e (?:report|measure|compute)d?(?: the)?|results? in"
    r"|scores? are(?: in)?|numbers are|achieves? the following"
    r"|(?:table|figure|results?|below|above|following|here)[\w ]{0,20} (?:summari[sz]es?|shows?|reports?|lists?|gives?|are|is)"
    r"|, (?:given |reported )?as|\bresults as(?: an?)?)"
    r"(?: the| average| mean)* ",
    re.I,
)
SHORT = deferred(
    r"(?:\w+ (?:set|split|data) |(?:test|validation|evaluation|dev|benchmark) ){1,2}(\w[\w -]{1,20}?)(?: results?| scores?)?:?",
    re.I,
)
AFTER_RESULTS = deferred(
    r"(?:\w[\w-]* ){0,3}(?:[Rr]esults|[Ss]cores)(?:,| [-–]) (?:in |average |mean )?(\w[\w -]{0,20}?)(?: ?\(%\))?:?"
)
HINT = deferred(r"test|dev|val|train", re.I)
EMPHASIS = deferred(r"(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
TELLS_RESULTS = deferred(r"\b(?:results?|performances?|scores?|accurac(?:y|ies)|evaluat\w+|benchmark results)\b", re.I)
SHOWN = deferred(r"\bresults?\b", re.I)
SHOWN_ON = deferred(
    r"\b[Oo]n (?:the |our )?(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2}) (?:benchmark|data ?set|corpus)\b"
    r"(?P<more> and\b(?! show)| or\b)?"
)
MEASURED_ON = deferred(
    r"(?:\b(?i:performances?|results?|scores?|evaluat\w+|metrics?|accuracy|wer|tested)"
    r"(?: (?:of [^.;:]{1,60}?|(?:it|them|the [\w./-]{1,60}(?: models?)?)))?(?: \([^()]{1,20}\))?"
    r" (?:obtained |achieved |reported )?(?:on|for|over)|\A[Oo]n|\bevaluated?(?= [A-Z]+\d)) (?:the )?"
    r"(?P<name>(?:[a-z]{2,6})?[A-Z\d][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})(?: (?:min|max|official|public|full|clean))?[ -]{1,2}\Z"
)
EVALUATED_ON = deferred(
    r"\b[Ee]valuat\w+ (?:[\w'’ -]{1,40}? )?on (?:the |our )?(?:[A-Z]\w+['’]s )?(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,2})"
    r" (?:benchmark|data ?set|corpus)\b(?P<more> and\b| or\b|,)?"
)
NAME = r"(?P<name>[A-Z][\w.+-]*(?: [A-Z\d][\w.+-]*){0,3})"
SPLIT_OF = deferred(
    r"\b(?:on|for|over|using) (?:the )?(?:official )?(?P<split>test|dev|development|validation|evaluation)[ -]"
    rf"(?:set|split|data|portion|part|subset) (?:of|from) (?:the )?{NAME}(?P<set> (?:data ?set|corpus|benchmark))?(?! and\b)"
)
CAPITAL_SPLIT = deferred(rf"\b[Rr]esults?\b[^.;:]{{0,40}} on (?:the )?{NAME} (?P<split>TEST|DEV|VALID)\b")
USED_SET = deferred(
    rf"\b[Rr]esults?\b[^.;:]{{0,40}} uses? the {NAME} (?P<split>test|dev|development|validation|evaluation)"
    r"[ -](?P<set>set|split|data)\b"
)
LINKED_SET = deferred(
    r"\b(?:(?:[Rr]esults|(?:[Ee]valuat|[Tt]est)ed) on|(?P<using>[Uu]sing)) (?:the )?"
    r"\[(?P<name>[A-Z][^\[\]\n]{2,60}?(?P<own> Dataset| Corpus)?)(?P<set> data ?set| corpus)?\]\("
)
MOST_WORDS = 4
SMALL = frozenset(("on", "over", "for", "of", "the", "our", "in", "and", "with", "from", "using", "a", "an", "to", "its", "this"))


@remembered
def place_told(lead: str) -> Place:
    """The benchmark and the split of a sentence that names one split: "5 runs on SQuAD version 2 validation set:".

    Nothing where it names several splits, and no data set where several stand before the split.
    """
    if len(lead) > LONGEST_LEAD:
        lead = SENTENCE.split(lead[-2 * LONGEST_LEAD :])[-1]
    if len(lead) > LONGEST_LEAD or not (HINT.search(lead) or SHOWN.search(lead) or "sing the [" in lead):
        return Place()
    words = bare(lead)
    if place := _told_place(lead, words):
        return place
    if "-" in words and len(hyphened := HYPHENED.findall(words)) == 1 and is_benchmark(hyphened[0][0]):
        return Place(hyphened[0][0], hyphened[0][1].lower())
    found = list(SPLIT.finditer(words)) if not PARTED.search(words) else []
    if not found:
        return Place(_evaluated_on(words))
    if len({_split_of(each) for each in found}) != 1:
        return Place()
    before = words[: found[0].start()].split()[-MOST_WORDS:]
    told = found[0]["set"] or lead.rstrip(" *_").endswith(":")
    named = (_benchmark_behind(before) or _set_behind(words[: found[0].start()])) if told else None
    return Place(named, _split_of(found[0]))


def _told_place(lead: str, words: str) -> Place | None:
    """A data set and its split in a less common order, or a link: "on the test split of PondNER", "on [PondNER](...)"."""
    splits = {_split_of(each) for each in SPLIT.finditer(words)}
    if PARTED.search(words) or len(splits) > 1:
        return None
    for pattern in (SPLIT_OF, CAPITAL_SPLIT, USED_SET):
        told = list(pattern.finditer(words))
        if len(told) == 1 and (may_be_set(name := told[0]["name"].rstrip(".")) or told[0].groupdict().get("set")):
            return Place(name, told[0]["split"].lower()) if not is_model(name) else None
    linked = LINKED_SET.search(lead) if lead.count("](") == 1 else None
    if linked is None or is_model(linked["name"]):
        return None
    is_set = linked["own"] or linked["set"] or (linked["using"] is None and may_be_set(linked["name"]))
    return Place(linked["name"], next(iter(splits), None)) if is_set else None


def _evaluated_on(words: str) -> str | None:
    """The one benchmark that a sentence says a model was evaluated on: "We evaluated it on the HumanEval benchmark"."""
    found = EVALUATED_ON.search(words) if "valuat" in words else None
    if found is None and SHOWN.search(words) and not PARTED.search(words) and len(told := list(SHOWN_ON.finditer(words))) == 1:
        found = told[0]
    if found is None or found["more"] or is_model(found["name"]) or _is_plain(found["name"]):
        return None
    return found["name"]


def _set_behind(words: str) -> str | None:
    """The name that a result is told to be "on", spelled as a data set's is, whether it is known or not: "performance on ABC"."""
    found = MEASURED_ON.search(words[-LONGEST_LEAD:])
    name = found["name"].rstrip("-") if found else ""
    return name if may_be_set(name) else None


def _split_of(found: re.Match[str]) -> str:
    return (found["split"] or found["alone"]).lower()


def _benchmark_behind(words: list[str]) -> str | None:
    """The benchmark that the last words are the name of."""
    for at in range(len(words) - 1, -1, -1):
        if words[at].lower() in SMALL:
            return None
        name = " ".join(words[at:]).strip("\"'`*_()[],-")
        spelled = name[:1].isupper() or any(letter.isdigit() for letter in name)
        if spelled and is_benchmark(name) and not is_model(name) and not _is_plain(name):
            return None if words[at - 1 : at] in (["and"], ["&"]) else name
    return None


def _is_plain(name: str) -> bool:
    return AVERAGES.fullmatch(name) is not None or is_task(name) or metric_of(name) is not None


def metric_told(above: Block | None) -> str | None:
    """The one metric that the last sentence above a table says its numbers are in; None where it speaks of several, or of none.

    Metrics joined by slashes ("psnr/ssim") are told so, where each cell holds as many numbers.
    """
    text = above.lines[-1].text if isinstance(above, Paragraph) else ""
    if isinstance(above, Paragraph) and len(above.lines) > 1 and len(text) < LONGEST_LEAD:
        text = f"{above.lines[-2].text} {text}"
    return _metric_in(text[-2 * LONGEST_LEAD :]) if text else None


def tells_results(above: Block | None) -> bool:
    """Whether the last line above a table says that results follow."""
    text = above.lines[-1].text if isinstance(above, Paragraph) else ""
    return TELLS_RESULTS.search(bare(SENTENCE.split(text[-2 * LONGEST_LEAD :])[-1])) is not None


@remembered
def _metric_in(text: str) -> str | None:
    words = NUMBERED.sub("", EMPHASIS.sub("", bare(text)))
    for joined in JOINED.finditer(words) if "/" in words else ():
        keys = [metric_of(part.strip("`*_ ")) for part in joined[0].split("/")]
        if all(key and is_named(key) for key in keys):
            return "/".join(map(str, keys))
    for sentence in reversed(SENTENCE.split(words)[-2:]):
        said = _said_in(sentence)
        if said:
            return said if one_metric(sentence) else None
    return None


def one_metric(sentence: str) -> str | None:
    """The metric that a sentence speaks of; None where it speaks of several."""
    spoken = {_key(found[1]) for found in _spoken().finditer(sentence)}
    return spoken.pop() if len(spoken) == 1 and is_named(DEPTH.sub("", str(*spoken))) else None


def _said_in(sentence: str) -> str | None:
    """The metric that a sentence begins with, has in brackets, or says that it tells of."""
    begins = BEGINS.match(sentence)
    named = _name().match(sentence) or (_name().match(sentence, begins.end()) if begins else None)
    if named and AFTER_NAME.match(sentence, named.end()):
        return _key(named[1])
    for bracket in IN_BRACKETS.finditer(sentence) if "(" in sentence else ():
        if key := metric_of(bracket[1]):
            return key
    for found in TELLS.finditer(sentence):
        if named := _name().match(sentence, found.end()):
            return _key(named[1])
    short = AFTER_RESULTS.fullmatch(sentence) or SHORT.fullmatch(sentence) or LAST.search(sentence)
    key = metric_of(short[1]) if short else None
    return key if key and is_metric_label(key) else None


def _key(name: str) -> str | None:
    """The key of a spoken name, also of several: "accuracies"."""
    return "accuracy" if name.lower() == "accuracies" else metric_of(" ".join(name.split()))


@cache
def _spoken() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?:(?i:macro|micro|weighted)[ -])?((?:{spoken_metrics()}|accuracies|mAP)(?:@\d{{1,3}})?)s?(?![\w-]|@)"
    )


@cache
def _name() -> re.Pattern[str]:
    return re.compile(
        rf"((?:[Mm](?:acro|icro)[ -](?:averaged )?)?(?:{spoken_metrics()}|accuracies|mAP)(?:@\d{{1,3}})?)s?(?![\w-])"
    )
