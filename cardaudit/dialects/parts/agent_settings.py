"""Settings of agents as Python prints them: RL Zoo's OrderedDict of pairs, CleanRL's dict, the Hub course's dict without commas.

A tolerant walk over quotes and brackets, in one pass; nothing is evaluated. A nested value stays the text that it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cardaudit.dialects.parts.chapter import chapter
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.document import Code, Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

PAIR = deferred(r"\(\s{0,99}(['\"])(?P<label>\w{1,60})\1\s{0,99},\s{0,99}")
ITEM = deferred(r"(['\"])(?P<label>\w{1,60})\1\s{0,99}:\s{0,99}")
ASSIGNED = deferred(r"^[ \t]{0,8}\w{1,40}\[(['\"])(?P<label>\w{1,60})\1\][ \t]*=[ \t]*", re.M)
STRING = deferred(r"'([^'\n]*)'|\"([^\"\n]*)\"")
STRINGS = deferred(rf"(?:{STRING.pattern})(?:\s+(?:{STRING.pattern}))*")  # pprint breaks a long string over lines
END_OF_PAIR = deferred(r"'[^'\n]*'|\"[^\"\n]*\"|[\[({]|[\])}]")
END_OF_ITEM = deferred(r"'[^'\n]*'|\"[^\"\n]*\"|[\[({]|[\])}]|,|\n(?=\s{0,99}['\"]\w{1,60}['\"]\s{0,9}:)")
END_OF_LINE = deferred(r"'[^'\n]*'|\"[^\"\n]*\"|[\[({]|[\])}]|#|\n|\Z")
NUMBER = deferred(r"[+-]?\d[\d_.]{0,30}(?:[eE][+-]?\d{1,3})?")
LONGEST = 1_000
MOST = 300
SIGNS = ("OrderedDict([", "{'", '{"', "_CONFIG.copy()")
KEYS: Mapping[str, str] = {"batch_size": "train_batch_size"}
UNSET = ("None", "null", "")
OF_NO_TRAINING = deferred(  # a run's name, its place, its log and its machine
    r"wandb_\w+|hf_\w+|\w*env(?:ironment)?_id|exp_name|repo_id|run_name|track|capture_video|save_\w+|upload_\w+"
    r"|push_to_hub|cuda|virtual_display|experiment|\w+_interval_to_log"
)


class Layout(NamedTuple):
    """How a block opens each of its entries, and what may end a value outside all brackets."""

    entry: re.Pattern[str]
    end: re.Pattern[str]


PAIRS, ITEMS, LINES = Layout(PAIR, END_OF_PAIR), Layout(ITEM, END_OF_ITEM), Layout(ASSIGNED, END_OF_LINE)


def read_agent_settings(draft: Draft) -> None:
    """Takes the settings of the blocks of code under a heading that calls them hyperparameters, each under its own name."""
    for block in _blocks(draft.document) if any(map(draft.document.text.__contains__, SIGNS)) else ():
        for entry in _entries(draft.document.text, block.lines[0].start, block.lines[-1].end):
            if not OF_NO_TRAINING.fullmatch(entry.label):
                draft.settings.setdefault(KEYS.get(entry.label, entry.label), entry)


def _blocks(document: Document) -> Iterator[Code]:
    of_settings = False
    for block in document.blocks:
        if isinstance(block, Heading):
            of_settings = chapter(block.text).of_settings
        elif of_settings and isinstance(block, Code) and block.lines:
            yield block


def _entries(text: str, at: int, end: int) -> Iterator[Printed]:
    """The entries between two offsets; none behind a value whose end is not found, because what follows may lie inside it."""
    layout = _layout(text[at:end].lstrip())
    for _ in range(MOST if layout else 0):
        found = layout.entry.search(text, at, end) if layout else None
        stop = _end_of_value(text, found.end(), end, layout.end) if found and layout else None
        if found is None or stop is None:
            return
        value = text[found.end() : stop].rstrip()
        if value not in UNSET:
            yield _printed(value, found.end(), found["label"])
        at = stop


def _layout(text: str) -> Layout | None:
    if text.startswith("OrderedDict(["):
        return PAIRS
    if text.startswith(("{'", '{"')):
        return ITEMS
    return LINES if "_CONFIG.copy()" in text else None


def _end_of_value(text: str, start: int, end: int, marks: re.Pattern[str]) -> int | None:
    """Where the value that begins at an offset ends: at the first mark outside its own brackets and quotes."""
    depth = 0
    for found in marks.finditer(text, start, min(end, start + LONGEST)):
        mark = found[0]
        if mark in ("(", "[", "{"):
            depth += 1
        elif mark in (")", "]", "}"):
            depth -= 1
            if depth < 0:
                return found.start()
        elif not depth and (not mark or mark in ",#\n"):
            return found.start()
    return None


def _printed(value: str, start: int, label: str) -> Printed:
    """A value as printed, a string without its quotes."""
    if NUMBER.fullmatch(value) and (number := read_value(value, start, label, exact=True)):
        return number
    if STRINGS.fullmatch(value):
        words = "".join(found[1] or found[2] or "" for found in STRING.finditer(value))
        return Printed(words, None, ZERO, Span(start + 1, start + len(value) - 1), label)
    return Printed(" ".join(value.split()), None, ZERO, Span(start, start + len(value)), label)
