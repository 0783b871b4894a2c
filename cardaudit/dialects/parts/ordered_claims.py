"""Numbers in an order of their own: "the perplexity on the test and dev sets is 10.2 and 10.7", "On X, 95.4% F1 was reached"."""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.names import metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.places import place_around
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

NUMBER = r"[*_`~]{{0,3}}(?P<{0}>\d{{1,3}}\.\d+[ ]?%?|\d{{1,3}}[ ]?%)[*_`]{{0,3}}"
TWO = rf"{NUMBER.format('a')} and {NUMBER.format('b')}(?![\w/]|\.\d)"
SPLIT = r"(?P<{0}>test|dev|development|validation|training|train|evaluation)(?:ing)?"
SET = r"(?:data ?sets?|sets?|splits?|data)"
SPLITS = rf"on (?:the )?{SPLIT.format('first')}(?: set)? and (?:the )?{SPLIT.format('second')}[ -]{SET}"
SPLITS_TOLD = deferred(r"(?:test|dev|valid\w*|evaluation|train)(?:ing)?(?: set)? and [^.\n]{0,20}(?:sets?|splits?|data)\b")
ON_SPLIT = rf" and {NUMBER.format('b')} on (?:the )?{SPLIT.format('second')}[ -](?:set|split|data)"
LED = deferred(rf"(?:\A|[.:!] )On (?:the |our )?[^.,;:\n]{{2,60}}, {NUMBER.format('a')} (?:of )?")


def ordered_claims(text: str, start: int) -> Iterator[Result]:
    """A metric's numbers for two splits that are told in their order, and one behind "On the test set," and before its metric."""
    for found in _on_both().finditer(text) if SPLITS_TOLD.search(text) else ():
        for group, split in (("a", "first"), ("b", "second")):
            yield Result(metric_key(found["metric"]), _number(found, group, start), split=found[split])
    for led in LED.finditer(text) if "On " in text else ():
        named = _metric().match(text, led.end())
        if named is None:
            continue
        number, key = _number(led, "a", 0), metric_key(named["metric"])
        place = place_around(text, number.span)
        yield Result(key, _number(led, "a", start), dataset=place.dataset, split=place.split)
        if named["b"]:
            yield Result(key, _number(named, "b", start), split=named["second"])


def _number(found: re.Match[str], group: str, start: int) -> Printed:
    stands = found[group].rstrip()
    begin = start + found.start(group)
    return printed(stands, Span(begin, begin + len(stands)), found.groupdict().get("metric") or "")


@cache
def _metric() -> re.Pattern[str]:
    """A metric's name, and maybe its number on another split."""
    name = rf"(?P<metric>(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()}))"
    return re.compile(rf"{name}(?:[ -][Ss]core)?(?![\w-])(?:{ON_SPLIT})?")


@cache
def _on_both() -> re.Pattern[str]:
    name = rf"(?<![\w-])(?P<metric>(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()}))(?:[ ]scores?)?"
    return re.compile(rf"{name}(?: (?:achieved|obtained|reached))? {SPLITS}(?: respectively)? (?:is|are|was|were|of) {TWO}")
