"""Cards of spaCy's `huggingface-hub push`: a table of features, a label scheme, and "Type | Score" in percent without a %."""

from collections.abc import Iterator

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.model_facts import read_told_facts
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Block, Cell, Document, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Result, Source, Span

ENDINGS = {"p": "precision", "r": "recall", "f": "f1", "acc": "accuracy"}
MARKS = "*_`' "
VECTORS = deferred(
    r"(?P<vector_keys>-?\d{1,9}) keys, (?P<unique_vectors>\d{1,9}) unique vectors \((?P<vector_dimensions>\d{1,5}) dimensions\)"
)
VERSION = deferred(r"[\w.<>=!~, -]{1,60}")


def recognises(document: Document) -> bool:
    """By its table of features."""
    return "| **spaCy** |" in document.text or "| **Default Pipeline** |" in document.text


def read(document: Document, source: Source) -> Card:
    """The card. A score's key says of what: ENTS_F is `ents_f1`, TAG_ACC `tag_accuracy`."""
    draft = begin(document)
    loose = LooseReader(draft)
    for block in document.blocks:
        if not _take(draft, block):
            loose.read(block)
    loose.finish()
    return draft.card(source)


def _take(draft: Draft, block: Block) -> bool:
    if isinstance(block, Paragraph) and "label scheme" in block.lines[-1].text:
        read_told_facts(draft, block.lines[-1].text, block.lines[-1].start)
    if not isinstance(block, Table):
        return False
    header = [cell.text for cell in block.header.cells]
    if header == ["Type", "Score"]:
        draft.results.extend(_scores(block))
        draft.also_read.extend(row.cells[0].span for row in block.rows if row.cells)
    elif header == ["Component", "Labels"]:
        draft.also_read.extend(row.line.span for row in block.rows)
    elif header == ["Feature", "Description"]:
        _take_features(draft, block)
    else:
        return False
    return True


def _scores(table: Table) -> Iterator[Result]:
    for row in table.rows:
        name = row.cells[0].text.strip(MARKS)
        number = read_value(row.cells[1].text, row.cells[1].start, name, whole=True) if len(row.cells) == 2 else None
        if number is not None:
            yield Result(_key(name), number)


def _key(name: str) -> str:
    what, _, ending = name.lower().rpartition("_")
    if what and ending in ENDINGS:
        return f"{what}_{ENDINGS[ending]}"
    return name.lower() if "_" in name else metric_key(name)


def _take_features(draft: Draft, table: Table) -> None:
    """The library's version, its vectors and its sources; the model's own version and licence are no numbers to read."""
    for row in table.rows:
        if len(row.cells) != 2:
            continue
        name, value = row.cells[0].text.strip(MARKS), row.cells[1].text.strip(MARKS)
        start = row.cells[1].start + row.cells[1].text.find(value)
        if name == "spaCy" and VERSION.fullmatch(value):
            draft.put_versions([("spacy", Printed(value, None, ZERO, Span(start, start + len(value)), name))])
        elif name == "Vectors":
            _take_vectors(draft, row.cells[1])
        elif name == "Sources" and "](" in value:
            from cardaudit.dialects.parts.spacy_sources import take_sources  # most pipelines have no source with an address

            take_sources(draft, row.cells[1])
        elif name in ("Version", "Name", "License"):
            draft.also_read.append(row.line.span)


def _take_vectors(draft: Draft, cell: Cell) -> None:
    """How many static word vectors a pipeline has: "20000 keys, 500 unique vectors (300 dimensions)"."""
    if found := VECTORS.match(cell.text):
        for key in found.groupdict():
            start = cell.start + found.start(key)
            draft.put_setting(Pair(key, found[key], start, start), known_only=False)
