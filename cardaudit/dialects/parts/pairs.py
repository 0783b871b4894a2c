"""Names with values beside them: bullets and lines of the form "name: value", tables of two columns."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.document import Bullet, Paragraph, Row, Table
from cardaudit.patterns import deferred

PLAIN = deferred(
    r"(?P<label>[^:=|：]{1,60})(?:[:：]|=(?!=)>?)[*_`]{0,4}[ \t\xa0\u3000]*(?P<value>\S.*)"
)  # finds most pairs of PAIR, far faster
PAIR = deferred(r"(?P<label>[^:=|]{1,60}?)(?:[*_`]{0,4}[ \t]*(?:[:：]|=(?!=)>?)[*_`]{0,4}[ \t\xa0\u3000]*)(?P<value>\S.*)")
OVER_RANGE = deferred(  # "mAP@0.5:0.95: 0.64", whose name holds a colon
    r"(?P<label>[^:=|]{0,40}@ ?\[?(?:IoU ?= ?)?0?\.50?:(?:0?\.\d+:)?0?\.95\]?)[*_`]{0,4}[ \t]*[:=][*_`]{0,4}[ \t]*(?P<value>\S.*)"
)
ARGUMENT = deferred(r"[^()]* \((\w+)")  # "the size of a block (block_size=128)"
URL = deferred(r"https?://", re.I)
NOTES = deferred(r"(?:descriptions?|notes?|comments?|remarks?|explanations?|details?|meaning|purpose|rationale)", re.I)
HEADINGS = deferred(
    r"(?:hyper-?)?param(?:eter)?s?|(?:training )?arguments?|settings?|config(?:uration)?s?|options?|names?|keys?"
    r"|(?:h[iyí]per-?|i)?par[aáâ]m[eèé]tr[eoi]s?|einstellung(?:en)?|超?参数|パラメータ|매개변수|파라미터",
    re.I,
)
OF_SETTINGS = deferred(r"(?:training )?(?:hyper-?)?parameters?", re.I)
KEYS = deferred(r"keys?", re.I)
MEASURED = deferred(r"\b(?:eval(?:uation)?|results?|metrics?|scores?)\b", re.I)
VALUES = deferred(
    r"values?|settings?|configurations?|valeurs?|wert(?:e)?|valor(?:es)?|valor[ei]|nilai|waarde|[数數]?[值値]|값|значени[ея]",
    re.I,
)
LABEL_MARKS = "*_`\"' \t\xa0\u3000"


class Pair(NamedTuple):
    """`label` as printed, without Markdown's marks; `begin` is its offset, `start` that of `value`."""

    label: str
    value: str
    start: int
    begin: int


def pair_in(text: str, start: int) -> Pair | None:
    """The pair that a text is; None where it is a sentence."""
    if not (":" in text or "=" in text or "：" in text):
        return None
    ranged = "@" in text and (":.95" in text or ":0.95" in text)
    found = OVER_RANGE.match(text) if ranged else PLAIN.match(text) or PAIR.match(text)
    if found is None:
        return None
    label = found["label"].strip(LABEL_MARKS)
    if not label or len(label.split()) > 8 or URL.match(text[found.start("label") :]):
        return None
    value = found["value"].rstrip()
    if "(" in label and ")" not in label and value.endswith(")") and (inner := ARGUMENT.fullmatch(label)):
        return Pair(inner[1], value[:-1], start + found.start("value"), start + text.index(inner[1]))
    return Pair(label, value, start + found.start("value"), start)


def pairs_in(block: Bullet | Paragraph) -> Iterator[Pair]:
    """The pairs of a block; a paragraph may hold one a line."""
    if isinstance(block, Bullet):
        pair = pair_in(block.text, block.start)
        if pair:
            yield pair
        return
    for line in block.lines:
        text = line.text.lstrip()
        pair = pair_in(text, line.start + len(line.text) - len(text))
        if pair:
            yield pair


def pairs_of_table(table: Table, heading: str = "") -> list[Pair]:
    """The rows of a "Hyperparameter | Value" table, with notes behind it or without; none where the header says anything else.

    A "key | value" table under a `heading` that tells of an evaluation holds no settings.
    """
    labels = [cell.text.strip("*_` ") for cell in table.header.cells]
    if not (len(labels) == 2 or (len(labels) == 3 and NOTES.fullmatch(labels[2]))):
        return []
    name, value = labels[:2]
    if not (HEADINGS.search(name) and VALUES.fullmatch(value)) and (value or not OF_SETTINGS.fullmatch(name)):
        return []
    if KEYS.fullmatch(name) and MEASURED.search(heading):
        return []
    return [each for pair in map(_pair_of_row, table.rows) if pair for each in _apart(pair)]


def _apart(pair: Pair) -> list[Pair]:
    """The pairs of a row that holds two arguments: "max_length / max_prompt_length | 1024 / 512"."""
    labels, values = pair.label.split(" / "), pair.value.split(" / ")
    if not 1 < len(labels) == len(values) or not all("_" in label and " " not in label for label in labels):
        return [pair]
    starts = [pair.start + sum(len(each) + 3 for each in values[:at]) for at in range(len(values))]
    return [
        Pair(label.strip(LABEL_MARKS), value, at, pair.begin) for label, value, at in zip(labels, values, starts, strict=True)
    ]


def _pair_of_row(row: Row) -> Pair | None:
    if not 2 <= len(row.cells) <= 3 or not row.cells[0].text or not row.cells[1].text:
        return None
    return Pair(row.cells[0].text.strip(LABEL_MARKS), row.cells[1].text, row.cells[1].start, row.cells[0].start)
