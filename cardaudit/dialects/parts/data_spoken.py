"""Data sets that a sentence names without calling them so: "fine-tuned on SQuAD 2.0.", "trained on JW300 + [ABC](...)"."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.data_in_prose import ANOTHER, AROUND_VERB, VERB_BEGIN, has_other_subject, is_set
from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.signs import TRAINED_ON, signs_in
from cardaudit.dialects.parts.table_labels import is_benchmark, is_task
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

WORDS = r"[A-Z][\w-]*(?:\.\d\w*)?(?: (?:v?\d(?:\.\d)?(?!\d)|[A-Z][\w-]*)){0,2}"
KNOWN = deferred(
    rf"(?:on )? ?(?:the )?[*_`\"]{{0,3}}(?P<name>{WORDS})[*_`\"]{{0,3}}"
    r"(?=[.,;:!)]?[ ]{0,3}(?:\r?\n|\Z)|[.,;)] |\.<br| (?:[a-z]+ ){0,2}task\b"
    r"| (?:for|using|with|by|evaluated|described|training|train|and then)\b)"
)
ITEM = r"(?:\[[^\]\[\n]{2,60}\]\([^()\s]{1,200}\)|[A-Z]{2}[\w-]*\d\w*)"
JOINED = deferred(rf"(?:on )? ?(?P<all>{ITEM}(?: ?\+ ?{ITEM}){{1,5}})")
NAME = deferred(r"\[(?P<linked>[^\]\[\n]{2,60})\]\([^()\s]{1,200}\)|(?P<bare>[A-Z]{2}[\w-]*\d\w*)")
MOST = 12


def spoken_datasets(document: Document) -> Iterator[DatasetMention]:
    """The first known benchmark, or the members of the first sum, that the card's model is said to be trained or tuned on."""
    text, start = document.text, document.body_start
    for sign in TRAINED_ON:
        for at in signs_in(text, start)[sign][:MOST]:
            found = JOINED.match(text, at + len(sign)) or KNOWN.match(text, at + len(sign))
            if found is None or not _is_of_card(document, start, at):
                continue
            if mentions := list(_members(found)):
                yield from mentions
                return


def _is_of_card(document: Document, start: int, at: int) -> bool:
    """Whether the verb at an offset tells of the card's own model, and not of what it was before it was tuned."""
    text, before = document.text, max(start, at - AROUND_VERB)
    begun = VERB_BEGIN.search(text, before, at)
    if begun is None or (begun["pre"] and "tuned" in text):
        return False
    return ANOTHER.search(text, before, at) is None and not has_other_subject(document, before, at)


def _members(found: re.Match[str]) -> Iterator[DatasetMention]:
    """Each of a sum's names, or the one known name."""
    if "name" in found.re.groupindex:
        if is_benchmark(found["name"]) and is_set(found["name"]) and not is_task(found["name"]):
            yield DatasetMention(found["name"], None, None, found["name"], Span(*found.span("name")))
        return
    for each in NAME.finditer(found["all"]):
        group = each.lastgroup or "bare"
        if is_name(each[group]):
            begin = found.start("all") + each.start(group)
            yield DatasetMention(each[group], None, None, each[group], Span(begin, begin + len(each[group])))
