"""Which model a card is about, what it was made from, on which data, for which task."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cardaudit.dialects.parts.model_index import index_entries
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.document import Document, FrontMatter, Heading
from cardaudit.facts import dataset_splits
from cardaudit.records import DatasetMention, Printed, Span

TUNED_FROM_LINK = re.compile(r"fine-?\s?tun(?:ed|ing)(?: version| model)? (?:of|from) (?:the )?\[([^\]\n]+)\]\(", re.I)
NAME = r"[\"'“‘`*]{0,3}([A-Za-z0-9][\w.+-]*(?:/[A-Za-z0-9][\w.+-]*)?)"
BASE_IN_PROSE = (
    re.compile(rf"fine-?\s?tuned (?:version|variant|adaptation) of (?:the )?{NAME}", re.I),
    re.compile(rf"fine-?\s?tuned (?:on|from|using) (?:the )?{NAME}[\"'”’`*]{{0,3}} model", re.I),
    re.compile(rf"(?:based on|built (?:up)?on|built from|starts from|initiali[sz]ed from)(?: the)? {NAME}", re.I),
    re.compile(rf"(?:the|a) {NAME}[\"'”’`*]{{0,3}}(?: model)?,? (?:which|that) has been fine-?\s?tuned", re.I),
    re.compile(rf"(?:base model|model fine-?tuned|pretrained model)[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}{NAME}", re.I),
)
MODEL_IN_PROSE = (
    re.compile(rf"(?:known as|called|named|titled|about|presents?|introduces?|introducing) (?:the )?{NAME}", re.I),
    re.compile(rf"(?:the|our|using|utilizing|of) {NAME}[\"'”’`*]{{0,3}} model\b", re.I),
)
DATASET_SENTENCE = re.compile(r" on (the .{1,300}?) datasets?\.", re.I)
NAMED_DATASET = re.compile(r"\bthe ([^,\n]{1,120}?)(?=,? (?:and )?the |$)")
DATASET_IN_PROSE = re.compile(
    r"\b(?:on|using|with|of|from|the) (?:the )?([\w./-]+(?: [A-Z0-9][\w./-]*){0,3})[\"'”’`*]{0,3} data ?sets?\b"
)
KNOWN_IN_PROSE = re.compile(r"\b(?:on|with|of|using) ([A-Z][\w-]{2,40})(?![\w/])")
NO_NAME = re.compile(
    r"none|unknown|unkown|undisclosed|unspecified|custom|generator|the|this|that|an?|our|your|its|same|following|specific|private|own|null|"
    r"input|training|train|test|validation|evaluation|eval|new|original|large|small|imagefolder|audiofolder|csv|json|parquet|text|pandas|\W*",
    re.I,
)
GENERIC_TITLE = re.compile(
    r"(?:model card(?: (?:for|of) )?|model description|overview|readme|introduction|description|table of contents)\s*:?", re.I
)
TASKS = (
    (
        "token-classification",
        re.compile(
            r"token[ -]classification|named[ -]entity[ -]recognition|\bNER\b|ForTokenClassification|part-of-speech tagging"
        ),
    ),
    ("text-classification", re.compile(r"(?:text|sequence)[ -]classification|sentiment[ -]analysis|ForSequenceClassification")),
    ("question-answering", re.compile(r"(?:extractive )?question[ -]answering|ForQuestionAnswering")),
    ("automatic-speech-recognition", re.compile(r"automatic speech recognition")),
    ("summarization", re.compile(r"\bsummari[sz]ation\b")),
    ("image-classification", re.compile(r"image classification|ForImageClassification")),
)
SIZE = r"(?:-(?:tiny|mini|small|medium|base|large|xl|xxl|uncased|cased|multilingual|v\d|\d+[bm]?))"
STOCK_MODEL = re.compile(rf"(?:[\w.]+/)?[a-z0-9]+{SIZE}+", re.I)
STOCK_NAME = re.compile(rf"(?<![\w/-])[a-z][a-z0-9]{{1,20}}{SIZE}{{1,4}}(?![\w/-])")
ID_LIKE = re.compile(r"\w[-_/]\w")
MODEL_LIKE = re.compile(r"_|\d|[A-Z]\w*-|-[A-Z]|(?i:finetun|bert|gpt)|-(?:base|small|large)\b|/")
DESCENT = re.compile(r"train|fine-?\s?tun|descend|start|based on|built|version", re.I)
LOOKED_AT = 6_000


def from_front_matter(front: FrontMatter, key: str) -> Printed | None:
    """A key's text, or the first of its list."""
    for path in ((key,), (key, 0)):
        if path in front.scalars and front.scalars[path].text.strip():
            return _printed(front.scalars[path].text, front.scalars[path].span)
    return None


