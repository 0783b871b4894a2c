"""Two numbers of one metric in a sentence: "The model achieved 91.1%/90.8% accuracy on the ABC task", "an F1 of 81.2/80.4"."""

import itertools
import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.names import is_metric_label, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.places import place_after
from cardaudit.dialects.parts.table_labels import read_label
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

NUMBER = r"\d{1,3}\.\d+[ ]?%?|\d{1,3}[ ]?%"
PAIR = rf"[*_`~]{{0,3}}(?P<a>{NUMBER})[*_`]{{0,3}}[ ]?/[ ]?[*_`]{{0,3}}(?P<b>{NUMBER})[*_`]{{0,3}}(?![\w.]|[ ]?/)"
ONE = deferred(NUMBER)
LOOKED_AT = 80
MOST_LOOKED_AT = 1_000
SLASHED = deferred(r"[A-Za-z\d] ?/ ?[A-Z][\w-]{1,12}[*_`]{0,3}(?: scores?)?(?: (?:of|is|are|was|were)| ?[:=]) [*_`~]{0,3}\d")
TWO = deferred(r"\d[ ]?%?[*_`]{0,3}[ ]?/[ ]?[*_`]{0,3}\d")
BEFORE = deferred(r"(?:[ ](?:of|is|was)|:)[ ][*_`~]{0,3}\d[\d.]{0,6}[ ]?%?[*_`]{0,3}[ ]?/")
SUBJECT = r"\b(?:[Mm]odel|[Cc]heckpoint|[Ii]t|[Ww]e)[ ](?:has[ ]|have[ ])?(?:achiev|reach|obtain|attain|scor|get|got)\w*"
SEVERAL = deferred(
    r"(?:[ ]scores?)?(?:/|,?[ ](?:and|&)[ ](?:\w+[ ]){0,2}?[A-Z]|[ ](?:on|for)[ ](?:the[ ])?[\"“']?\w+[\"”']?[ ]?/)"
)
BOTH_SETS = deferred(
    r"(?:[ ]scores?)?[ ]on[ ](?:the[ ])?[*_`\"]{0,3}(?P<a>[A-Za-z][\w-]{1,30})[*_`\"]{0,3}[ ]?/[ ]?"
    r"[*_`\"]{0,3}(?P<b>[A-Za-z][\w-]{1,30})"
    r"[*_`\"]{0,3}(?:[ ](?P<split>test|dev|validation))?(?:[ -](?:sets?|splits?)\b|(?=[.,;]|$))"
)
ON_TASK = deferred(r"(?:[ ]scores?)?[ ]on[ ](?:the[ ])?([A-Z][\w+.-]{1,40})[ ](?:task|benchmark|corpus|data ?set)\b")


def joined_claims(text: str, start: int) -> Iterator[Result]:
    """Both numbers as results, with the data set that stands behind them; nothing where metrics or sets are joined too."""
    if "/" not in text or TWO.search(text) is None:
        return
    behind, before = _claims()
    joined, on_sets = _several_in(text), dict[str, re.Match[str]]()
    for found in joined:
        yield from _of_several(found, text, start)
    for found in (*behind.finditer(text), *(before.finditer(text) if BEFORE.search(text) else ())):
        key = metric_key(found["metric"])
        if not is_metric_label(key) or any(each.start() <= found.start() < each.end() for each in joined):
            continue
        if sets := BOTH_SETS.match(text, found.end()):
            on_sets[key] = sets  # an abstract tells them once
            yield from _of_both_sets(found, key, sets, start)
            continue
        if found.groupdict().get("tried"):
            yield from _of_both_sets(found, key, on_sets[key], start) if key in on_sets else ()
            continue
        if SEVERAL.match(text, found.end()):
            continue
        place, task = place_after(text, found.end()), ON_TASK.match(text, found.end())
        dataset = place.dataset or (task[1] if task else None)
        for group in ("a", "b"):
            yield Result(key, _number(found, group, start), dataset=dataset, split=place.split)


def _several_in(text: str) -> list[re.Match[str]]:
    """Metrics joined by slashes with their numbers, looked for around where a joined name is followed by a verb alone."""
    signs = itertools.islice(SLASHED.finditer(text), MOST_LOOKED_AT)
    around = ((max(0, sign.start() - LOOKED_AT), sign.end() + LOOKED_AT) for sign in signs)
    found = {each.start(): each for begin, end in around if (each := _joined().search(text, begin, end))}
    return list(found.values())


def _of_several(found: re.Match[str], text: str, start: int) -> Iterator[Result]:
    """ "ROUGE-1 / ROUGE-2 / ROUGE-L of 37.3 / 18.6 / 34.5": a number for each metric, in order; none where one is left over."""
    names, numbers = found["names"].split("/"), list(ONE.finditer(text, found.start("numbers"), found.end()))
    place = place_after(text, found.end())
    for name, number in zip(names, numbers, strict=True) if len(names) == len(numbers) else ():
        span = Span(start + number.start(), start + number.start() + len(number[0].rstrip()))
        printed_number = printed(number[0].rstrip(), span, name.strip())
        yield Result(metric_key(name.strip()), printed_number, dataset=place.dataset, split=place.split)


def _of_both_sets(found: re.Match[str], key: str, sets: re.Match[str], start: int) -> Iterator[Result]:
    """ "1.8/3.3 WER on the clean/other test sets": each number with its set; one that is a split's name is a split."""
    for group in ("a", "b"):
        role = read_label(sets[group])
        dataset, split = (None, role.split) if role.split else (sets[group], sets["split"])
        yield Result(key, _number(found, group, start), dataset=dataset, split=split)


def _number(found: re.Match[str], group: str, start: int) -> Printed:
    stands = found[group].rstrip()
    begin = start + found.start(group)
    return printed(stands, Span(begin, begin + len(stands)), found["metric"])


@cache
def _joined() -> re.Pattern[str]:
    """Two to four metrics joined by slashes, and as many numbers."""
    name = rf"(?:{spoken_metrics()}|(?i:rouge|bleu)-[1-4L])"
    several = rf"(?P<names>{name}(?:[ ]?/[ ]?{name}){{1,3}})[*_`]{{0,3}}(?:[ ]scores?)?"
    return re.compile(
        rf"(?<![\w/-]){several}(?:[ ](?:of|is|are|was|were)|[ ]?[:=])[ ][*_`~]{{0,3}}"
        rf"(?P<numbers>(?:{NUMBER})(?:[ ]?/[ ]?(?:{NUMBER})){{1,3}})(?![\w.]|[ ]?/)"
    )


@cache
def _claims() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The metric behind the numbers, where the sentence is about the model; the metric in front of them."""
    name = rf"(?P<metric>(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()}))"
    tried = r"\b(?P<tried>[Ee]xperiments|[Tt]raining)\b[^.\n]{0,80}[ ]achieves?[ ]"
    behind = rf"(?:{SUBJECT}[ ](?:[^.\n\d/]{{0,40}}?[ ])?|{tried}){PAIR}[ ]{name}(?![\w-])"
    return re.compile(behind), re.compile(rf"(?<![\w/-]){name}(?:[ ]scores?)?(?:[ ](?:of|is|was)|:)[ ]{PAIR}")
