"""Cards of SetFit (1.0 on): settings as pairs, one for the embedding phase and one for the classifier phase.

"batch_size: (16, 2)" is `embedding_batch_size` 16 and `classifier_batch_size` 2 (setfit/training_args.py). The first trains the
body and is what the training table counts steps of, so it stands under the Trainer's key; the second is in `other`.
SpanMarker's template is the same but for its settings, which are the Trainer's own (span_marker/model_card.py 1.8).
"""

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.model_facts import read_cost, read_model_fact
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.dialects.parts.trained_data import quoted, spans_of, take_counts
from cardaudit.document import Block, Bullet, Document, Heading
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Source, Span

SIGN = "This is a [SetFit](https://github.com/huggingface/setfit) model"
TWO = deferred(r"\(([-+.\deE]{1,24}),\s?([-+.\deE]{1,24})\)")
BODY = deferred(r"\*\*(?:Sentence Transformer body|Encoder):\*\* \[([^\]\n]{1,200})\]\(")
KEYS = {
    "batch_size": ("train_batch_size", "classifier_batch_size"),
    "num_epochs": ("num_epochs", "classifier_num_epochs"),
    "body_learning_rate": ("learning_rate", "body_classifier_learning_rate"),
}


def recognises(document: Document) -> bool:
    """By its first sentence."""
    return SIGN in document.text


def read(document: Document, source: Source) -> Card:
    """The card; its table has the Trainer's columns, with numbers that were rounded before."""
    draft, heading = begin(document), ""
    draft.base_model = draft.base_model or _body(document)
    loose, of_data = LooseReader(draft, headline_open=False), quoted(document.blocks)
    for at, block in enumerate(document.blocks):
        heading = block.text if isinstance(block, Heading) else heading
        if take_counts(draft, block) or _take(draft, heading, block):
            continue
        if at in of_data:
            draft.also_read.extend(spans_of(block))
        else:
            loose.read(block)
    loose.finish_plainly()
    return draft.card(source)


def _body(document: Document) -> Printed | None:
    found = BODY.search(document.text, document.body_start)
    return Printed(found[1], None, ZERO, Span(*found.span(1))) if found else None


def _take(draft: Draft, heading: str, block: Block) -> bool:
    if not isinstance(block, Bullet):
        return False
    if read_model_fact(draft, block) or read_cost(draft, heading, block):
        return True
    pair = next(pairs_in(block), None) if heading == "Training Hyperparameters" else None
    if pair is None:
        return False
    two = TWO.fullmatch(pair.value) if pair.label in KEYS else None
    if two is None:
        return draft.put_setting(pair, known_only=False)
    taken = [
        draft.put_setting(Pair(key, two[at], pair.start + two.start(at), pair.begin), known_only=False)
        for at, key in enumerate(KEYS[pair.label], 1)
    ]
    return all(taken)
