"""Cards of AutoNLP and AutoTrain: a problem type, an emission, and validation metrics as a list or as lines."""

import re

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Bullet, Document, Heading, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Source, Span

SIGNS = ("Trained Using AutoTrain", "Trained Using AutoNLP")
MEASURED = deferred(r"(?:Validation|Evaluation) Metricsg?", re.I)  # as autotrain-advanced 0.6 misspells it
EMISSIONS = "CO2 Emissions (in grams)"
NAMES = frozenset(("Model ID",))
PROBLEM = "Problem type"
TASKS = {
    "Entity Extraction": "token-classification",
    "Extractive Question Answering": "question-answering",
    "Summarization": "summarization",
    "Translation": "translation",
}
OF_TEXT = {"Binary Classification": "text-classification", "Multi-class Classification": "text-classification"}
TUNED = "Best Params"
TITLE = "Model Trained Using Auto"
USED_AS = deferred(
    r"(?:https://api-inference\.huggingface\.co/(?:models/)?|\.from_pretrained\([\"'])(?P<name>[\w.-]{1,96}/[\w.-]{1,96}\w)"
)


def recognises(document: Document) -> bool:
    """By its heading."""
    return any(map(document.text.__contains__, SIGNS))


def read(document: Document, source: Source) -> Card:
    """The card. Every name under "Validation Metrics" is a metric, whatever it is called; they are the headline."""
    draft, heading = begin(document), ""
    loose = LooseReader(draft, headline_open=False)
    for block in document.blocks:
        heading = block.text if isinstance(block, Heading) else heading
        if not (isinstance(block, Bullet | Paragraph) and _take(draft, heading, block)):
            loose.read(block)
    loose.finish()
    use_tagged_task(draft)
    _take_name(draft)
    return draft.card(source)


def _take_name(draft: Draft) -> None:
    """The name by which the card has the model used, where its title is the template's."""
    if draft.model_name is None or draft.model_name.text.startswith(TITLE):
        found = USED_AS.search(draft.document.text, draft.document.body_start)
        if found:
            draft.model_name = Printed(found["name"], None, ZERO, Span(*found.span("name")))


def _take(draft: Draft, heading: str, block: Bullet | Paragraph) -> bool:
    if heading == TUNED:
        return sum([draft.put_setting(pair, known_only=False) for pair in pairs_in(block)]) > 0
    measured = MEASURED.fullmatch(heading) is not None
    taken = [_take_pair(draft, pair, measured) for pair in pairs_in(block)]
    return any(taken)


def _take_pair(draft: Draft, pair: Pair, measured: bool) -> bool:
    if pair.label in NAMES:
        draft.also_read.append(Span(pair.begin, pair.start + len(pair.value)))
        return True
    if pair.label == PROBLEM:
        _take_problem(draft, pair)
    emitted = pair.label == EMISSIONS
    number = read_value(pair.value, pair.start, pair.label, whole=True) if measured or emitted else None
    key = metric_key(pair.label)
    if number is None or not key:
        return False
    draft.also_read.append(Span(pair.begin, pair.start))
    if emitted:
        draft.settings.setdefault("co2_emissions_in_grams", number)
    else:
        draft.headline.setdefault(key, number)
    return True


def _take_problem(draft: Draft, pair: Pair) -> None:
    """The task that a problem type is; a classification is one of texts on the cards of AutoNLP alone."""
    of_text = "autonlp" in {tag.text for tag in draft.metadata.tags}
    task = TASKS.get(pair.value) or (OF_TEXT.get(pair.value) if of_text else None)
    if task and draft.task is None:
        draft.task = Printed(task, None, ZERO, Span(pair.start, pair.start + len(pair.value)), pair.value)
