"""Cards of AdapterHub: one sentence names the model, the data set and the head of an adapter."""

from collections.abc import Mapping

from cardaudit.dialects.handwritten import read_body
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.spoken_identity import use_spoken
from cardaudit.document import Document
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Source, Span

TITLE = deferred(r"Adapter `(?P<name>[^`\n]{1,200})` for .{1,200}")
HEAD = deferred(r" includes a prediction head for (?P<words>[a-z ]{1,40})\.")
TASKS: Mapping[str, str] = {
    "classification": "text-classification",
    "multiple choice": "multiple-choice",
    "question answering": "question-answering",
    "tagging": "token-classification",
}


def read(document: Document, source: Source) -> Card:
    """The card; its name is the one in the title, its task the head's where the front matter states none."""
    draft = begin(document)
    use_spoken(draft)
    read_body(draft)
    _take_title(draft)
    found = HEAD.search(document.text, document.body_start) if draft.task is None else None
    if found and found["words"] in TASKS:
        draft.task = Printed(TASKS[found["words"]], None, ZERO, Span(*found.span("words")), found["words"])
    return draft.card(source)


def _take_title(draft: Draft) -> None:
    title = draft.model_name
    if title is not None and (found := TITLE.fullmatch(title.text)):
        start = title.span.start + found.start("name")
        draft.model_name = Printed(found["name"], None, ZERO, Span(start, start + len(found["name"])))
