"""The metric that a line below a results table tells: "Table 2: Exact match on the dev sets.", "Comparison of F1 ..."."""

from collections.abc import Sequence
from dataclasses import replace

from cardaudit.dialects.parts.lead_words import one_metric
from cardaudit.dialects.parts.table_labels import bare
from cardaudit.patterns import deferred
from cardaudit.records import Result

BELOW = deferred(r"\s{0,8}(?:</div>\s{0,8})?(?P<line>[^\s|#<`>-][^\n]{5,400})")
CAPTION = deferred(
    r"[*_]{0,3}(?:(?:Table|Tab\.) ?\d{0,2}[.:]?\s"
    r"|(?:Comparison|Averages?|Mean) (?:of )?|(?:Note: )?[Aa]ll (?:numbers|scores|results|values) are )",
)
NUMBER = deferred(r"\d\.\d|\d ?%")
MOST_LOOKED_AT = 500
BEGINNING = 50  # characters, where a caption lists what the table holds


def with_caption(results: Sequence[Result], text: str, end: int) -> tuple[Result, ...]:
    """Results whose metric nothing names, with the one that the caption behind the table's `end` tells of all of them."""
    unnamed = [each.metric == "score" for each in results]
    found = BELOW.match(text, end, end + MOST_LOOKED_AT) if any(unnamed) else None
    metric = _told(found["line"]) if found else None
    if metric is None:
        return tuple(results)
    return tuple(replace(each, metric=metric) if none else each for each, none in zip(results, unnamed, strict=True))


def _told(line: str) -> str | None:
    """The one metric of a line that begins as captions do and gives no number itself."""
    words = bare(line).partition(". ")[0] if CAPTION.match(line) else ""
    tells = words and " and " not in words[:BEGINNING] and not NUMBER.search(words)
    return one_metric(words) if tells else None
