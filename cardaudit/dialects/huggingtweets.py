"""Cards of huggingtweets: how many tweets were downloaded and kept, by account."""

from collections.abc import Iterator

from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.document import Document, Table
from cardaudit.records import Card, Printed, Source

SIGN = "I was made with [huggingtweets]"


def recognises(document: Document) -> bool:
    """By its first sentence."""
    return SIGN in document.text


def read(document: Document, source: Source) -> Card:
    """The card; the counts of its data table are in the other settings, those of a second account as `tweets_kept_2`."""
    draft = begin(document)
    loose = LooseReader(draft)
    for block in document.blocks:
        if isinstance(block, Table) and block.header.cells[0].text == "Data":
            draft.settings.update(_counts(block))
        else:
            loose.read(block)
    loose.finish()
    return draft.card(source)


def _counts(table: Table) -> Iterator[tuple[str, Printed]]:
    """Every cell: the account's name stands in the header, what is counted in the first column."""
    for row in table.rows:
        label = row.cells[0].text
        for at, cell in enumerate(row.cells[1 : len(table.header.cells)], 1):
            number = read_value(cell.text, cell.start, label, exact=True, whole=True)
            if number is not None:
                yield metric_key(label) + (f"_{at}" if at > 1 else ""), number
