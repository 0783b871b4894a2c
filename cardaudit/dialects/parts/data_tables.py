"""Data sets that a table under "Training data" lists, each with how much of it was used."""

import re
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.table_labels import bare, metric_of
from cardaudit.document import Block, Cell, Heading, Table
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

HEADING = deferred(r"\btrain\w*[ -](?:data|corp|set)", re.I)
NAMES = deferred(r"(?:training |source )?(?:data ?sets?|corpus|corpora)(?: names?)?", re.I)
COUNTS = deferred(
    r"(?:#|number of|num\.?) ?(?:training )?(?:tuples|pairs|examples|samples|sentences|documents|tokens|hours|words)", re.I
)
TOTAL = deferred(r"(?:total|sum|all|overall|average)\b.*", re.I)
LINKED = deferred(r"\[([^\[\]]{1,100})\]\((?:https://huggingface\.co/datasets/([\w.-]+(?:/[\w.-]+)?))?")
MOST_ROWS = 200


def tabled_datasets(blocks: Sequence[Block]) -> Iterator[DatasetMention]:
    """The data sets in the first column of a table that counts what each gave to the training."""
    heading = ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table) and HEADING.search(heading) and _counts_data(block):
            for row in block.rows[:MOST_ROWS]:
                yield from _named(row.cells[0]) if row.cells else ()


def _counts_data(table: Table) -> bool:
    labels = [bare(cell.text) for cell in table.header.cells]
    counted = any(COUNTS.match(label) for label in labels[1:])
    return counted and NAMES.fullmatch(labels[0]) is not None and not any(map(metric_of, labels))


def _named(cell: Cell) -> Iterator[DatasetMention]:
    """The words of a cell's link, with the Hub's id where it leads there, else the cell's own words."""
    found = LINKED.match(cell.text)
    name = found[1] if found else bare(cell.text.partition(" (")[0])
    if name and name in cell.text and not TOTAL.fullmatch(name):
        start = cell.start + cell.text.index(name)
        yield DatasetMention((found and found[2]) or name, None, None, name, Span(start, start + len(name)))
