"""Two numbers of one metric in a sentence: "The model achieved 91.1%/90.8% accuracy on the ABC task", "an F1 of 81.2/80.4"."""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.names import is_metric_label, metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.places import place_after
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

NUMBER = r"\d{1,3}\.\d+[ ]?%?|\d{1,3}[ ]?%"
PAIR = rf"[*_`~]{{0,3}}(?P<a>{NUMBER})[*_`]{{0,3}}[ ]?/[ ]?[*_`]{{0,3}}(?P<b>{NUMBER})[*_`]{{0,3}}(?![\w.]|[ ]?/)"
TWO = deferred(r"\d[ ]?%?[*_`]{0,3}[ ]?/[ ]?[*_`]{0,3}\d")
BEFORE = deferred(r"(?:[ ](?:of|is|was)|:)[ ][*_`~]{0,3}\d[\d.]{0,6}[ ]?%?[*_`]{0,3}[ ]?/")
SUBJECT = r"\b(?:[Mm]odel|[Cc]heckpoint|[Ii]t|[Ww]e)[ ](?:has[ ]|have[ ])?(?:achiev|reach|obtain|attain|scor|get|got)\w*"
SEVERAL = deferred(
    r"(?:[ ]scores?)?(?:/|,?[ ](?:and|&)[ ](?:\w+[ ]){0,2}?[A-Z]|[ ](?:on|for)[ ](?:the[ ])?[\"“']?\w+[\"”']?[ ]?/)"
)
ON_TASK = deferred(r"(?:[ ]scores?)?[ ]on[ ](?:the[ ])?([A-Z][\w+.-]{1,40})[ ](?:task|benchmark|corpus|data ?set)\b")


def joined_claims(text: str, start: int) -> Iterator[Result]:
    """Both numbers as results, with the data set that stands behind them; nothing where metrics or sets are joined too."""
    if "/" not in text or TWO.search(text) is None:
        return
    behind, before = _claims()
    for found in (*behind.finditer(text), *(before.finditer(text) if BEFORE.search(text) else ())):
        key = metric_key(found["metric"])
        if SEVERAL.match(text, found.end()) or not is_metric_label(key):
            continue
        place, task = place_after(text, found.end()), ON_TASK.match(text, found.end())
        dataset = place.dataset or (task[1] if task else None)
        for group in ("a", "b"):
            stands = found[group].rstrip()
            span = Span(start + found.start(group), start + found.start(group) + len(stands))
            yield Result(key, printed(stands, span, found["metric"]), dataset=dataset, split=place.split)


@cache
def _claims() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The metric behind the numbers, where the sentence is about the model; the metric in front of them."""
    name = rf"(?P<metric>(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()}))"
    behind = rf"{SUBJECT}[ ](?:[^.\n\d/]{{0,40}}?[ ])?{PAIR}[ ]{name}(?![\w-])"
    return re.compile(behind), re.compile(rf"(?<![\w/-]){name}(?:[ ]scores?)?(?:[ ](?:of|is|was)|:)[ ]{PAIR}")
