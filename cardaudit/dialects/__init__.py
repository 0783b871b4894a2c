"""The ways of writing a card, one file each: what a dialect is, and which there are."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from cardaudit.dialects import (
    autotrain,
    eval_results,
    handwritten,
    huggingtweets,
    keras,
    prose,
    reinforcement,
    sentence_transformers,
    setfit,
    spacy,
    trainer,
)
from cardaudit.dialects.signed import SIGNS, signed
from cardaudit.document import Document
from cardaudit.records import Card, Source


class Dialect(NamedTuple):
    """`recognises` says whether a text is written in it, `read` gives the card; both take any document and never raise."""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document, Source], Card]


def _reader(name: str) -> Callable[[Document, Source], Card]:
    """A signed dialect's `read`. A file of its own is imported with the first card that bears its sign: most cards bear none."""
    if name not in OF_THEIR_OWN:
        return handwritten.read
    stem = SHARED.get(name, name.replace("-", "_"))

    def read(document: Document, source: Source) -> Card:
        module = import_module(f"cardaudit.dialects.{stem}")
        return cast(Card, module.read(document, source))

    return read


OF_THEIR_OWN = frozenset(
    ("adapters", "bertopic", "diffusers", "espnet", "flair", "keras-hub", "lerobot", "opus-mt", "span-marker")
)
SHARED = {"bertopic": "fact_sheets", "lerobot": "fact_sheets"}
DIALECTS = (
    Dialect("setfit", setfit.recognises, setfit.read),
    Dialect("sentence-transformers", sentence_transformers.recognises, sentence_transformers.read),
    Dialect("keras", keras.recognises, keras.read),
    *(Dialect(name, signed(name), _reader(name)) for name in SIGNS),
    Dialect("trainer", trainer.recognises, trainer.read),
    Dialect("autotrain", autotrain.recognises, autotrain.read),
    Dialect("spacy", spacy.recognises, spacy.read),
    Dialect("reinforcement-learning", reinforcement.recognises, reinforcement.read),
    Dialect("huggingtweets", huggingtweets.recognises, huggingtweets.read),
    Dialect("eval-results", eval_results.recognises, eval_results.read),
    Dialect("prose", prose.recognises, prose.read),
    Dialect("handwritten", handwritten.recognises, handwritten.read),
)
