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
    "ing data ",
    "uning ",
    "e train",
    "e pre",
    " used ",
    "e use ",
    " for the ",
    "ata:",
    "ata**",
    "ataset:",
    "atasets:",
    "ataset**",
    "atasets**",
)
ENUMERATED_DATA = ("orpora", "orpus", "raining data", "raining Data", "dataset", "| Source", "sources")
VERBS = ("uned ", "rained ", "uning ", "raining ", "une ", "rain ", "uned\n", "rained\n")  # of training
BEFORE_MEMBER = (" and [", ", [", " + [", " & [", " and the [", ", the [")
LONGEST_BEHIND = 120  # a link's address, and the word "corpus"
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
    elif _may_be_part(draft) and any(map(signs.__getitem__, TRAINED_ON)):
        from cardaudit.dialects.parts.data_listed import listed_datasets

        whole = {each.span.start: each for each in listed_datasets(document)}
        known = {each.span.start: each for each in draft.datasets}
        if known.keys() < whole.keys():
            draft.datasets = tuple((whole | known).values())
    if not draft.datasets and any(map(document.text.__contains__, ENUMERATED_DATA)):
        from cardaudit.dialects.parts.data_enumerated import enumerated_datasets

        draft.datasets = tuple(enumerated_datasets(document))
    if not draft.datasets and any(map(signs.__getitem__, VERBS)):
        from cardaudit.dialects.parts.data_phrased import phrased_datasets

        draft.datasets = tuple(phrased_datasets(document))


def _may_be_part(draft: Draft) -> bool:
    """Whether the data sets that are read of the text may be part of a sentence's list: "tuned on ABC and [DEF](...)"."""
    text, start, spans = draft.document.text, draft.document.body_start, [each.span for each in draft.datasets]
    if not spans or spans[0].start <= start:
        return False
    behind = text[spans[-1].end : spans[-1].end + LONGEST_BEHIND]
    return text.endswith(BEFORE_MEMBER, start, spans[0].start) or " and " in behind or ", " in behind


def is_own_name(draft: Draft, name: str) -> bool:
    """Whether the model that the text tells as the base is the card's own, as where a link to the base is mistaken."""
    base, document = draft.base_model, draft.document
    return base is not None and base.text == name and base.span.start >= document.body_start and VERSION_OF not in document.text
