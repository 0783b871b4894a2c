"""Cards of AutoNLP and AutoTrain: a problem type, an emission, and validation metrics as a list or as lines."""

import re

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.document import Bullet, Document, Heading, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source, Span

SIGNS = ("Trained Using AutoTrain", "Trained Using AutoNLP")
MEASURED = deferred(r"(?:Validation|Evaluation) Metrics", re.I)
EMISSIONS = "CO2 Emissions (in grams)"
NAMES = frozenset(("Model ID",))


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
    return draft.card(source)


def _take(draft: Draft, heading: str, block: Bullet | Paragraph) -> bool:
    measured = MEASURED.fullmatch(heading) is not None
    taken = [_take_pair(draft, pair, measured) for pair in pairs_in(block)]
    return any(taken)


def _take_pair(draft: Draft, pair: Pair, measured: bool) -> bool:
    if pair.label in NAMES:
        draft.also_read.append(Span(pair.begin, pair.start + len(pair.value)))
        return True
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
