"""Cards of libraries that count what a model was made of, in items of their own: LeRobot's data, BERTopic's topics.

The layouts are those of lerobot/templates/lerobot_modelcard_template.md (0.6) and bertopic/_save_utils.py (0.9 to 0.17).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from cardaudit.dialects.handwritten import opened, read_body
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Bullet, Document, Table
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source


class Sheet(NamedTuple):
    """`fact` matches an item's text, with its label and its number; items and tables that hold no number of the model follow."""

    fact: re.Pattern[str]
    keys: Mapping[str, str]
    aside: str
    listing: tuple[str, ...]


SHEETS: Mapping[str, Sheet] = {
    "lerobot": Sheet(
        deferred(r"\*\*(?P<label>Episodes|Frames|Frame rate):\*\* (?P<number>\d{1,12})(?: FPS)?\s*"),
        {"Episodes": "episodes", "Frames": "frames", "Frame rate": "frames_per_second"},
        "**Task(s):** ",
        ("Feature", "Type", "Shape"),
    ),
    "bertopic": Sheet(
        deferred(r"(?P<label>Number of topics|Number of training documents): (?P<number>\d{1,12})\s*"),
        {"Number of topics": "topics", "Number of training documents": "training_documents"},
        "\n",
        ("Topic ID", "Topic Keywords", "Topic Frequency", "Label"),
    ),
}


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one, with its library's counts as settings."""
    draft, sheet = opened(document, source), SHEETS[source.dialect]
    read_body(draft)
    for block in document.blocks:
        if isinstance(block, Bullet):
            _take(draft, sheet, block)
        elif isinstance(block, Table) and tuple(cell.text for cell in block.header.cells) == sheet.listing:
            draft.also_read.extend(row.line.span for row in block.rows)
    return draft.card(source)


def _take(draft: Draft, sheet: Sheet, bullet: Bullet) -> None:
    found = sheet.fact.fullmatch(bullet.text)
    if found:
        pair = Pair(sheet.keys[found["label"]], found["number"], bullet.start + found.start("number"), bullet.start)
        draft.put_setting(pair, known_only=False)
    elif bullet.text.startswith(sheet.aside):
        draft.also_read.append(bullet.line.span)
