"""The signs and words that stand for severities and outcomes, the same in page, table and Markdown.

No meaning rests on colour: each colour has a sign and a word.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from cardaudit.plurals import count
from cardaudit.records import Outcome, Severity, Verdict


class Mark(NamedTuple):
    """A sign and its word; `tone` is the class that the style sheet colours."""

    sign: str
    word: str
    tone: str


SEVERITIES: dict[Severity, Mark] = {
    "error": Mark("✕", "error", "error"),
    "warning": Mark("!", "warning", "warning"),
    "info": Mark("i", "note", "info"),
}
OUTCOMES: dict[Outcome, Mark] = {
    "replayed": Mark("≡", "replayed", "agrees"),
    "reproduced": Mark("=", "reproduced", "agrees"),
    "deviates": Mark("≠", "deviates", "deviates"),
    "undecided": Mark("?", "undecided", "open"),
    "not comparable": Mark("∦", "not comparable", "open"),
    "not measured": Mark("–", "not measured", "open"),
}
FRACTION = re.compile(r"\d\.(\d+)")
RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def outcome_mark(verdict: Verdict) -> Mark:
    """The mark of a verdict; a deviation says in which direction the claim lies."""
    mark = OUTCOMES[verdict.outcome]
    return mark._replace(word=f"{mark.word}, {verdict.direction}") if verdict.direction else mark


def counts(severities: Iterable[Severity]) -> str:
    """ "2 errors, 1 note"; "no findings" where there are none."""
    seen = list(severities)
    parts = [count(seen.count(severity), mark.word) for severity, mark in SEVERITIES.items() if severity in seen]
    return ", ".join(parts) or "no findings"


def metric_words(name: str) -> str:
    """A metric's key as words: `validation_loss` is "validation loss"."""
    return name.replace("_", " ")


def plain(value: Any) -> str:
    """A JSON value on one line, without quotes and brackets where they tell nothing; floats with six digits."""
    if value is None or value == [] or value == {} or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"({plain(item)})" if isinstance(item, list | tuple | dict) else plain(item) for item in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def decimals(printed: str) -> int:
    """Digits after the point of a printed number: 4 for "0.9331" and "93.3100 %", 0 for "12"."""
    fraction = FRACTION.search(printed)
    return len(fraction[1]) if fraction else 0


def beside(value: float, printed: str) -> str:
    """A measured number with one digit more than the claim it stands beside; a claim in percent is met in percent."""
    percent = printed.strip().endswith("%")
    shown = f"{value * 100 if percent else value:.{max(1, decimals(printed)) + 1}f}"
    return shown + (" %" if percent else "")
