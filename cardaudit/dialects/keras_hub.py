"""Cards of KerasHub's and KerasNLP's `upload_preset`: two sentences, and the backbone's configuration, an item a key."""

from cardaudit.dialects.handwritten import opened, read_body
from cardaudit.dialects.parts.pairs import pairs_in
from cardaudit.document import Bullet, Document
from cardaudit.records import Card, Source

LEAD = "Model config:"
OF_NO_SIZE = ("name", "trainable", "dtype")


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one; each key of the configuration is a setting under its own name."""
    draft = opened(document, source)
    read_body(draft)
    begin = document.text.find(LEAD, document.body_start)
    for block in document.blocks if begin >= 0 else ():
        if isinstance(block, Bullet) and block.start > begin:
            for pair in pairs_in(block):
                if pair.label not in OF_NO_SIZE:
                    draft.put_setting(pair, known_only=False)
    return draft.card(source)
