"""Cards of sentence-transformers: to 2.x the DataLoader and the parameters of `fit`, since 3.0 the Trainer's arguments and logs.

Seen in its base/model_card.py and model_card_template.md (3.0 to 6.2); the older template is the one that huggingface_hub's
`ModelCard` of 2021 to 2024 carries (`deprecated_model_card_templates.py`).
"""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.fit_parameters import (
    read_fit_parameters,
    read_longest_sequence,
    read_loss,
    read_loss_parameters,
)
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.model_facts import read_model_fact, read_told_facts
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import pairs_in
from cardaudit.document import Block, Bullet, Code, Document, Heading, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import Card, Result, Source, Span

SIGNS = (
    "using the [sentence-transformers](https://www.SBERT.net) library",
    "This is a [sentence-transformers](https://www.SBERT.net) model",
)
SIZES = "Number of training tuples"
LINKED = deferred(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
NOT_FILLED = "{MODEL_NAME}"  # the template's word, which most authors left
LOSSES = "`sentence_transformers.losses."
BY_TRAINER = "hyperparameters were used during training:"
SETTINGS = deferred(r"(?:Training|Non-Default|All) Hyperparameters", re.I)
EVALUATED_ON = deferred(r"Datasets?: (?=`)")
NAME = deferred(r"`([^`]{1,200})`")
MARKS = "*_` "
SPLITS = {
    "dev": "validation",
    "val": "validation",
    "validation": "validation",
    "eval": "validation",
    "test": "test",
    "train": "train",
}


def recognises(document: Document) -> bool:
    """By the sentence that names the library, unless the Trainer's own list of hyperparameters follows it."""
    return any(map(document.text.__contains__, SIGNS)) and BY_TRAINER not in document.text


def read(document: Document, source: Source) -> Card:
    """The card. Its numbers are rounded to four decimals, then shortened: no short print is exact (base/model_card.py 6.2)."""
    draft = begin(document)
    if draft.model_name is not None and draft.model_name.text == NOT_FILLED:
        draft.model_name = None
    read_body(draft)
    return draft.card(source)


def read_body(draft: Draft) -> None:
    """The lists under their headings, evaluation tables with the data set above them, everything else by its names."""
    loose, heading, evaluated = LooseReader(draft, headline_open=False), "", tuple[str, ...]()
    blocks = draft.document.blocks
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            heading, evaluated = block.text, ()
        if isinstance(block, Bullet) and (found := EVALUATED_ON.search(block.text)):
            evaluated = tuple(NAME.findall(block.text, found.end()))
        if isinstance(block, Paragraph) and "dimensional" in block.lines[0].text:
            read_told_facts(draft, block.lines[0].text, block.lines[0].start)
        if isinstance(block, Paragraph) and LOSSES in block.lines[-1].text:
            read_loss(draft, block.lines[-1])
        taken = _take_bullet(draft, heading, block) or _take_code(draft, blocks, at) or _is_sample(draft, blocks, at)
        if not (taken or _take_scores(draft, block, evaluated) or _take_sizes(draft, block)):
            loose.read(block)
    loose.finish_plainly()
    for block in blocks:
        if isinstance(block, Code) and block.lines and "SentenceTransformer(" in block.lines[0].text:
            read_longest_sequence(draft, block.lines)


def _take_bullet(draft: Draft, heading: str, block: Block) -> bool:
    if not isinstance(block, Bullet):
        return False
    if read_model_fact(draft, block):
        return True
    pair = next(pairs_in(block), None) if SETTINGS.fullmatch(heading) else None
    return pair is not None and draft.put_setting(pair, known_only=False)


def _take_code(draft: Draft, blocks: Sequence[Block], at: int) -> bool:
    """The dicts below "DataLoader:", the loss's name and "Parameters of the fit()-Method:"."""
    block, above = blocks[at], blocks[at - 1] if at else None
    if not isinstance(block, Code) or not isinstance(above, Paragraph):
        return False
    words = above.lines[-1].text
    if LOSSES in words:
        return read_loss_parameters(draft, block.lines)
    if "fit()-Method" not in words and "DataLoader" not in words:
        return False
    return read_fit_parameters(draft, above.lines[-1], block.lines)


def _is_sample(draft: Draft, blocks: Sequence[Block], at: int) -> bool:
    """A table of the training texts themselves: quoted data, whose numbers say nothing about the model."""
    block, above = blocks[at], blocks[at - 1] if at else None
    if not (isinstance(block, Table) and isinstance(above, Bullet) and above.text == "Samples:"):
        return False
    draft.also_read.extend(_rows(block))
    return True


def _rows(table: Table) -> Iterator[Span]:
    yield table.header.line.span
    for row in table.rows:
        yield row.line.span


def _take_scores(draft: Draft, block: Block, evaluated: Sequence[str]) -> bool:
    """A table of an evaluator: a metric a row, a data set a column, or one column "Value" for the data set named above it."""
    if not isinstance(block, Table) or block.header.cells[0].text != "Metric":
        return False
    headings = [cell.text.strip(MARKS) for cell in block.header.cells]
    for row in block.rows:
        label = row.cells[0].text.strip(MARKS)
        for heading, cell in zip(headings[1:], row.cells[1:], strict=False):
            number = read_value(cell.text, cell.start, label, whole=True)
            name = heading if heading in evaluated else evaluated[0] if len(evaluated) == 1 and heading == "Value" else None
            if number is not None and label:
                draft.results.append(Result(metric_key(label), number, dataset=name, split=_split(name)))
        draft.also_read.append(row.cells[0].span)
    draft.also_read.append(block.header.line.span)
    return True


def _take_sizes(draft: Draft, block: Block) -> bool:
    """How many tuples of each data set were trained on: `training_tuples_2` is the second's, each by the name in its row."""
    if not isinstance(block, Table) or block.header.cells[-1].text.strip(MARKS) != SIZES:
        return False
    for at, row in enumerate(block.rows, 1):
        name = LINKED.sub(r"\1", row.cells[0].text).strip(MARKS)
        number = read_value(row.cells[-1].text, row.cells[-1].start, name, exact=True, whole=True)
        if number is not None and len(row.cells) > 1:
            key = "training_tuples_total" if name == "Total" else f"training_tuples_{at}" if at > 1 else "training_tuples"
            draft.settings.setdefault(key, number)
            draft.also_read.extend(cell.span for cell in row.cells[:-1])
    return True


def _split(name: str | None) -> str | None:
    """The split that a data set's name ends with ("sts-dev")."""
    return SPLITS.get(re.split(r"[-_ ]", name)[-1].lower()) if name else None
