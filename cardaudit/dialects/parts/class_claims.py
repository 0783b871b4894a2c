"""Scores of classes in a list under the metric's name: "F1 by category:" above "- cards: 0.91", "F1 por clase:"."""

import re

from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import has_digit, printed
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

CLASS = (
    r"(?:class(?:es|e)?|labels?|categor(?:y|ies|ía|ia|ie|í?as)|catégorie|entity(?: type)?|entit[àé]|entidad(?:e)?|intent|clase"
    r"|etiqueta|étiquette|etichetta|tipo|klasse|kategorie|entität)"
)
BEHIND = deferred(rf"(?P<metric>[\w -]{{1,30}}?) (?:by|per|for each|por|par|pro|je|nach) {CLASS}", re.I)
BEFORE = deferred(rf"(?:per|by)[ -]{CLASS} (?P<metric>[\w -]{{1,30}}?)(?: scores?)?", re.I)
SCORE = deferred(r"[*_`]{0,3}(?P<n>\d{0,3}[.,]\d{1,4}(?:[ ]?%)?|\d{1,3}[ ]?%)[*_`]{0,3}[.;,]?")
MARKS = "*_`:#. "
LONGEST_LEAD = 60
LONGEST_NAME = 40


def score_of_class(pair: Pair, lead: str) -> Result | None:
    """The score of the class that a list's item names, in the metric that the line or heading above the list tells; else None."""
    if not 0 < len(lead) <= LONGEST_LEAD or len(pair.label) > LONGEST_NAME or not has_digit(pair.value):
        return None
    words = lead.strip(MARKS)
    told = BEHIND.fullmatch(words) or BEFORE.fullmatch(words)
    metric = metric_key(told["metric"]) if told else ""
    found = SCORE.fullmatch(pair.value.strip()) if metric and is_metric_label(metric) else None
    if found is None or is_metric_label(metric_key(pair.label)):
        return None
    text = found["n"].strip()
    begin = pair.start + pair.value.index(text)
    number = printed(text, Span(begin, begin + len(text)), pair.label, comma="," in text)
    return Result(metric, number, setting=f"label {pair.label}")
