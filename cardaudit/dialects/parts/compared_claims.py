"""Another model's result that a sentence compares its own with: "an F1 of 88.1, compared with 88.5 for frog-base"."""

import re
from collections.abc import Iterator
from functools import cache

from cardaudit.dialects.parts.model_names import is_model
from cardaudit.dialects.parts.names import metric_key, spoken_metrics
from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.places import place_around
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

MARKS = r"[*_`~]{0,3}"
COMPARED = deferred(
    rf"\bcompared (?:to|with|against) (?:about |around )?{MARKS}(?P<n>\d{{1,3}}\.\d+[ ]?%?|\d{{1,3}}[ ]?%){MARKS} ?"
    rf"(?:for|of|by|from) (?:the )?{MARKS}(?P<model>[A-Za-z][\w./-]{{2,60}})(?<![./-])"
)
LOOKED_BACK = 200


def compared_claims(text: str, start: int) -> Iterator[Result]:
    """The number that a sentence compares its own with, where it says whose model's it is, of the last metric before it."""
    for found in COMPARED.finditer(text) if "compared " in text else ():
        named = list(_name().finditer(text, max(0, found.start() - LOOKED_BACK), found.start()))
        if not (named and is_model(found["model"])):
            continue
        stands = found["n"].rstrip()
        span = Span(found.start("n"), found.start("n") + len(stands))
        place, at = place_around(text, span), Span(start + span.start, start + span.end)
        number = printed(stands, at, named[-1][0])
        yield Result(metric_key(named[-1][0]), number, dataset=place.dataset, split=place.split, model=found["model"])


@cache
def _name() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:(?:macro|micro|weighted)[- ])?(?:{spoken_metrics()})(?![\w-])")
