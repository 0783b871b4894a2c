"""The ways of writing a card, one file each: what a dialect is, and which there are."""

from collections.abc import Callable
from typing import NamedTuple

from cardaudit.dialects import handwritten, keras, prose, trainer
from cardaudit.document import Document
from cardaudit.records import Card, Source


class Dialect(NamedTuple):
    """`recognises` says whether a text is written in it, `read` gives the card; both take any document and never raise."""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document, Source], Card]


DIALECTS = (
    Dialect("keras", keras.recognises, keras.read),
    Dialect("trainer", trainer.recognises, trainer.read),
    Dialect("prose", prose.recognises, prose.read),
    Dialect("handwritten", handwritten.recognises, handwritten.read),
)
