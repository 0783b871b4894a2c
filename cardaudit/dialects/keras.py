"""Cards of the Keras callback (transformers 4.13 to 4.57): a dict as optimizer, "Train Loss", epochs from 0."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.model_index import read_model_index
from cardaudit.dialects.trainer import read_body
from cardaudit.document import Document
from cardaudit.records import Card, Source

SIGNS = ("generated_from_keras_callback", "according to the information Keras had access to")


def recognises(document: Document) -> bool:
    """By the tag or the comment."""
    return any(sign in document.text for sign in SIGNS)


def read(document: Document, source: Source) -> Card:
    """The card. The headline's "Validation Loss" is its `loss`, as it would be in a Trainer's card."""
    draft = Draft(document)
    draft.model_index = read_model_index(document.front_matter) if document.front_matter else ()
    draft.model_name, draft.base_model = model_name(document), base_model(document)
    draft.task, draft.datasets = task(document), datasets(document)
    read_body(draft)
    draft.headline = {"loss" if key == "validation_loss" else key: number for key, number in draft.headline.items()}
    return draft.card(source)
