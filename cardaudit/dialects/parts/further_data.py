"""Data sets in less common words: "the x dataset loaded using", a link alone under "## Dataset", "Training data: [x](...)"."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.mentions import is_name
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

LOADED = deferred(r"\bthe [`*]{0,2}(?P<name>[A-Za-z][\w/-]*)[`*]{0,2} dataset,? loaded\s(?:using|with|from|via|through)\b")
PAGE = r"https?://(?:www\.)?(?:kaggle\.com/(?:datasets/)?|huggingface\.co/datasets/)(?P<id>[\w.-]+/[\w.-]*\w)"
SAID = r"(?:\[(?P<name>[^\]\[\n]{2,60}?)(?: (?i:data ?set|corpus))\]\([^()\s]{1,200}\)"
ALONE = deferred(
    r"^(?:#{1,4}[ \t]{1,4}(?:Train(?:ing)? |Fine-?tuning )?[Dd]ata(?: ?sets?)?[ \t]{0,4}:?[ \t]{0,4}\r?\n\s{0,20}"
    r"(?:<!--[^<>]{0,400}-->\s{0,20})?"
    r"|[ \t]{0,8}(?:[*+-][ \t]{1,4})?[*_`]{0,2}(?i:(?:train(?:ing)?|fine[ -]?tuning) data(?: ?set)?)(?: \d)?"
    r"[*_`]{0,2}[ ]?:[*_`]{0,2}[ ]{1,3})"
    rf"{SAID}|(?:\[[^\]\[\n]{{1,60}}\]\()?{PAGE}[^\s()]{{0,60}}\)?)[.\s]{{0,3}}$",
    re.M,
)
MARKED = deferred(r"\b[Tt]raining data is (?:a direct copy of )?the [\"“`*](?P<name>[\w.-]{2,40})[\"”`*] data ?set\b")
HUB_SET = deferred(
    r"(?:\b[Tt]rained (?:for [\w ]{1,20} )?on|\b[Dd]ata ?set trained on:?"
    r"|\b(?:[Tt]raining|[Ff]ine-?tuning) data ?set[^.\n:]{0,40}:) https://huggingface\.co/datasets/(?P<id>[\w.-]+(?:/[\w.-]*\w)?)"
)
READERS = (
    ((" https://huggingface.co/datasets/",), HUB_SET),
    (("dataset loaded", "dataset, loaded"), LOADED),
    (("ataset\n", "ata\n", "ata: ", "ataset: ", "ata 1: ", "ata:** ", "ataset:\n", "atasets\n"), ALONE),
    (("raining data is ",), MARKED),
)


def further_datasets(document: Document) -> Iterator[DatasetMention]:
    """The first that is told so."""
    text, start = document.text, document.body_start
    for signs, pattern in READERS:
        found = pattern.search(text, start) if any(sign in text for sign in signs) else None
        group = found.lastgroup if found else None
        if found and group and is_name(found[group]):
            yield DatasetMention(found[group], None, None, found[group], Span(*found.span(group)))
            return
