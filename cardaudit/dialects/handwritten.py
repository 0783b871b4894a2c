"""Any other card: front matter, headings in any order, values known by their names alone. Knows every text."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.signs import signs_in
from cardaudit.document import Document
from cardaudit.records import Card, Source

FAMILIES = (  # one stands in what most models are called
    "huggingface.co/", "iffusion", "bert", "BERT", "GPT", "T5", "t5", "gpt", "-base", "-large", "LECTRA", "lectra", "Bert",
    "BART", "bart", "SD", "MuRIL", "BETO", "XLM", "xlm", "Anything ",
)  # fmt: skip
TOLD_OF_DATA = ("uned on ", "rained on ")
VERSION_OF = "tuned version of"  # the Trainer's words, which name the model's own repository where training went on from it


def recognises(document: Document) -> bool:  # noqa: ARG001 - the last dialect takes what no other knows
    """Always."""
    return True


def read(document: Document, source: Source) -> Card:
    """The card. Numbers were rounded by hand, so each may be half a unit of its last digit off."""
    draft = begin(document)
    if draft.base_model is None and any(map(document.text.__contains__, FAMILIES)):
        from cardaudit.dialects.parts.base_spoken import spoken_base  # its expressions take long to compile

        draft.base_model = spoken_base(document)
    if not draft.datasets and any(map(signs_in(document.text, document.body_start).__getitem__, TOLD_OF_DATA)):
        from cardaudit.dialects.parts.data_spoken import spoken_datasets

        draft.datasets = tuple(spoken_datasets(document))
    if _is_own_name(draft, source.name):
        draft.base_model = None
    read_body(draft)
    return draft.card(source)


def _is_own_name(draft: Draft, name: str) -> bool:
    """Whether the model that the text tells as the base is the card's own, as where a link to the base is mistaken."""
    base, document = draft.base_model, draft.document
    return base is not None and base.text == name and base.span.start >= document.body_start and VERSION_OF not in document.text


def read_body(draft: Draft) -> None:
    """Everything that its own name gives away, wherever it stands."""
    loose = LooseReader(draft)
    for block in draft.document.blocks:
        loose.read(block)
    loose.finish()
