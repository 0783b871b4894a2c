"""What prose says of a model's identity: its name, its base, its data sets, its task, each known by the words around it."""

import re
from collections.abc import Iterable, Iterator

from cardaudit.dialects.parts.base_guard import is_of_another
from cardaudit.dialects.parts.mentions import is_name, printed_at
from cardaudit.dialects.parts.model_names import is_model_id
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.facts import dataset_splits
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

NAME = r"[\"'“‘`*]{0,3}([A-Za-z0-9][\w.+-]*(?:/[A-Za-z0-9][\w.+-]*)?)"
BASE_IN_PROSE = (
    deferred(rf"[Ff](?i:ine-?\s?tuned (?:version|variant|adaptation) of (?:the )?){NAME}"),
    deferred(rf"fine-?\s?tuned (?:on|from|using) (?:the )?{NAME}[\"'”’`*]{{0,3}} model", re.I),
    deferred(rf"(?:based on|built (?:up)?on|built from|starts from|initiali[sz]ed from)(?: the)? {NAME}", re.I),
    deferred(rf"(?:the|a) {NAME}[\"'”’`*]{{0,3}}(?: model)?,? (?:which|that) has been fine-?\s?tuned", re.I),
    deferred(rf"(?:base model|model fine-?tuned|pretrained model)[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}{NAME}", re.I),
)
TUNED_VERSION = ("uned version of ", "uned variant of ", "uned adaptation of ")  # one in each match of the first of them
ADDRESS = r"(?:https://huggingface\.co/)?"
HUB_NAME = r"([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*\w)"
QUOTED = rf"{NAME}[\"'”’`*]{{0,3}}"
PLAIN_ADDRESS = deferred(
    r"\b(?i:initiali[sz]ed from|based on|version of|trained on this model"
    r"|original pre-?trained model can be found here|is a copy of|tuned (?:the )?(?:pre-?trained\s)?model available at)\b"
    r"[^.\n\[\]]{0,40}?[ (]https://huggingface\.co/(?!datasets/|spaces/|blog/|docs/|models?\b)([\w.-]+(?:/[\w.-]+)?)"
)
PRETRAINED_MODEL = deferred(
    rf"^\W{{0,5}}[Pp]re-?trained [Mm]odel[*_`]{{0,2}} ?:[*_` ]{{0,4}}(?:\[[^\]\n]{{1,100}}\]\()?{ADDRESS}{HUB_NAME}", re.M
)
TOLD_BASES = (  # words that stand in each match of the pattern: only around them is it searched for
    (
        "uned from model",
        deferred(rf"[Ff]inetuned from model(?: \[optional\])?[*_` ]{{0,4}}:[*_` ]{{0,4}}\[?{ADDRESS}{NAME}"),
    ),
    ("ase model", deferred(rf"\b[Bb]ase model[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}\s?{ADDRESS}{NAME}")),
    ("ase Model", deferred(rf"\b[Bb]ase Model[*_`]{{0,2}}\s?:\s?[*_`]{{0,2}}\s?{ADDRESS}{NAME}")),
    ("uned from", deferred(rf"\b[Ff](?i:ine-?\s?tuned from (?:the |a )?){QUOTED}")),
    ("uned on ", deferred(rf"\b[Ff](?i:ine-?\s?tuned on (?:the )?){QUOTED} (?:model|checkpoint)\b")),
    (
        "uning ",
        deferred(
            r"\b(?:obtained|created|built|made|produced|developed|trained) (?:by|via|through) "
            rf"[Ff](?i:ine-?\s?tuning (?:the |a )?)\[?{QUOTED}"
        ),
    ),
    (" on a fine", deferred(rf"\bbased on a fine-?\s?tuned {QUOTED} model\b")),
    (
        " version of ",
        deferred(rf"\bis (?:the|an?) (?:instruct(?:ion)?(?:[ -](?:fine-?)?tuned)?|chat) version of (?:the )?\[?{QUOTED}", re.I),
    ),
    (
        "riginal model",
        deferred(
            rf"^\W{{0,5}}[Oo]riginal model(?: page| repo)?[*_`]{{0,2}}:[*_` ]{{0,4}}(?:\[[^\]\n]{{1,100}}\]\()?"
            rf"{ADDRESS}{HUB_NAME}",
            re.M,
        ),
    ),
    ("rained Model", PRETRAINED_MODEL),
    ("rained model", PRETRAINED_MODEL),
    ("from `", deferred(rf"\b[Tt]rained (?:for [\w.]+ (?:epochs|steps) )?from `{NAME}`")),
    ("uned this model from", deferred(rf"tuned this model from (?:the )?(?:pre-?trained )?(?:model )?{QUOTED}")),
    ("uning `", deferred(rf"(?:^|\b(?:after|by|via|through) )[Ff](?i:ine-?\s?tuning )`{NAME}`", re.M)),
    ("ase model is", deferred(rf"(?:^|[.:*] )(?:The |Our |This )?[Bb]ase model is (?:the )?\[?{QUOTED}", re.M)),
    ("ase model (", deferred(rf"\b[Bb]ase model \(`?{HUB_NAME}`?\)")),
    ("top of", deferred(rf"\b(?:built|(?:fine-?\s?)?tuned|trained) on top of (?:the )?{QUOTED} model\b")),
    (
        " is a [",
        deferred(
            r"\bis an? \[[^\]\n]{1,80}\]\(https://huggingface\.co/([\w.-]+(?:/[\w.-]+)?)/?\)"
            r"(?: model)?,? (?:that|which) (?:was|has been|is) (?:further |then |later )?(?:(?:pre-?)?trained|fine-?\s?tuned)\b"
        ),
    ),
    (" https://huggingface.co/", PLAIN_ADDRESS),
    (" (https://huggingface.co/", PLAIN_ADDRESS),
)
OF_SENTENCES = frozenset(
    ("uned from", "uned on ", "uning ", "uning `", "top of", "from `", " on a fine")
)  # that tell of any model
LANGUAGE_MODEL = deferred(rf"^\W{{0,5}}[Ll]anguage model[*_`]{{0,2}}:[*_` ]{{0,4}}\[?{NAME}", re.M)  # of a model for one task
BASED = deferred(
    r"(?:\b(?:is|was|are|trained|model|Model) |^|[.!] )(?:[Bb]ased on|[Ii]nitiali[sz]ed (?:from|with)) "
    r"(?:an? |the )?(?:pre-?trained )?\[?"
    r"(?!(?:huggingface|google-research|facebookresearch|openai|NVIDIA)/|(?i:tensorflow|pytorch))"
    rf"{QUOTED}(?![\w.]|-like| (?:architecture|library|framework|config|tokenizer|code))",
    re.M,
)
OF_TASK = deferred(r"squad|qa\b|-sts|finetuned|distilled", re.I)
MERGED = deferred(
    r"^[ ]{0,8}(?:base_model: ?|- (?:sources:\s*- )?model: ?)[\"']?([A-Za-z][\w.-]*(?:/[\w.-]+)?)[\"']?[ ]*(?:#.*)?$", re.M
)
MODEL_IN_PROSE = (
    deferred(rf"(?:known as|called|named|titled|about|presents?|introduces?|introducing) (?:the )?{NAME}", re.I),
    deferred(rf"(?:the|our|using|utilizing|of) {NAME}[\"'”’`*]{{0,3}} model\b", re.I),
)
DATASET_IN_PROSE = deferred(
    r"\b(?:on|using|with|of|from|the) (?:the )?(?:[A-Z][a-z]+-to-[A-Z][a-z]+ )?"
    r"([\w/-]+(?:\.[\w/-]+)*(?: [A-Z0-9][\w/-]*(?:\.[\w/-]+)*){0,3})"
    r"[\"'”’`*]{0,3} data ?sets?\b"
)
KNOWN_IN_PROSE = deferred(r"\b(?:on|with|of|using) ([A-Z][\w-]{2,40})(?![\w/])")
TASKS = (
    (
        "token-classification",
        deferred(r"token[ -]classification|named[ -]entity[ -]recognition|\bNER\b|ForTokenClassification|part-of-speech tagging"),
    ),
    ("text-classification", deferred(r"(?:text|sequence)[ -]classification|sentiment[ -]analysis|ForSequenceClassification")),
    ("question-answering", deferred(r"(?:extractive )?question[ -]answering|ForQuestionAnswering")),
    ("automatic-speech-recognition", deferred(r"automatic speech recognition")),
    ("summarization", deferred(r"\bsummari[sz]ation\b")),
    ("image-classification", deferred(r"image classification|ForImageClassification")),
)
SIZE = r"(?:-(?:tiny|mini|small|medium|base|large|xl|xxl|uncased|cased|multilingual|v\d|\d+[bm]?))"
STOCK_MODEL = deferred(rf"(?:[\w.]+/)?[a-z0-9]+{SIZE}+", re.I)
ANY_TASK = deferred(r"\$\{?TASK", re.I)
IN_COMMAND = deferred(r"--model_name_or_path[ =]{1,3}[\"']?([\w./$~{}-]{2,100})")
STOCK_NAME = deferred(rf"(?<![\w/-])(?!utf-)[a-z][a-z0-9]{{1,20}}{SIZE}{{1,4}}(?![\w/-]|\.\d)")
ID_LIKE = deferred(r"\w[-_/]\w")
MODEL_LIKE = deferred(r"_|\d|[A-Z]\w*-|-[A-Z]|(?i:finetun|bert|gpt)|-(?:base|small|large)\b|/")
DESCENT = deferred(r"train|fine-?\s?tun|descend|start|based on|built|version", re.I)
LOOKED_AT = 6_000
AROUND_COMMAND = 600
AROUND_SIGN = 60
SHORTEST_BEFORE = len("trained in")
SIGNS_OF_DESCENT = ("ased on ", "nitialized from ", "nitialized with ", "nitialised from ", "nitialised with ")
MOST_SIGNS = 60
LONGEST_VERSION = 20


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
    signs = signs_in(text, start)
    tuned = (text[at : at + LONGEST_VERSION].lower() for at in signs["uned "])
    found = next(_names(document, BASE_IN_PROSE[:1]), None) if any(said.startswith(TUNED_VERSION) for said in tuned) else None
    if found:
        return found
    for sign, pattern in TOLD_BASES:
        for at in signs[sign][:MOST_SIGNS]:
            end = at + 5 * AROUND_SIGN
            told = pattern.search(text, max(start, at - AROUND_SIGN), end)
            name = _name(told) if told and told.end() < end else None
            if (
                told
                and name
                and not _is_title(document, name)
                and not (sign in OF_SENTENCES and is_of_another(text, start, told.start()))
            ):
                return name
    return _merged_base(text, start) if "merge_method" in text else _language_model(text, start) or _based(text, start)


