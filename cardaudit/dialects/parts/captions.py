"""The metric that a line around a results table tells of all its numbers: "Table 2: Exact match on the dev sets." below it.

Above it, in its section, one that speaks of several tables: "The following tables give the word error rate (WER %) of ..."."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardaudit.dialects.parts.lead_words import metric_told, one_metric
from cardaudit.dialects.parts.table_labels import bare, metric_of
from cardaudit.document import Block, Line, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Result

BELOW = deferred(r"\s{0,8}(?:</div>\s{0,8})?(?P<line>[^\s|#<`>-][^\n]{5,400})")
CAPTION = deferred(
    r"[*_]{0,3}(?:(?:Table|Tab\.) ?\d{0,2}[.:]?\s"
    r"|(?:Comparison|Averages?|Mean) (?:of )?|(?:(?:Note: )?[Aa]ll |The )?(?:[Nn]umbers|[Ss]cores|[Rr]esults|[Vv]alues) are )",
)
OF_TABLES = deferred(
    r"^(?![#|>-])[^\n|]{0,200}\b(?:tables|[Aa]ll (?:numbers|scores|results|values|figures))\b[^\n|]{0,300}$", re.M
)
LETTERED = deferred(r"\(?(?:[a-h]|[1-9])\) (?P<name>[A-Z][\w +/-]{2,40}):?")
NUMBER = deferred(r"\d\.\d|\d ?%")
MOST_LOOKED_AT = 500
SECTION = 3_000  # characters above a table
BEGINNING = 50  # characters, where a caption lists what the table holds


def with_caption(results: Sequence[Result], text: str, start: int, end: int) -> tuple[Result, ...]:
    """Results whose metric nothing names, with the one that the caption behind the table's `end` tells of all of them.

    Without such a caption it is the one that the section told of its tables before this one's `start`.
    """
    unnamed = [each.metric == "score" for each in results]
    found = BELOW.match(text, end, end + MOST_LOOKED_AT) if any(unnamed) else None
    metric = (_told(found["line"]) if found else None) or (_of_tables(text, start) if any(unnamed) else None)
    if metric is None:
        return tuple(results)
    return tuple(replace(each, metric=metric) if none else each for each, none in zip(results, unnamed, strict=True))


def with_letter(results: Sequence[Result], above: Block | None) -> tuple[Result, ...]:
    """Results of one of several lettered tables ("b) Beam search"), with the name of theirs as a setting."""
    line = above.lines[0].text if isinstance(above, Paragraph) and len(above.lines) == 1 else ""
    found = LETTERED.fullmatch(line) if results and line[:3].count(")") == 1 else None
    if found is None or metric_of(name := found["name"]):
        return tuple(results)
    return tuple(replace(each, setting=", ".join(filter(None, (name, each.setting)))) for each in results)


def _of_tables(text: str, start: int) -> str | None:
    """The metric of the last line that speaks of all tables, under the heading of the table that begins at `start`."""
    section = text[max(0, start - SECTION, text.rfind("\n#", 0, start)) : start]
    told = list(OF_TABLES.finditer(section)) if "ables" in section or "ll " in section else []
    return metric_told(Paragraph((Line(0, told[-1][0]),))) if told else None


def _told(line: str) -> str | None:
    """The one metric of a line that begins as captions do and gives no number itself."""
    words = bare(line).partition(". ")[0] if CAPTION.match(line) else ""
    tells = words and " and " not in words[:BEGINNING] and not NUMBER.search(words)
    return one_metric(words) if tells else None
