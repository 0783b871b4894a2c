"""Cards of sentence-transformers: to 2.x the DataLoader and the parameters of `fit`, since 3.0 the Trainer's arguments and logs.

Seen in its base/model_card.py and model_card_template.md (3.0 to 6.2), which PyLate (1.1 to 1.6) extends; the older template is
the one that huggingface_hub's `ModelCard` of 2021 to 2024 carries (`deprecated_model_card_templates.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.epoch_table import Known, read_epoch_table
from cardaudit.dialects.parts.fit_parameters import (
    read_fit_parameters,
    read_longest_sequence,
    read_loss,
    read_loss_parameters,
)
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.model_facts import read_cost, read_model_fact, read_told_facts
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import read_cell, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.optimizer_parts import PARTS, with_parts
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.dialects.parts.trained_data import is_first_loss, mentioned_data, quoted, spans_of, take_loss, trained_first
from cardaudit.document import Block, Bullet, Code, Document, Heading, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import Card, EpochRow, Result, Source

SIGNS = (
    "using the [sentence-transformers](https://www.SBERT.net) library",
    "This is a [sentence-transformers](https://www.SBERT.net) model",
    "This is a [PyLate](https://github.com/lightonai/pylate) model",
)
SIZES = "Number of training tuples"
LINKED = deferred(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
NOT_FILLED = "{MODEL_NAME}"  # the template's word, which most authors left
LOSSES = "`sentence_transformers.losses."
BY_TRAINER = "hyperparameters were used during training:"
SETTINGS = deferred(r"(?:Training|Non-Default|All) Hyperparameters", re.I)
EVALUATED_ON = deferred(r"Datasets?: (?=`)")
NAME = deferred(r"`([^`]{0,4000})`")
LISTED = deferred(r"'([^']{1,200})'")
CHANGE = " ("  # behind a reranker's score: how far it lies above that of the order before
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
    draft.datasets = trained_first(tuple(mentioned_data(document.blocks)), draft.datasets)
    read_body(draft)
    _use_arguments(draft)
    return draft.card(source)


def _use_arguments(draft: Draft) -> None:
    """The optimizer's numbers among the arguments; to 3.1, the loss of the only data set evaluated in a column "loss"."""
    if draft.optimizer:
        told = [(key, value) for key, value in draft.settings.items() if key in PARTS]
        parts = [Pair(key, value.text, value.span.start, value.span.start) for key, value in told]
        draft.optimizer = with_parts(draft.optimizer, parts)
    if any("loss" in row.metrics for row in draft.epochs) and not any(row.validation_loss for row in draft.epochs):
        draft.epochs = tuple(map(_with_validation_loss, draft.epochs))


def _with_validation_loss(row: EpochRow) -> EpochRow:
    others = {key: number for key, number in row.metrics.items() if key != "loss"}
    return replace(row, validation_loss=row.metrics.get("loss"), metrics=others)


def read_body(draft: Draft) -> None:
    """The lists under their headings, evaluation tables with the data set above them, everything else by its names."""
    loose, heading, evaluated = LooseReader(draft, headline_open=False), "", tuple[str, ...]()
    blocks, of_data = draft.document.blocks, quoted(draft.document.blocks)
    for at, block in enumerate(blocks):
        if at in of_data:
            draft.also_read.extend(spans_of(block))
            continue
        if isinstance(block, Heading):
            heading, evaluated = block.text, ()
        if isinstance(block, Bullet) and (found := EVALUATED_ON.match(block.text)) and NAME.search(block.text):
            evaluated = tuple(NAME.findall(block.text, found.end()))
            if evaluated[0].startswith("["):  # as PyLate prints several
                evaluated = tuple(LISTED.findall(evaluated[0]))
        if isinstance(block, Paragraph) and "dimensional" in block.lines[0].text:
            read_told_facts(draft, block.lines[0].text, block.lines[0].start)
        if isinstance(block, Paragraph) and LOSSES in block.lines[-1].text:
            read_loss(draft, block.lines[-1])
        taken = _take_bullet(draft, heading, block) or _take_code(draft, blocks, at) or take_loss(draft, blocks, at)
        if not (taken or _take_scores(draft, block, evaluated) or _take_log(draft, heading, block) or _take_sizes(draft, block)):
            loose.read(block)
    loose.finish_plainly()
    for block in blocks:
        if isinstance(block, Code) and block.lines and "SentenceTransformer(" in block.lines[0].text:
            read_longest_sequence(draft, block.lines)


def _take_bullet(draft: Draft, heading: str, block: Block) -> bool:
    if not isinstance(block, Bullet):
        return False
    if read_model_fact(draft, block) or read_cost(draft, heading, block):
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
        return not is_first_loss(draft, above.lines[-1].span) or read_loss_parameters(draft, block.lines)
    if "fit()-Method" not in words and "DataLoader" not in words:
        return False
    return read_fit_parameters(draft, above.lines[-1], block.lines)


def _take_log(draft: Draft, heading: str, block: Block) -> bool:
    """The training's table, whatever the evaluators in its columns are called."""
    if heading != "Training Logs" or draft.epochs or not isinstance(block, Table):
        return False
    if [cell.text for cell in block.header.cells[:2]] != ["Epoch", "Step"]:
        return False
    epochs = draft.settings.get("num_epochs")
    reading = read_epoch_table(block, Known(epochs.value if epochs else None))
    draft.epochs, draft.elided = tuple(map(_outside_training, reading.rows)), reading.elided
    draft.also_read.append(block.header.line.span)
    cells = (cell for row in block.rows for cell in row.cells)
    draft.also_read.extend(cell.span for cell in cells if CHANGE in cell.text or cell.text.strip(MARKS) == "-1")
    return True


def _outside_training(row: EpochRow) -> EpochRow:
    """A row without epoch and step where it prints -1 for both: an evaluation before or after the training (3.4 on)."""
    both = (row.epoch, row.step)
    return replace(row, epoch=None, step=None) if all(each is not None and each.value == -1 for each in both) else row


def _take_scores(draft: Draft, block: Block, evaluated: Sequence[str]) -> bool:
    """A table of an evaluator: a metric a row, a data set a column, or one column "Value" for the data set named above it."""
    if not isinstance(block, Table) or block.header.cells[0].text != "Metric":
        return False
    headings = [cell.text.strip(MARKS) for cell in block.header.cells]
    if len(headings) > 2 and not any(heading in evaluated for heading in headings[1:]):
        return False  # an author's own: its columns are models, or before and after
    for row in block.rows:
        label = row.cells[0].text.strip(MARKS)
        for heading, cell in zip(headings[1:], row.cells[1:], strict=False):
            number = read_cell(cell.text, cell.start, label) if cell.text else None
            name = heading if heading in evaluated else evaluated[0] if len(evaluated) == 1 and heading == "Value" else None
            if number is not None and label:
                draft.results.append(Result(metric_key(label), number, dataset=name or None, split=_split(name)))
            if CHANGE in cell.text:
                draft.also_read.append(cell.span)
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
