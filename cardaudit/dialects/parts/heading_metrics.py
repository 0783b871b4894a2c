"""What the heading or the corner of a results table names as the metric of its numbers."""

import re

from cardaudit.dialects.parts.names import REMARK, is_named
from cardaudit.dialects.parts.table_labels import is_benchmark, metric_of, read_label
from cardaudit.patterns import deferred

EVALUATED = deferred(r"\b(?:eval(?:uation)?s?|results?|performances?|benchmarks?|scores?|accuracy)\b", re.I)
AROUND_METRIC = deferred(r"^(?:(?:benchmark|evaluation|test|overall|zero-?shot|few-?shot) )+| (?:results?|scores?)$", re.I)
BEHIND_RESULTS = deferred(
    r"\b(?:results?|scores?|evaluations?|performances?) \((?:metric: )?([A-Za-z][\w@ -]{0,24}?)(?: ?%)?(?: \[[^\]]{1,8}\])?\)",
    re.I,
)
NUMBERED = deferred(r"^\d{1,2}(?:\.\d{1,2})*[.):]? ")


def metric_of_corner(label: str) -> str | None:
    """The metric of a corner that is its name, also behind the word for the rows ("Model F1 Score")."""
    said = read_label(label)
    key = said.metric if (said.model or "").lower() in ("", "model", "models") and not said.dataset and not said.setting else None
    return key if key and is_named(key) else None


def metric_of_title(heading: str) -> str | None:
    """The metric of a heading that is its name, also with what it was measured on ("mAP50 on COCO 2017", "XNLI accuracy")."""
    said = read_label(_bare_metric(heading)) if " " in heading else None
    return said.metric if said and said.metric and said.dataset and is_named(said.metric) else _named(_bare_metric(heading))


def metric_in_brackets(heading: str) -> str | None:
    """The metric of a heading that stands behind "results", or at its end: "Results (SI-SDR [dB]) on X", "COPA (F1)"."""
    if behind := BEHIND_RESULTS.search(heading):
        return _named(behind[1])
    tells = "(" in heading and (EVALUATED.search(heading) or is_benchmark(plain(heading)))
    found = list(REMARK.finditer(heading)) if tells else []
    return _named(found[-1][0][1:-1]) if found and not heading[found[-1].end() :].strip(" :.*_`") else None


def title(heading: str) -> str:
    """A heading without its number and its brackets: "4. WMT16"."""
    return NUMBERED.sub("", plain(heading))


def plain(heading: str) -> str:
    """A heading without its brackets."""
    return " ".join(REMARK.sub(" ", heading).split())


def _bare_metric(heading: str) -> str:
    """A heading without the words around a metric's name that say only that results follow: "Benchmark WER result:"."""
    return AROUND_METRIC.sub("", plain(heading).rstrip(":. "))


def _named(words: str) -> str | None:
    key = metric_of(words)
    return key if key and is_named(key) else None
