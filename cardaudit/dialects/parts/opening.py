"""What every dialect takes first: the front matter's index and metadata, and which model, base, data and task the card names."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.metadata import read_metadata
from cardaudit.dialects.parts.model_index import read_model_index
from cardaudit.document import Document


def begin(document: Document) -> Draft:
    """A draft that knows the front matter and the card's identity, and nothing of its body yet."""
    draft, front = Draft(document), document.front_matter
    if front is not None:
        draft.model_index, draft.metadata = read_model_index(front), read_metadata(front)
    draft.model_name, draft.base_model = model_name(document), base_model(document)
    draft.task, draft.datasets = task(document), datasets(document)
    return draft
