"""The counts behind an accuracy: "91.7 %, i.e. 441 of 481", "91,7 %, also 441 von 481", "57.43%，即 10,000 条中 5,743 条"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import ZERO, printed
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

WHOLE = r"(?:\d{1,3}(?:[.,]\d{3})+|\d{1,7})(?![\d%]|[.,]\d|\s?%)"
LEAD = (
    r"[*_`]{0,3}[,;，]?\s?(?:\((?:i\.\s?e\.,?\s|d\.\s?h\.\s)?|(?:i\.\s?e\.|that is|d\.\s?h\.|es decir|o sea|ou seja),?\s"
    r"|(?:also|das heißt|nämlich|soit|c['’]est-à-dire|cioè)\s|即\s?|つまり、?)"
)
COUNTED = deferred(
    rf"{LEAD}(?:(?P<correct>{WHOLE})(?:\s(?:out of|of|von|sur|de|di|su)\s(?:the\s|den\s)?|\s?/\s?)(?P<examples>{WHOLE})"
    rf"|(?P<all>{WHOLE})\s?\w{{0,3}}?中的?\s?(?P<part>{WHOLE}))"
)
COUNTS_FIRST = deferred(
    rf"[*_`]{{0,3}}(?P<correct>{WHOLE})\s?(?:/|of|out of)\s?(?P<examples>{WHOLE})[*_`]{{0,3}}(?: correct)?\s?[(=–-]{{1,2}}\s?"
    r"[*_`]{0,3}(?P<n>\d{1,3}(?:\.\d+)?\s?%)"
)
OF_OTHERS = deferred(
    r"\s?(?:different )?(?:runs?|seeds?|folds?|classes|labels|tasks|languages|datasets|models|epochs?|times)\b", re.I
)
FEWEST = 20
FARTHEST = Decimal("0.1")


def counted_pair(pair: Pair) -> list[Result]:
    """A metric whose value begins with counts ("Accuracy: 441/481 (91.7%)"), and these; none where they give another share."""
    found = COUNTS_FIRST.match(pair.value)
    metric = metric_key(pair.label)
    if found is None or not is_metric_label(metric):
        return []
    begin = pair.start + found.start("n")
    number = printed(found["n"], Span(begin, begin + len(found["n"])), pair.label)
    counts = list(_counts(found, number, pair.start, ("correct", "examples")))
    return [Result(metric, number), *counts] if counts else []


def counts_behind(text: str, accuracy: Printed) -> Iterator[Result]:
    """The examples that were right, as "correct", and all of them, as "examples", where the words behind a number say so.

    A share that is nowhere near the accuracy is of something else.
    """
    found = COUNTED.match(text, accuracy.span.end)
    if found is None or OF_OTHERS.match(text, found.end()):
        return
    yield from _counts(found, accuracy, 0, ("correct", "examples") if found["correct"] else ("part", "all"))


def _counts(found: re.Match[str], accuracy: Printed, start: int, groups: tuple[str, str]) -> Iterator[Result]:
    correct, examples = (Decimal(found[group].replace(",", "").replace(".", "")) for group in groups)
    if accuracy.value is None or examples < FEWEST or correct > examples or abs(correct / examples - accuracy.value) > FARTHEST:
        return
    for metric, group, value in zip(("correct", "examples"), groups, (correct, examples), strict=True):
        begin, end = found.span(group)
        yield Result(metric, Printed(found[group], value, ZERO, Span(start + begin, start + end), metric))
