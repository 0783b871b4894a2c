"""Cards of the Keras callback (transformers 4.14 to 4.57): a dict as optimizer, "Train Loss", epochs from 0."""

from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.trainer import read_body
from cardaudit.document import Document
from cardaudit.records import Card, Source

SIGNS = ("generated_from_keras_callback", "according to the information Keras had access to")


def recognises(document: Document) -> bool:
    """By the tag or the comment."""
    return any(map(document.text.__contains__, SIGNS))


def read(document: Document, source: Source) -> Card:
    """The card. The headline's "Validation Loss" is its `loss`, as it would be in a Trainer's card."""
    draft = begin(document)
    read_body(draft)
    draft.headline = {"loss" if key == "validation_loss" else key: number for key, number in draft.headline.items()}
    return draft.card(source)
