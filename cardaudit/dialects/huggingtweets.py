"""Cards of huggingtweets: how many tweets were downloaded and kept, by account."""

from collections.abc import Iterable, Iterator

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.document import Block, Cell, Document, Line, Paragraph, Row, Table, split_row
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Source, Span

SIGN = "I was made with [huggingtweets]"
COUNTED = r"Tweets downloaded|Retweets|Short tweets|Tweets kept"
LOST_ROW = deferred(rf"\| (?:{COUNTED}) \|(?: [\d,]{{1,12}} \|){{1,20}}")  # below a header that an account's name breaks
CELLS = deferred(rf"<td[^<>\n]{{0,80}}>({COUNTED})</td>\s{{0,9}}<td[^<>\n]{{0,80}}>([\d,]{{1,12}})</td>")  # of 2020
USED_AS = deferred(r"model=(?:<span[^<>]{0,60}>)?'(huggingtweets/[\w.-]{1,200})'")
OF_LAYOUT = ("style=", "<div style=", "generator(")  # pictures of the accounts with their names, and how to generate
OF_ACCOUNTS = ("The model was trained on tweets from ", "| Data |")


def recognises(document: Document) -> bool:
    """By its first sentence."""
    return SIGN in document.text


def read(document: Document, source: Source) -> Card:
    """The card; the counts of its data table are in the other settings, those of a second account as `tweets_kept_2`."""
    draft = begin(document)
    loose = LooseReader(draft)
    for block in document.blocks:
        if isinstance(block, Table) and block.header.cells[0].text == "Data":
            draft.also_read.append(block.header.line.span)
            draft.settings.update(_counts(block.rows))
        else:
            loose.read(block)
            _take_layout(draft, block)
    loose.finish()
    draft.model_name = _name_used(document) or draft.model_name
    return draft.card(source)


def _name_used(document: Document) -> Printed | None:
    """The name by which the card has the model loaded: its first heading is a question."""
    found = USED_AS.search(document.text, document.body_start)
    return Printed(found[1], None, ZERO, Span(*found.span(1))) if found else None


def _take_layout(draft: Draft, block: Block) -> None:
    """The counts of a table in HTML, and of one without a header; accounts' names and widths of pictures are no numbers."""
    if not isinstance(block, Paragraph):
        return
    first, last = block.lines[0], block.lines[-1]
    for found in CELLS.finditer(draft.document.text, first.start, last.end):
        cells = (Cell(found.start(1), found[1]), Cell(found.start(2), found[2]))
        draft.settings.update(_counts([Row(Line(found.start(), found[0]), cells)]))
    for line in block.lines:
        bare = line.text.strip()
        if bare.startswith("| ") and LOST_ROW.fullmatch(bare):
            draft.settings.update(_counts([split_row(line)]))
        elif bare.startswith(OF_LAYOUT) or bare.startswith(OF_ACCOUNTS):
            draft.also_read.append(line.span)


def _counts(rows: Iterable[Row]) -> Iterator[tuple[str, Printed]]:
    """Every cell: the account's name stands in the header, what is counted in the first column."""
    for row in rows:
        label = row.cells[0].text
        for at, cell in enumerate(row.cells[1:], 1):
            number = read_value(cell.text, cell.start, label, exact=True, whole=True)
            if number is not None:
                yield metric_key(label) + (f"_{at}" if at > 1 else ""), number
