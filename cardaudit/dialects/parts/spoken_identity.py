"""The base and the data sets that sentences tell, where nothing plainer does; each reader is asked for by the words it needs."""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.signs import TRAINED_ON, signs_in

FAMILIES = (  # one stands in what most models are called
    "huggingface.co/", "iffusion", "bert", "BERT", "GPT", "T5", "t5", "gpt", "-base", "-large", "LECTRA", "lectra", "Bert",
    "BART", "bart", "SD", "MuRIL", "BETO", "XLM", "xlm", "Anything ",
    "CodeGen", "ythia",
)  # fmt: skip
LISTED_DATA = (
    "uned ",
    "rained ",
    "e used ",
    "ing on ",
    " for the ",
    "ata:",
    "ata**",
    "ataset:",
    "atasets:",
    "ataset**",
    "atasets**",
)
VERSION_OF = "tuned version of"  # the Trainer's words, which name the model's own repository where training went on from it


def use_spoken(draft: Draft) -> None:
    """What the draft lacks of both, from the readers whose expressions take long to compile."""
    document = draft.document
    signs = signs_in(document.text, document.body_start)
    if draft.base_model is None and any(map(document.text.__contains__, FAMILIES)):
        from cardaudit.dialects.parts.base_spoken import spoken_base

        draft.base_model = spoken_base(document)
    if not draft.datasets and any(map(signs.__getitem__, TRAINED_ON)):
        from cardaudit.dialects.parts.data_spoken import spoken_datasets

        draft.datasets = tuple(spoken_datasets(document))
    if not draft.datasets and any(map(document.text.__contains__, LISTED_DATA)):
        from cardaudit.dialects.parts.data_listed import listed_datasets

        draft.datasets = tuple(listed_datasets(document))


def is_own_name(draft: Draft, name: str) -> bool:
    """Whether the model that the text tells as the base is the card's own, as where a link to the base is mistaken."""
    base, document = draft.base_model, draft.document
    return base is not None and base.text == name and base.span.start >= document.body_start and VERSION_OF not in document.text
