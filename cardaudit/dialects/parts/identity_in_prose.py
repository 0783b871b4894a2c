"""What prose says of a model's identity: its name, its base, its data sets, its task, each known by the words around it."""

import re
from collections.abc import Iterable, Iterator

from cardaudit.dialects.parts.mentions import is_name, printed_at
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.document import Document
from cardaudit.facts import dataset_splits
from cardaudit.records import DatasetMention, Printed, Span

NAME = r"[\"'“‘`*]{0,3}([A-Za-z0-9][\w.+-]*(?:/[A-Za-z0-9][\w.+-]*)?)"
BASE_IN_PROSE = (
    re.compile(rf"[Ff](?i:ine-?\s?tuned (?:version|variant|adaptation) of (?:the )?){NAME}"),
    re.compile(rf"fine-?\s?tuned (?:on|from|using) (?:the )?{NAME}[\"'”’`*]{{0,3}} model", re.I),
    re.compile(rf"(?:based on|built (?:up)?on|built from|starts from|initiali[sz]ed from)(?: the)? {NAME}", re.I),
    re.compile(rf"(?:the|a) {NAME}[\"'”’`*]{{0,3}}(?: model)?,? (?:which|that) has been fine-?\s?tuned", re.I),
    re.compile(rf"(?:base model|model fine-?tuned|pretrained model)[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}{NAME}", re.I),
)
ADDRESS = r"(?:https://huggingface\.co/)?"
QUOTED = rf"{NAME}[\"'”’`*]{{0,3}}"
TOLD_BASES = (  # words that stand in each match of the pattern: only around them is it searched for
    (
        "inetuned from model",
        re.compile(rf"[Ff]inetuned from model(?: \[optional\])?[*_` ]{{0,4}}:[*_` ]{{0,4}}\[?{ADDRESS}{NAME}"),
    ),
    ("ase model", re.compile(rf"\b[Bb]ase model[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}\s?{ADDRESS}{NAME}")),
    ("ase Model", re.compile(rf"\b[Bb]ase Model[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}\s?{ADDRESS}{NAME}")),
    ("tuned from", re.compile(rf"\b[Ff](?i:ine-?\s?tuned from (?:the |a )?){QUOTED}")),
    ("tuned on", re.compile(rf"\b[Ff](?i:ine-?\s?tuned on (?:the )?){QUOTED} (?:model|checkpoint)\b")),
    (
        "tuning ",
        re.compile(
            r"\b(?:obtained|created|built|made|produced|developed|trained) (?:by|via|through) "
            rf"[Ff](?i:ine-?\s?tuning (?:the |a )?)\[?{QUOTED}"
        ),
    ),
    (" on a fine", re.compile(rf"\bbased on a fine-?\s?tuned {QUOTED} model\b")),
    (
        " version of ",
        re.compile(rf"\bis (?:the|an?) (?:instruct(?:ion)?(?:[ -](?:fine-?)?tuned)?|chat) version of (?:the )?\[?{QUOTED}", re.I),
    ),
)
FURTHER = r"(?:(?:further|first|jointly|entirely|mainly|mostly|again|then|purely|from scratch) )?"
TRAINED_ON = re.compile(
    rf"(?:rain|un)ed {FURTHER}on (?:the |a )?[`*\"'“]{{0,2}}"
    r"(?P<name>[A-Z0-9][\w+/-]*(?:\.\d[\w]*)?(?: [A-Z0-9][\w+/.-]*){0,3}?)[`*\"'”]{0,2} (?:data ?set|corpus)\b"
)
VERBS = ("rained ", "uned ")
VERB_BEGIN = re.compile(r"(?:^|[^\w-])(?P<pre>[Pp]re-?)?(?i:re-?|fine-?\s?)?[Tt]\Z")
ANOTHER = re.compile(  # another model's verb
    r"\b(?:base|original|teacher|which|baseline|pretrained)(?: models?)? (?:is|was|are|were)(?: \w+)? [\w-]{0,6}[Tt]\Z"
)
SET_LIKE = re.compile(r"[A-Z]{2}[A-Z]|[A-Za-z]\d|\w_\w|[a-z][A-Z]|[A-Z]{2}[a-z]|\w-\d|[A-Za-z] \d")
MODEL_IN_PROSE = (
    re.compile(rf"(?:known as|called|named|titled|about|presents?|introduces?|introducing) (?:the )?{NAME}", re.I),
    re.compile(rf"(?:the|our|using|utilizing|of) {NAME}[\"'”’`*]{{0,3}} model\b", re.I),
)
DATASET_IN_PROSE = re.compile(
    r"\b(?:on|using|with|of|from|the) (?:the )?([\w./-]+(?: [A-Z0-9][\w./-]*){0,3})[\"'”’`*]{0,3} data ?sets?\b"
)
KNOWN_IN_PROSE = re.compile(r"\b(?:on|with|of|using) ([A-Z][\w-]{2,40})(?![\w/])")
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
ANY_TASK = re.compile(r"\$\{?TASK", re.I)
IN_COMMAND = re.compile(r"--model_name_or_path[ =]{1,3}[\"']?([\w./$~{}-]{2,100})")
STOCK_NAME = re.compile(rf"(?<![\w/-])(?!utf-)[a-z][a-z0-9]{{1,20}}{SIZE}{{1,4}}(?![\w/-])")
ID_LIKE = re.compile(r"\w[-_/]\w")
MODEL_LIKE = re.compile(r"_|\d|[A-Z]\w*-|-[A-Z]|(?i:finetun|bert|gpt)|-(?:base|small|large)\b|/")
DESCENT = re.compile(r"train|fine-?\s?tun|descend|start|based on|built|version", re.I)
LOOKED_AT = 6_000
AROUND_COMMAND = 600
AROUND_VERB = 40
AROUND_SIGN = 60
MOST_SIGNS = 60


