"""The base model and the data set that a listing of a training's arguments names: "model_name_or_path", "dataset_name"."""

import re

from cardaudit.dialects.parts.mentions import is_name, printed_at
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

BASES = ("model_name_or_path", "base_model_name", "model_id")
SETS = ("dataset_name",)
AROUND = 700
OF_TRAINING = deferred(r"\b(?:learning_rate|num_train_epochs|per_device_train_batch_size|train_batch_size)\b")
VALUE = (
    r"[ \t]{0,30}['\"]?[ \t]{0,4}[:= ][ \t]{0,30}['\"]?(?P<name>[A-Za-z0-9][\w.-]*(?:/[\w.-]*\w)?)(?=['\"]?[,;}]?[ \t]*(?:#.*)?$)"
)
ENTRY = r"^[ \t]{0,20}(?:[-*+][ \t]{1,4})?\{?[ \t]{0,4}['\"`]?"
BASE = deferred(rf"{ENTRY}(?:{'|'.join(BASES)})`?{VALUE}", re.M)
DATASET = deferred(rf"{ENTRY}(?:{'|'.join(SETS)})`?{VALUE}", re.M)
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


def _entries(document: Document, keys: tuple[str, ...], pattern: re.Pattern[str]) -> list[tuple[str, Span]]:
    text, start = document.text, document.body_start
    if not any(key in text for key in keys):
        return []
    entries = []
    for found, _ in zip(pattern.finditer(text, start), range(20), strict=False):
        if OF_TRAINING.search(text, max(start, found.start() - AROUND), found.end() + AROUND):
            entries.append((found["name"], Span(*found.span("name"))))
    return entries
