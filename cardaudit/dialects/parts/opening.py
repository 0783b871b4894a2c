"""What every dialect takes first: the front matter's index and metadata, and which model, base, data and task the card names."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.metadata import misplaced_metadata, read_metadata
from cardaudit.dialects.parts.model_index import read_model_index
from cardaudit.dialects.parts.named_data import named_datasets
from cardaudit.dialects.parts.quick_look import is_east_asian
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.records import DatasetMention, Printed

SIGNS_OF_BASE = (
    "model was fine", "model is fine", "model has been fine", " finetune ", " fine-tune ", "uned on ", "uned for ", "uned in ",
    "odel (", "heckpoints ", "` checkpoint", "Dreambooth model trained ", "\nmodel: ",
)  # fmt: skip
SIGN_OF_CONFIGURATION = "model_"
SIGNS_OF_DATA = (
    "ata: ", "taset:", "taset\n", "ata\n", "ata:** ", "tasets\n", "ata 1: ", "dataset_name", " loaded", "raining data is ",
    " https://huggingface.co/datasets/", "See axolotl config",
)  # fmt: skip


def begin(document: Document) -> Draft:
    """A draft that knows the front matter and the card's identity, and nothing of its body yet."""
    draft, front = Draft(document), document.front_matter
    if front is not None:
        draft.model_index, draft.metadata = read_model_index(front), read_metadata(front)
    else:
        draft.metadata = misplaced_metadata(document)
    draft.model_name, draft.base_model = model_name(document), base_model(document)
    draft.task, draft.datasets = task(document), datasets(document)
    use_further(draft)
    if not (draft.base_model and draft.datasets) and is_east_asian(document.text):
        use_east_asian(draft)
    return draft


def use_further(draft: Draft) -> None:
    """The base and the data sets that titles, labelled items and less common words name, where the draft has none."""
    document = draft.document
    if draft.base_model is None:
        draft.base_model = _further_base(document)
    if not draft.datasets:
        draft.datasets = tuple(named_datasets(document))
    if not draft.datasets and "ata" in document.text and any(map(document.text.__contains__, SIGNS_OF_DATA)):
        draft.datasets = _further_datasets(document)


def _further_base(document: Document) -> Printed | None:
    found = None
    if any(map(signs_in(document.text, document.body_start).__getitem__, SIGNS_OF_BASE)):
        from cardaudit.dialects.parts.base_named import named_base  # its expressions take long to compile

        found = named_base(document)
    if found is None and SIGN_OF_CONFIGURATION in document.text:
        from cardaudit.dialects.parts.configured import configured_base

        found = configured_base(document)
    return found


def _further_datasets(document: Document) -> tuple[DatasetMention, ...]:
    from cardaudit.dialects.parts.configured import axolotl_datasets, configured_datasets  # the expressions take long to compile
    from cardaudit.dialects.parts.further_data import further_datasets

    return tuple(further_datasets(document)) or tuple(configured_datasets(document) or axolotl_datasets(document))


def use_east_asian(draft: Draft) -> None:
    """The base and the data sets that sentences in Chinese, Japanese or Korean tell, where nothing else does."""
    from cardaudit.dialects.parts.east_asian import told_base, told_datasets  # their expressions take long to compile

    text, start = draft.document.text, draft.document.body_start
    draft.base_model = draft.base_model or told_base(text, start)
    if not draft.datasets:
        draft.datasets = tuple({each.id.lower(): each for each in reversed([*told_datasets(text, start)])}.values())[::-1]
