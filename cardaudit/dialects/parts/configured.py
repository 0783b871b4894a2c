"""The base model and the data sets that a listing of a training's arguments names: "model_name_or_path", axolotl's "datasets"."""

import re

from cardaudit.dialects.parts.mentions import is_name, printed_at
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

BASES = ("pretrained_model_name_or_path", "model_name_or_path", "base_model_name", "model_id")
SETS = ("dataset_name",)
AROUND = 700
OF_TRAINING = deferred(r"\b(?:learning_rate|num_train_epochs|per_device_train_batch_size|train_batch_size)\b")
VALUE = (
    r"[ \t]{0,30}['\"]?[ \t]{0,4}[:= ][ \t]{0,30}['\"]?(?P<name>[A-Za-z0-9][\w.-]*(?:/[\w.-]*\w)?)(?=['\"]?[,;}]?[ \t]*(?:#.*)?$)"
)
ENTRY = r"^[ \t]{0,20}(?:[-*+][ \t]{1,4})?\{?[ \t]{0,4}['\"`]?"
BASE = deferred(rf"{ENTRY}(?:{'|'.join(BASES)})`?{VALUE}", re.M)
DATASET = deferred(rf"{ENTRY}(?:{'|'.join(SETS)})`?{VALUE}", re.M)
IN_AXOLOTL = "See axolotl config"
LISTED = deferred(r"^(?:datasets|pretraining_dataset):[ \t]*\r?\n(?P<entries>(?:[ \t-][^\n]*\n)+)", re.M)
PATH = deferred(r"^[ \t]{0,12}(?:-[ \t]{1,4})?path:[ \t]{1,4}['\"]?(?P<name>[\w./-]*\w)['\"]?[ \t]{0,8}\r?(?:#.*)?$", re.M)
READERS_OF_FILES = frozenset(("json", "csv", "parquet", "text", "arrow"))
BASE_NAME = deferred(
    r"[\w.-]+/[\w.-]+|[a-z][\w.]*-(?:[\w.]+-)*(?:tiny|mini|small|medium|base|large|xl|xxl|cased|uncased|\d+[bm]?)\b.*", re.I
)


def configured_base(document: Document) -> Printed | None:
    """The one model that the listings name beside settings of a training; None where they name several."""
    found = _entries(document, BASES, BASE)
    if len({each[0] for each in found}) != 1 or BASE_NAME.fullmatch(found[0][0]) is None:
        return None
    return printed_at(*found[0])


def configured_datasets(document: Document) -> list[DatasetMention]:
    """The data set, as that; none where the listings name several."""
    found = _entries(document, SETS, DATASET)
    if len({each[0] for each in found}) != 1 or not is_name(found[0][0]):
        return []
    return [DatasetMention(found[0][0], None, None, found[0][0], found[0][1])]


def axolotl_datasets(document: Document) -> list[DatasetMention]:
    """The data sets of axolotl's configuration: what its list names by path, but for files that a loader reads."""
    text = document.text
    begin = text.find(IN_AXOLOTL, document.body_start)
    listed = LISTED.search(text, begin) if begin >= 0 else None
    if listed is None:
        return []
    found = PATH.finditer(text, listed.start("entries"), listed.end("entries"))
    return [
        DatasetMention(each["name"], None, None, each["name"], Span(*each.span("name")))
        for each in found
        if is_name(each["name"]) and each["name"] not in READERS_OF_FILES
    ]


def _entries(document: Document, keys: tuple[str, ...], pattern: re.Pattern[str]) -> list[tuple[str, Span]]:
    text, start = document.text, document.body_start
    if not any(key in text for key in keys):
        return []
    entries = []
    for found, _ in zip(pattern.finditer(text, start), range(20), strict=False):
        if OF_TRAINING.search(text, max(start, found.start() - AROUND), found.end() + AROUND):
            entries.append((found["name"], Span(*found.span("name"))))
    return entries
