"""Any other card: front matter, headings in any order, values known by their names alone. Knows every text."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.model_index import read_model_index
from cardaudit.document import Document
from cardaudit.records import Card, Source


def recognises(document: Document) -> bool:  # noqa: ARG001 - the last dialect takes what no other knows
    """Always."""
    return True


def read(document: Document, source: Source) -> Card:
    """The card. Numbers were rounded by hand, so each may be half a unit of its last digit off."""
    draft = Draft(document)
    draft.model_index = read_model_index(document.front_matter) if document.front_matter else ()
    draft.model_name, draft.base_model = model_name(document), base_model(document)
    draft.task, draft.datasets = task(document), datasets(document)
    loose = LooseReader(draft)
    for block in document.blocks:
        loose.read(block)
    loose.use_coded_settings()
    loose.use_stated_as_results()
    loose.set_precision()
    return draft.card(source)
