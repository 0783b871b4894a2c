"""Results in sentences whose words stand in a less common order: "scores BLEU 28.3", "0.53 for Pearson and 0.52 for Spearman"."""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.lead_words import place_told
from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import is_metric_label, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.places import Place, place_after
from cardaudit.dialects.parts.table_labels import metric_of
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

SENTENCE_END = deferred(r"[.!?;][ )]|\n")
LONGEST_SUBJECT = 200
MARKS = r"[*_`~]{0,3}"
NUMBER = r"\d{1,4}\.\d+[ ]?%?|\d{1,3}[ ]?%"
MEAN_SCORE = deferred(rf"\b(?:average|mean|overall) score of {MARKS}(?P<n>{NUMBER})(?![\w/]|\.\d)")
BEST_SCORE = deferred(rf"\bbest (?P<split>validation|dev|test) score achieved is {MARKS}(?P<n>\d{{1,3}}\.\d+)(?![\w/]|\.\d)")
DECIBELS = deferred(rf"(?<![\w.,-]){MARKS}(?P<n>\d{{1,2}}\.\d+){MARKS} dB{MARKS} (?P<metric>SI-S[ND]Ri?|SDRi?|SNRi?|PSNR)\b(?!-)")
BEST_RESULT = deferred(
    rf"\b[Bb]est [Rr]esult of [`*_]{{0,3}}(?P<metric>[A-Za-z][\w -]{{1,24}}?)[`*_]{{0,3}} ?[-–:=] ?{MARKS}(?P<n>{NUMBER})(?!\w)"
)
COMPARED = deferred(
    r"\b(?i:for|in|by) comparison, (?:the |an? )?(?P<name>[A-Z][\w.+/-]*(?: [A-Z\d][\w.+/-]*){0,3}(?: \([\w .+/-]{2,30}\))?) \Z"
)
BASELINE = deferred(r"(?:\A|, |\band |\bwhile )\s*(?:[Tt]he |[Aa]n? |[Oo]ur )?(?P<name>(?:[\w-]+ ){0,3}baseline(?: model)?) \Z")
VERBS = ("with ", "chiev", "each", "btain", "ttain", "core", "ield", "easured ", " have ")  # one in each match of the next
AND = deferred(r",?[ ](?:and|with)[ ](?:an?[ ]|the[ ])?|,[ ]")
MOST = 4


def worded_claims(text: str, start: int) -> Iterator[Result]:
    """The results that a sentence tells so, with their data set or split where it stands behind the number."""
    if " for " in text and " and " in text:
        yield from _for_each(text, start)
    if any(map(text.__contains__, VERBS)):
        yield from _behind_verb(text, start)
    if "score of " in text:
        for found in MEAN_SCORE.finditer(text):
            if (place := place_after(text, found.end())).dataset:
                yield _result("score", found, "n", start, "score", place, subject_of(text[: found.start()]))
    if "score achieved is " in text:
        for found in BEST_SCORE.finditer(text):
            yield _result("score", found, "n", start, "score", Place(split=found["split"]))
    if "est Result of " in text or "est result of " in text:
        for found in BEST_RESULT.finditer(text):
            if is_metric_label(key := metric_key(found["metric"])):
                yield _result(key, found, "n", start, found["metric"], Place())
    if " dB " in text:
        for found in DECIBELS.finditer(text):
            metric = metric_key(found["metric"])
            yield _result(metric, found, "n", start, found["metric"], place_after(text, found.end()))
    if " set " in text and any(map(text.__contains__, (" is ", " was ", " of "))):
        for found in _on_named_set().finditer(text):
            if not (is_model(found["name"]) or metric_of(found["name"])):
                yield _result(
                    metric_key(found["metric"]), found, "n", start, found["metric"], Place(found["name"], found["split"])
                )
    if text[:1].isdigit() and " on " in text:
        found_first = _number_first().match(text)
        if found_first and (place := place_after(text, found_first.end())).dataset:
            yield _result(metric_key(found_first["metric"]), found_first, "n", start, found_first["metric"], place)


def subject_of(before: str) -> str | None:
    """The one model that the sentence names before its verb; None where it is "the model", or where several are named."""
    sentence = SENTENCE_END.split(before[-LONGEST_SUBJECT:])[-1]
    if "omparison, " in sentence and (compared := COMPARED.search(sentence)):
        return compared["name"]
    if "baseline" in sentence and (baseline := BASELINE.search(sentence)):
        return baseline["name"]
    named = {word.strip("*_`,()[]\"'") for word in sentence.split() if "-" in word and "](" not in word}
    models = [word for word in named if any(c.isdigit() for c in word) and is_model(word)]
    return models[0] if len(models) == 1 else None