def _based(text: str, start: int) -> Printed | None:
    """The model that the card's is "based on" or "initialized from", where it is spelled as a repository or a well-known id."""
    for sign in SIGNS_OF_DESCENT:
        for at in signs_in(text, start)[sign][:MOST_SIGNS]:
            found = BASED.search(text, max(start, at - SHORTEST_BEFORE), at + 3 * AROUND_SIGN)
            name = found[1].rstrip(".-") if found else ""
            if found and ("/" in name or STOCK_MODEL.fullmatch(name) or is_model_id(name.replace("+", ""))):
                return _name(found)
    return None


def _merged_base(text: str, start: int) -> Printed | None:
    """The base of a merge as mergekit's configuration names it, else the first of its models; no folder of a machine."""
    bases = "base_model:" in text[start:]
    found = next((each for each in MERGED.finditer(text, start) if ("base_model" in each[0]) == bases), None)
    return _name(found) if found else None


def _language_model(text: str, start: int) -> Printed | None:
    """The language model of a card that names the task beside it, where it is none that was tuned for that task before."""
    told = "anguage model" in text and "Downstream-task" in text
    found = LANGUAGE_MODEL.search(text, start) if told else None
    named = found is not None and ("/" in found[1] or STOCK_MODEL.fullmatch(found[1])) and not OF_TASK.search(found[1])
    return _name(found) if found and named else None


def _is_title(document: Document, name: Printed) -> bool:
    """Whether a name stands in a heading that it ends: "# The base model: `x`" is the model's own."""
    begin, end = document.text.rfind("\n", 0, name.span.start) + 1, document.text.find("\n", name.span.end)
    line = document.text[begin : end if end >= 0 else None]
    return line.startswith("#") and line.rstrip(" `*#").endswith(name.text)


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
