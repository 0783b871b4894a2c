"""Data sets that a title or a labelled item names, where nothing else does: "* dataset: opus", "# XLM fine-tuned on SQuAD2.0"."""

import re
from collections.abc import Iterator

from cardaudit.dialects.parts.mentions import is_name
from cardaudit.document import Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

LABELS = ("ataset: ", "ataset:** ")
LABELLED = deferred(
    r"^[ \t]{0,8}[*+-][ \t]{1,8}[*_`]{0,2}(?:[Tt]rain(?:ing)? |[Ff]ine-?tuning )?[Dd]ataset(?:[*_`]{0,2}:|:\*\*) [*_`]{0,2}"
    r"(?P<names>[A-Za-z0-9][\w.+/-]*(?:, ?[A-Za-z0-9][\w.+/-]*)*)[*_`]{0,2}[ \t]*$",
    re.M,
)
EVALUATOR = "\n* Evaluated with ["  # as sentence-transformers goes on behind the name that its evaluator bears
NAME = deferred(r"[\w.+/-]+")
OF_EVALUATION = deferred(r"\b(?:evaluat\w+|test\w*|benchmarks?|results?|performance|usage)\b", re.I)
BASELINE = deferred(r"^#{1,3} Baseline Model trained on (?P<names>\S{2,120}) to apply (?:classification|regression) on ", re.M)
TUNED = deferred(r"\b[Ff](?i:ine-?\s?tuned on (?:the )?)[*_`]{0,3}(?P<names>[\w.+/-]{2,60})[*_`]{0,3}(?: data ?set)?\Z")


def named_datasets(document: Document) -> Iterator[DatasetMention]:
    """The names in the first item that is labelled so, in the title of scikit-learn's baseline, or at a title's end."""
    text, start = document.text, document.body_start
    found = _labelled(text, start) or (BASELINE.search(text, start) if "Baseline Model trained on " in text else None)
    if found:
        yield from _mentions(found, 0)
    elif "uned on " in text or "uned On " in text:
        yield from _in_title(document)


def _labelled(text: str, start: int) -> re.Match[str] | None:
    """The first item that is labelled so; none under a heading on evaluation, nor an evaluator's name."""
    at = min((at for at in (text.find(label, start) for label in LABELS) if at >= 0), default=-1)
    found = LABELLED.search(text, max(start, text.rfind("\n", start, at) + 1)) if at >= 0 else None
    if found and text.startswith(EVALUATOR, found.end()):
        return None
    heading = text.rfind("\n#", start, found.start()) if found else -1
    return None if heading >= 0 and OF_EVALUATION.search(text, heading, text.find("\n", heading + 1)) else found


def _in_title(document: Document) -> Iterator[DatasetMention]:
    """The benchmark that the card's first heading ends with."""
    title = next((block for block in document.blocks if isinstance(block, Heading)), None)
    found = TUNED.search(title.text) if title else None
    if title is None or found is None:
        return
    from cardaudit.dialects.parts.model_names import is_model  # the expressions of both take long to compile
    from cardaudit.dialects.parts.table_labels import is_benchmark

    if is_benchmark(found["names"]) and not is_model(found["names"]):
        yield from _mentions(found, title.start)


def _mentions(found: re.Match[str], offset: int) -> Iterator[DatasetMention]:
    begin = offset + found.start("names")
    for name in NAME.finditer(found["names"]):
        if is_name(name[0]) and not name[0].isdigit():
            yield DatasetMention(name[0], None, None, name[0], Span(begin + name.start(), begin + name.end()))