def _for_each(text: str, start: int) -> Iterator[Result]:
    """Two numbers and two metrics in their order: "83.25% and 87.76% for F1 and accuracy", "0.53 for Pearson and 0.52 for F1"."""
    found = _two_of_each().search(text) or _each_of_two().search(text)
    if found is None:
        return
    place = place_told(text[: found.start()])
    for number, metric in (("a", "first"), ("b", "second")):
        if key := metric_of(found[metric]):
            yield _result(key, found, number, start, found[metric], place)


def _behind_verb(text: str, start: int) -> Iterator[Result]:
    """ "achieves F1 0.61", "scores BLEU 28.25 on the validation set", "reaches exact match 50.96 and F1 68.74"."""
    for opened in _opened().finditer(text):
        model, at = subject_of(text[: opened.start()]), opened.end()
        for _ in range(MOST):
            found = _named_number().match(text, at)
            if found is None or not is_metric_label(metric_key(found["metric"])):
                break
            yield _result(metric_key(found["metric"]), found, "n", start, found["metric"], place_after(text, found.end()), model)
            joined = AND.match(text, found.end())
            if joined is None:
                break
            at = joined.end()


def _result(key: str, found: re.Match[str], group: str, start: int, label: str, place: Place, model: str | None = None) -> Result:
    stands = found[group].rstrip()
    span = Span(start + found.start(group), start + found.start(group) + len(stands))
    return Result(key, printed(stands, span, label), dataset=place.dataset, split=place.split, model=model)


@cache
def _two_of_each() -> re.Pattern[str]:
    return re.compile(
        rf"{_number('a')}[ ]and[ ]{_number('b')}(?:[ ]respectively)?[ ]for[ ](?:the[ ])?"
        rf"{_name('first')}[ ]and[ ](?:the[ ])?{_name('second')}(?:[ ,.]|$)"
    )


@cache
def _each_of_two() -> re.Pattern[str]:
    of_metric = r"[ ]for[ ](?:the[ ])?"
    return re.compile(
        rf"{_number('a')}{of_metric}{_name('first')},?[ ]and[ ]{_number('b')}{of_metric}{_name('second')}(?:[ ,.]|$)"
    )


def _number(group: str) -> str:
    return rf"{MARKS}(?P<{group}>\d{{1,3}}(?:\.\d+)?[ ]?%|\d{{1,3}}\.\d+){MARKS}"


def _name(group: str) -> str:
    return rf"(?P<{group}>(?:[A-Za-z]+[- ])?(?:{spoken_metrics()}))(?:[ ]scores?)?"


@cache
def _opened() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:[Aa]chiev|[Rr]each|[Oo]btain|[Aa]ttain|[Ss]cor|[Yy]ield|[Ww]ith|[Mm]easur|[Ww]e have)"
        r"(?:e?[sd]|e|ing)?[ ](?:an?[ ]|the[ ]|its[ ])?"
        rf"(?:best[ ])?(?={MARKS}[A-Za-z][\w -]{{0,30}}{MARKS}[ ]{MARKS}\d)"
    )


@cache
def _named_number() -> re.Pattern[str]:
    metric = rf"(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()})(?:[ ](?:macro|micro))?(?:[ ]score)?"
    return re.compile(rf"{MARKS}(?P<metric>{metric}){MARKS}[ ]{MARKS}(?P<n>{NUMBER}){MARKS}(?![\w/]|\.\d)")


@cache
def _on_named_set() -> re.Pattern[str]:
    """ "WER for Common Voice test set (2% of it) is 8.49%"."""
    name = r"(?P<name>[A-Z][\w.-]*(?: (?:\+ )?[A-Z\d][\w.-]*){0,4})"
    kind = r"(?:(?:macro|micro|weighted)[- ])?"
    return re.compile(
        rf"(?<![\w-])(?P<metric>{kind}(?:{spoken_metrics()}))(?: score| rate)? (?:on|for) (?:the )?{name}"
        rf" (?P<split>test|dev|validation|evaluation) set(?: \([^()\n]{{1,50}}\))? (?:is|was|of)"
        rf" {MARKS}(?P<n>{NUMBER}){MARKS}(?![\w/]|\.\d)"
    )


@cache
def _number_first() -> re.Pattern[str]:
    kind = r"(?:(?:macro|micro|weighted)[- ])?"
    return re.compile(rf"(?P<n>{NUMBER})[ ](?P<metric>{kind}(?:{spoken_metrics()}))(?=[ ]on[ ])")
