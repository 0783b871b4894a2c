"""What every dialect takes first: the front matter's index and metadata, and which model, base, data and task the card names."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.metadata import read_metadata
from cardaudit.dialects.parts.model_index import read_model_index
from cardaudit.dialects.parts.quick_look import is_east_asian
from cardaudit.document import Document


def begin(document: Document) -> Draft:
    """A draft that knows the front matter and the card's identity, and nothing of its body yet."""
    draft, front = Draft(document), document.front_matter
    if front is not None:
        draft.model_index, draft.metadata = read_model_index(front), read_metadata(front)
    draft.model_name, draft.base_model = model_name(document), base_model(document)
    draft.task, draft.datasets = task(document), datasets(document)
    if not (draft.base_model and draft.datasets) and is_east_asian(document.text):
        use_east_asian(draft)
    return draft


def use_east_asian(draft: Draft) -> None:
    """The base and the data sets that sentences in Chinese, Japanese or Korean tell, where nothing else does."""
    from cardaudit.dialects.parts.east_asian import told_base, told_datasets  # their expressions take long to compile

    text, start = draft.document.text, draft.document.body_start
    draft.base_model = draft.base_model or told_base(text, start)
    if not draft.datasets:
        draft.datasets = tuple({each.id.lower(): each for each in reversed([*told_datasets(text, start)])}.values())[::-1]