def model_name(document: Document, prose: bool = False, other_than: Printed | None = None) -> Printed | None:
    """From the model index, the first heading, or in prose the words "known as X", "the X model"."""
    front = document.front_matter
    if front is not None:
        for path, entry in index_entries(front):
            if entry.get("name") and (*path, "name") in front.scalars:
                scalar = front.scalars[(*path, "name")]
                return _printed(scalar.text, scalar.span)
    heading = next((block for block in document.blocks if isinstance(block, Heading)), None)
    if heading is not None and not prose:
        title = GENERIC_TITLE.match(heading.text)
        rest = heading.text[title.end() :] if title else heading.text
        name = rest.strip("*_` ")
        if name:
            start = heading.start + heading.text.index(name)
            return _printed(name, Span(start, start + len(name)))
    base = other_than.text.rpartition("/")[2].lower() if other_than else ""
    names = _names(document, MODEL_IN_PROSE) if prose else iter(())
    return next((name for name in names if name.text.lower() != base and not STOCK_MODEL.fullmatch(name.text)), None)


def base_model(document: Document, prose: bool = False) -> Printed | None:
    """From the front matter, the Trainer's sentence, or in prose any of its paraphrases that gives a name and no mere family."""
    if document.front_matter is not None and (stated := from_front_matter(document.front_matter, "base_model")):
        return stated
    linked = TUNED_FROM_LINK.search(document.text, document.body_start)
    if linked and is_name(linked[1]):
        return _printed(linked[1].strip("`* "), Span(*linked.span(1)))
    return next(_names(document, BASE_IN_PROSE), None) or _stock_model(document) if prose else None


def task(document: Document, prose: bool = False) -> Printed | None:
    """The Hub's tag of the task as `text`, the words that it was taken from as `label`."""
    front = document.front_matter
    if front is not None:
        if stated := from_front_matter(front, "pipeline_tag"):
            return replace(stated, label=stated.text)
        for path, entry in index_entries(front):
            results = entry.get("results")
            for at in range(len(results) if isinstance(results, list) else 0):
                for key in ("type", "name"):
                    scalar = front.scalars.get((*path, "results", at, "task", key))
                    if scalar and scalar.text.strip():
                        tag = scalar.text.strip().lower().replace(" ", "-")
                        return Printed(tag, None, ZERO, scalar.span, scalar.text)
    return _task_in_words(document.text) if prose else None


def datasets(document: Document, prose: bool = False) -> tuple[DatasetMention, ...]:
    """The data sets that the card names, each once; "None", "unknown" and "undisclosed" are no names."""
    found: dict[str, DatasetMention] = {}
    for mention in [*_in_index(document.front_matter), *_in_front_matter(document.front_matter)]:
        _add(found, mention)
    if not found and not prose:
        for mention in _in_sentence(document):
            _add(found, mention)
    if not found and prose:
        for mention in _in_prose(document):
            _add(found, mention)
    return tuple(found.values())


def is_name(text: str) -> bool:
    """Whether a data set's name names one."""
    return NO_NAME.fullmatch(text.strip()) is None


def _add(found: dict[str, DatasetMention], mention: DatasetMention) -> None:
    if is_name(mention.id):
        found.setdefault(mention.id.lower(), mention)


