"""Cards of the OPUS-MT models: BLEU and chr-F by test set, and the record of their conversion to Marian as a list.

As transformers/models/marian/convert_marian_tatoeba_to_pytorch.py (3.1 to 4.25) and its elder of 2020 write them.
"""

from collections.abc import Iterator

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Block, Bullet, Document, Table
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Result, Source, Span

TEST_SET = frozenset(("testset", "test set"))
COUNTS = ("#sent", "#words")
NAMED_ABOVE = {"BLEU-scores": "bleu", "chr-F-scores": "chrf"}
COUNTED = deferred(r"ref_len: (?P<value>\d+(?:\.\d+)?)")  # the words of the references that BLEU's penalty is taken from
TOLD = deferred(
    r"(?P<label>(?:source|target) (?:languages?|language\(s\)|language codes)|model|pre-processing): {1,3}(?P<value>\S.{0,2000})"
)
KEYS = {"source": "source_languages", "target": "target_languages", "model": "architecture", "pre-processing": "pre_processing"}
DATED = deferred(r"(?P<key>train_date|port_time|release date): (?P<value>\d{4}-\d\d-\d\d(?:[- ]\d\d:\d\d(?::\d\d)?)?)")


def read(document: Document, source: Source) -> Card:
    """The card. A result's setting holds the sentences and words of the test set, where the table counts them."""
    draft = begin(document)
    loose, above = LooseReader(draft), ""
    for block in document.blocks:
        if isinstance(block, Table) and block.header.cells[0].text.lower() in TEST_SET:
            draft.results.extend(_results(draft, block, NAMED_ABOVE.get(above)))
        elif not _take_fact(draft, block):
            loose.read(block)
        above = block.text if isinstance(block, Bullet) else ""
    loose.finish()
    use_tagged_task(draft)
    return draft.card(source)


def _results(draft: Draft, table: Table, named: str | None) -> Iterator[Result]:
    """A number a cell, of the metric of its column; `named` is that of a column "score"."""
    labels = [cell.text for cell in table.header.cells]
    draft.also_read.append(table.header.line.span)
    for row in table.rows:
        cells = [*zip(labels, row.cells, strict=False)]
        counts = [(label, cell) for label, cell in cells if label in COUNTS]
        draft.also_read += [row.cells[0].span, *(cell.span for _, cell in counts)]
        setting = ", ".join(f"{label} {cell.text}" for label, cell in counts) or None
        for label, cell in cells[1:]:
            number = read_value(cell.text, cell.start, label, whole=True) if label not in COUNTS else None
            if number is not None:
                key = named if named and label == "score" else metric_key(label)
                yield Result(key, number, dataset=row.cells[0].text or None, setting=setting)


def _take_fact(draft: Draft, block: Block) -> bool:
    """What the items say of the model: from and to which languages, of what kind, trained when, scored over how many words.

    The days of a release and of a conversion are no settings.
    """
    if not isinstance(block, Bullet):
        return False
    if found := COUNTED.fullmatch(block.text):
        number = read_value(found["value"], block.start + found.start("value"), "ref_len", exact=True)
        if number is not None:
            draft.settings.setdefault("ref_len", number)
        return number is not None
    if found := TOLD.fullmatch(block.text):
        value = found["value"].rstrip()
        start = block.start + found.start("value")
        key = KEYS[found["label"].partition(" ")[0]]
        draft.settings.setdefault(key, Printed(value, None, ZERO, Span(start, start + len(value)), found["label"]))
        return True
    if found := DATED.fullmatch(block.text):
        draft.also_read.append(block.line.span)
        if found["key"] == "train_date":
            span = Span(block.start + found.start("value"), block.start + found.end("value"))
            draft.settings.setdefault("train_date", Printed(found["value"], None, ZERO, span, "train_date"))
    return found is not None
