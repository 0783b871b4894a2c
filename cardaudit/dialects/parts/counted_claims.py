"""The counts behind an accuracy: "91.7 %, i.e. 441 of 481", "91,7 %, also 441 von 481", "57.43%，即 10,000 条中 5,743 条"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from cardaudit.dialects.parts.numbers import ZERO
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


OF_OTHERS = deferred(
    r"\s?(?:different )?(?:runs?|seeds?|folds?|classes|labels|tasks|languages|datasets|models|epochs?|times)\b", re.I
)
FEWEST = 20
FARTHEST = Decimal("0.1")


def counts_behind(text: str, accuracy: Printed) -> Iterator[Result]:
    """The examples that were right, as "correct", and all of them, as "examples", where the words behind a number say so.

    A share that is nowhere near the accuracy is of something else.
    """
    found = COUNTED.match(text, accuracy.span.end)
    if found is None or accuracy.value is None or OF_OTHERS.match(text, found.end()):
        return
    groups = ("correct", "examples") if found["correct"] else ("part", "all")
    correct, examples = (Decimal(found[group].replace(",", "").replace(".", "")) for group in groups)
    if examples < FEWEST or correct > examples or abs(correct / examples - accuracy.value) > FARTHEST:
        return
    for metric, group, value in zip(("correct", "examples"), groups, (correct, examples), strict=True):
        yield Result(metric, Printed(found[group], value, ZERO, Span(*found.span(group)), metric))
