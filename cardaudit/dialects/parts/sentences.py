"""Metrics in sentences: "an accuracy of 89.33% with a loss metric of 0.4125"."""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.names import metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import VALUE, later_of, printed
from cardaudit.dialects.parts.remembered import remembered
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

QUALIFIERS = (
    r"(?:training |train |dev |validation |evaluation |eval |test |macro[- ]|micro[- ]|weighted[- ]|average |top[- ]?[15][ -])?"
)
VERB = r"(?:of|is|was|=|:|at|reache[sd]|equals)"
ABOUT = r"(?:about |around |approximately |roughly |nearly |up to |equal to )?"
OF_MODEL = r"(?:[ ]of[ ](?:the|this|our)[ ](?:(?:best|final|trained|fine-?tuned)[ ])?model)?"
ON_SPLIT = r"(?:[ ]reached)?(?:[ ]on[ ](?:the[ ])?(?:test|validation|evaluation|eval|dev)[ -](?:set|split|data(?:set)?))?"
IN_TIME = r"(?:[ ](?:after[ ]\d{1,5}[ ](?:epochs|steps)|at[ ]the[ ](?:last|final)[ ](?:step|epoch)))?"
AFTER = (
    rf"(?:[*_`]{{0,3}}|[*_`'\"]{{1,3}}(?!:))(?:[ ](?:score|metric|rate|value)s?)?(?:[ ]?\([^()\n]{{1,30}}\))?"
    rf"{OF_MODEL}{ON_SPLIT}{IN_TIME}[ ]?{VERB}[ ]{{1,2}}{ABOUT}[*_`~≈]{{0,3}}"
)
NUMBER = r"(\d{1,4}\.\d+(?:[eE][-+]?\d{1,3})?[ ]?%?|\d{1,3}[ ]?%)(?![\w/]|\.\d|[ ]?[-–—/][ ]?\d|[ ]?\\times)"
BEHIND_VERB = r"(?:(?<=(?:of|is|at)[ ]{2})|(?<=[=:][ ])|(?<=(?:of|is|at)[ ])|(?<=was[ ])|(?<=reache[sd][ ])|(?<=equals[ ]))"
STATED = deferred(
    rf"[ ](?=[\d*_`~≈aenru]){BEHIND_VERB}{ABOUT}[*_`~≈]{{0,3}}(?:\d{{1,4}}\.\d|\d{{1,3}}[ ]?%)"
)  # the end of a claim, from the blank behind its verb on: found far faster than one

TELLS = deferred(r"[a-z)][ ][*_`~]{0,3}\d+(?:\.\d|[ ]?%)")
LED = deferred(r"\bOn [^.,;:\n]{2,60}, [*_`~]{0,3}\d")
CAPITALS = ("F1 ", "BLEU ", "ER ", "EM ")
DECIMAL = deferred(r"\d\.\d|\d[ ]?%|[ *]\.\d")
LONGEST_NAME = 60


def metrics_in(text: str, start: int) -> Iterator[tuple[str, Printed]]:
    """The metrics that a sentence states, by key: only numbers with a point or in percent, only behind the metric's name."""
    if not ("." in text or "%" in text) or STATED.search(text) is None:
        return
    for found in _claim().finditer(text):
        label, stands, at = found[1], found[2].rstrip(), found.start(2)
        if (later := later_of(text, at)) > at and (last := VALUE.search(text, later)):
            stands, at = last[0].rstrip(), last.start()
        yield metric_key(label), printed(stands, Span(start + at, start + at + len(stands)), label)


@cache
def _claim() -> re.Pattern[str]:
    name = rf"(?:(?:eval|test|val|valid|validation)_)?(?:{spoken_metrics()})(?:@\d{{1,3}})?(?:[- ](?:macro|micro|weighted))?"
    return re.compile(rf"(?<![\w-])({QUALIFIERS}{name}){AFTER}{NUMBER}")


@remembered
def tells_nothing(text: str) -> bool:
    """Whether a sentence states no metric, and no number that might be one: of most lines with a number."""
    return next(metrics_in(text, 0), None) is None and not tells_number(text)


def tells_number(text: str) -> bool:
    """Whether a number stands behind a word or in front of all words, or a line may be a name and a number alone."""
    return (
        TELLS.search(text) is not None
        or any(map(text.__contains__, CAPITALS))
        or "→" in text
        or (" on " in text and text[:1].isdigit())
        or ("On " in text and LED.search(text) is not None)
        or (
            len(text) < LONGEST_NAME
            and (text[-1:] in "0123456789%*`." or text[:1].isdigit())
            and DECIMAL.search(text) is not None
        )
    )