def _in_index(front: FrontMatter | None) -> Iterator[DatasetMention]:
    for path, entry in index_entries(front) if front else ():
        results = entry.get("results")
        for at, result in enumerate(results if isinstance(results, list) else ()):
            dataset = result.get("dataset") if isinstance(result, dict) else None
            if not isinstance(dataset, dict) or front is None:
                continue
            key = "type" if _is_text(dataset.get("type")) else "name"
            scalar = front.scalars.get((*path, "results", at, "dataset", key))
            if scalar and scalar.text.strip():
                config, split = dataset.get("config", dataset.get("args")), dataset.get("split")
                yield DatasetMention(scalar.text.strip(), _text(config), _text(split), scalar.text, scalar.span)


def _in_front_matter(front: FrontMatter | None) -> Iterator[DatasetMention]:
    for key in ("datasets", "dataset"):
        listed: Any = front.values.get(key) if front else None
        for path in [(key,), *(((key, at)) for at in range(len(listed) if isinstance(listed, list) else 0))]:
            scalar = front.scalars.get(path) if front else None
            if scalar and scalar.text.strip() and scalar.text.lower() not in ("null", "~"):
                yield DatasetMention(scalar.text.strip(), None, None, scalar.text, scalar.span)


def _in_sentence(document: Document) -> Iterator[DatasetMention]:
    """ "on the a, the b and the c datasets." as the Trainer writes it."""
    found = DATASET_SENTENCE.search(document.text, document.body_start, document.body_start + LOOKED_AT)
    if found is None or "\n" in found[1]:
        return
    for name in NAMED_DATASET.finditer(found[1]):
        start = found.start(1) + name.start(1)
        yield DatasetMention(name[1].strip(), None, None, name[1], Span(start, start + len(name[1])))


def _in_prose(document: Document) -> Iterator[DatasetMention]:
    """Names with a capital, a digit or a mark in them: an "emotion dataset" may be any."""
    for found in DATASET_IN_PROSE.finditer(document.text, document.body_start):
        words = found[1].split(" ")
        if is_name(words[0]) and re.search(r"[A-Z0-9_/]", found[1]) and not found[1].isdigit():
            yield DatasetMention(found[1], None, None, found[1], Span(*found.span(1)))
    for found in KNOWN_IN_PROSE.finditer(document.text, document.body_start):
        if dataset_splits(found[1].lower()):
            yield DatasetMention(found[1], None, None, found[1], Span(*found.span(1)))


def _names(document: Document, patterns: Iterable[re.Pattern[str]]) -> Iterator[Printed]:
    """What the patterns find that is spelled like an id: with a hyphen, an underscore or a slash inside."""
    for pattern in patterns:
        for found in pattern.finditer(document.text, document.body_start):
            name = found[1].rstrip(".-")
            if ID_LIKE.search(name) and MODEL_LIKE.search(name):
                yield _printed(name, Span(found.start(1), found.start(1) + len(name)))


def _stock_model(document: Document) -> Printed | None:
    """The first well-known base model in a line that speaks of training or descent."""
    start = document.body_start
    for line in document.text[start:].splitlines(keepends=True):
        found = STOCK_NAME.search(line) if DESCENT.search(line) else None
        if found:
            return _printed(found[0], Span(start + found.start(), start + found.end()))
        start += len(line)
    return None


def _task_in_words(text: str) -> Printed | None:
    first: tuple[int, str, re.Match[str]] | None = None
    for tag, pattern in TASKS:
        found = pattern.search(text) or re.search(pattern.pattern, text[:LOOKED_AT], re.I if "NER" not in pattern.pattern else 0)
        if found and (first is None or found.start() < first[0]):
            first = (found.start(), tag, found)
    return Printed(first[1], None, ZERO, Span(*first[2].span()), first[2][0]) if first else None


def _printed(text: str, span: Span) -> Printed:
    bare = text.strip()
    start = span.start + text.index(bare) if bare else span.start
    return Printed(bare, None, ZERO, Span(start, start + len(bare)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and value != "None" else None
