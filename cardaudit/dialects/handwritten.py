"""Any other card: front matter, headings in any order, values known by their names alone. Knows every text."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.headline import items_under_sentence, take_headline
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.spoken_identity import is_own_name, use_spoken
from cardaudit.document import Bullet, Document
from cardaudit.records import Card, Source


def recognises(document: Document) -> bool:  # noqa: ARG001 - the last dialect takes what no other knows
    """Always."""
    return True


def read(document: Document, source: Source) -> Card:
    """The card. Numbers were rounded by hand, so each may be half a unit of its last digit off."""
    draft = opened(document, source)
    read_body(draft)
    return draft.card(source)


def opened(document: Document, source: Source) -> Draft:
    """What front matter and sentences say of the model; its own name is no base."""
    draft = begin(document)
    draft.name = source.name
    use_spoken(draft)
    if is_own_name(draft, source.name):
        draft.base_model = None
    return draft


def read_body(draft: Draft) -> None:
    """Everything that its own name gives away, wherever it stands; under the Trainer's sentence every item is a metric."""
    blocks = draft.document.blocks
    items = items_under_sentence(draft.document.text, blocks)
    loose = LooseReader(draft, headline_open=not items)
    for block in blocks:
        if not (items and isinstance(block, Bullet) and block.start in items and take_headline(draft, block)):
            loose.read(block)
    loose.finish()