def model_in_prose(document: Document, other_than: Printed | None) -> Printed | None:
    """What "known as X", "the X model" name: no well-known base model, and none that the text was made from."""
    base = other_than.text.rpartition("/")[2].lower() if other_than else ""
    names = _names(document, MODEL_IN_PROSE)
    return next((name for name in names if name.text.lower() != base and not STOCK_MODEL.fullmatch(name.text)), None)


def base_in_prose(document: Document) -> Printed | None:
    """From any paraphrase of the Trainer's sentence, else the first well-known model in a line on training."""
    return next(_names(document, BASE_IN_PROSE), None) or _stock_model(document)


def tuned_base(document: Document) -> Printed | None:
    """From the plainest paraphrases alone: "a fine-tuned version of X", "Base model: X", "obtained by fine-tuning X"."""
    text, start = document.text, document.body_start
    found = next(_names(document, BASE_IN_PROSE[:1]), None) if "tuned " in text else None
    if found:
        return found
    for sign, pattern in TOLD_BASES:
        at = text.find(sign, start)
        for _ in range(MOST_SIGNS):
            if at < 0:
                break
            told = pattern.search(text, max(start, at - AROUND_SIGN), at + 3 * AROUND_SIGN)
            if told and (name := _name(told)) and not _is_title(document, name):
                return name
            at = text.find(sign, at + 1)
    return None


def _is_title(document: Document, name: Printed) -> bool:
    """Whether a name stands in a heading that it ends: "# The base model: `x`" is the model's own."""
    begin, end = document.text.rfind("\n", 0, name.span.start) + 1, document.text.find("\n", name.span.end)
    line = document.text[begin : end if end >= 0 else None]
    return line.startswith("#") and line.rstrip(" `*#").endswith(name.text)


def told_datasets(document: Document) -> Iterator[DatasetMention]:
    """The data sets that a hand-written card says the model was trained on, where they are spelled so: "the ABC-2 corpus"."""
    text, start = document.text, document.body_start
    tuned, end = "tuned" in text, start + LOOKED_AT
    for verb in VERBS:
        at = text.find(verb, start, end)
        while at >= 0:
            found, before = TRAINED_ON.match(text, at), max(start, at - AROUND_VERB)
            begun = VERB_BEGIN.search(text, before, at) if found else None
            if found and begun and not (tuned and begun["pre"]) and not ANOTHER.search(text, before, at):
                name = found["name"]
                if is_name(name.split(" ")[0]) and SET_LIKE.search(name):
                    yield DatasetMention(name, None, None, name, Span(*found.span("name")))
            at = text.find(verb, at + 1, end)


def base_in_command(text: str, start: int) -> Printed | None:
    """The well-known model that a card's training commands start from; None where they name several, or anything else."""
    found = list(IN_COMMAND.finditer(text, start)) if "--do_train" in text else []
    if len({each[1] for each in found}) != 1 or not STOCK_MODEL.fullmatch(found[0][1]):
        return None
    first, last = found[0].start(), found[-1].end()
    if ANY_TASK.search(text, max(start, first - AROUND_COMMAND), last + AROUND_COMMAND):  # a pretrained model's: how to tune it
        return None
    return printed_at(found[0][1], Span(*found[0].span(1)))


def datasets_in_prose(document: Document) -> Iterator[DatasetMention]:
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
            if name := _name(found):
                yield name


def _name(found: re.Match[str]) -> Printed | None:
    name = found[1].rstrip(".-")
    if not (ID_LIKE.search(name) and MODEL_LIKE.search(name)):
        return None
    return printed_at(name, Span(found.start(1), found.start(1) + len(name)))


def _stock_model(document: Document) -> Printed | None:
    """The first well-known base model in a line that speaks of training or descent."""
    start = document.body_start
    for line in document.text[start:].splitlines(keepends=True):
        found = STOCK_NAME.search(line) if DESCENT.search(line) else None
        if found:
            return printed_at(found[0], Span(start + found.start(), start + found.end()))
        start += len(line)
    return None


def task_in_words(text: str) -> Printed | None:
    """The first task that a text names, as the Hub's tag."""
    first: tuple[int, str, re.Match[str]] | None = None
    for tag, pattern in TASKS:
        found = pattern.search(text) or re.search(pattern.pattern, text[:LOOKED_AT], re.I if "NER" not in pattern.pattern else 0)
        if found and (first is None or found.start() < first[0]):
            first = (found.start(), tag, found)
    return Printed(first[1], None, ZERO, Span(*first[2].span()), first[2][0]) if first else None
