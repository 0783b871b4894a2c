"""Any other card: front matter, headings in any order, values known by their names alone. Knows every text."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.spoken_identity import is_own_name, use_spoken
from cardaudit.document import Document
from cardaudit.records import Card, Source


def recognises(document: Document) -> bool:  # noqa: ARG001 - the last dialect takes what no other knows
    """Always."""
    return True


def read(document: Document, source: Source) -> Card:
    """The card. Numbers were rounded by hand, so each may be half a unit of its last digit off."""
    draft = begin(document)
    use_spoken(draft)
    if is_own_name(draft, source.name):
        draft.base_model = None
    read_body(draft)
    return draft.card(source)


def read_body(draft: Draft) -> None:
    """Everything that its own name gives away, wherever it stands."""
    loose = LooseReader(draft)
    for block in draft.document.blocks:
        loose.read(block)
    loose.finish()
