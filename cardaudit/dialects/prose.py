"""Articles that paraphrase a card: no front matter, bulleted spellings ("Training Batch Size"), tables that lost their marks."""

from collections.abc import Iterable

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.identity import base_model, datasets, model_name, task
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.metadata import misplaced_metadata
from cardaudit.dialects.parts.opening import use_east_asian, use_further
from cardaudit.dialects.parts.quick_look import is_east_asian
from cardaudit.dialects.parts.spoken_identity import is_own_name, use_spoken
from cardaudit.document import Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import Card, DatasetMention, Printed, Source

SPELLINGS = deferred(r"\b(?:Train(?:ing)?|Eval(?:uation)?) Batch Size|Number of Epochs|Learning Rate Scheduler|F1 Score:")


def recognises(document: Document) -> bool:
    """No front matter, and no Markdown headings or a paraphrase's spelling of the Trainer's names."""
    if document.front_matter is not None or document.front_matter_error is not None:
        return False
    marked = any(isinstance(block, Heading) and block.line.text.lstrip().startswith("#") for block in document.blocks)
    return not marked or SPELLINGS.search(document.text) is not None


def read(document: Document, source: Source) -> Card:
    """The card. Code counts: the model and the data set that it loads are those of the text, where the text names no others."""
    draft = Draft(document, name=source.name)
    loose = LooseReader(draft)
    for block in document.blocks:
        loose.read(block)
    loose.use_coded_settings()
    loose.set_precision()
    loose.use_stated_as_headline()
    draft.metadata = misplaced_metadata(document)
    in_training = bool(loose.coded or loose.loaded)  # a model that code loads for use alone is the card's own
    if is_east_asian(document.text):
        use_east_asian(draft)
    draft.base_model = draft.base_model or base_model(document, prose=True) or _first(loose.models if in_training else [])
    found = _once([*draft.datasets, *loose.loaded, *datasets(document, prose=True)])
    draft.base_model, draft.datasets = draft.base_model or base_model(document), found or datasets(document)
    use_further(draft)
    use_spoken(draft)
    if is_own_name(draft, source.name):
        draft.base_model = None
    draft.model_name = model_name(document, prose=True, other_than=draft.base_model)
    draft.task = task(document, prose=True)
    return draft.card(source)


def _first(models: list[Printed]) -> Printed | None:
    return models[0] if models else None


def _once(mentions: Iterable[DatasetMention]) -> tuple[DatasetMention, ...]:
    found: dict[str, DatasetMention] = {}
    for mention in mentions:
        found.setdefault(mention.id.lower(), mention)
    return tuple(found.values())
