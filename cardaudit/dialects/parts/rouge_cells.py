"""ROUGE's three scores in one cell without a name: "30.18/13.86/22.92" in a summarization model's table are R-1, R-2 and R-L."""

import re
from collections.abc import Iterator
from decimal import Decimal

from cardaudit.dialects.parts.numbers import printed
from cardaudit.dialects.parts.result_tables import TableReading, read_results
from cardaudit.dialects.parts.table_labels import bare, metric_of, read_label
from cardaudit.document import Block, Cell, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import Result, Span

TRIPLE = deferred(r"[*_ ]{0,4}(\d{1,2}\.\d{1,4})[ ]?/[ ]?(\d{1,2}\.\d{1,4})[ ]?/[ ]?(\d{1,2}\.\d{1,4})[*_ ]{0,4}")
METRICS = ("rouge1", "rouge2", "rouge_l")
OF_MODEL = deferred(r"(?:models?|systems?|checkpoints?|methods?)\s*", re.I)


def read_results_of(table: Table, heading: str, above: Block | None, text: str) -> TableReading:
    """What any reader of tables finds; where that is nothing, the three scores in each cell of a `text` that says ROUGE."""
    reading = read_results(table, heading, above)
    if isinstance(above, Paragraph) and ")" in above.lines[0].text[:3]:
        from cardaudit.dialects.parts.captions import with_letter

        reading = reading._replace(results=with_letter(reading.results, above))
    if any(each.metric == "score" for each in reading.results):
        from cardaudit.dialects.parts.captions import with_caption

        return reading._replace(results=with_caption(reading.results, text, table.header.line.start, table.rows[-1].line.end))
    if reading.results or not table.rows or not any(TRIPLE.fullmatch(cell.text) for cell in table.rows[0].cells):
        return reading
    words = text.lower()
    return reading._replace(results=tuple(_triples(table))) if "rouge" in words and "summar" in words else reading


def _triples(table: Table) -> Iterator[Result]:
    """Three results a cell; none where a label names a metric, or where the middle one of three is not the smallest."""
    header, rows = table.header.cells, [row.cells for row in table.rows]
    if any(len(row) != len(header) for row in rows) or any(metric_of(part) for cell in header for part in cell.text.split("/")):
        return
    columns = [at for at in range(1, len(header)) if all(_scores(row[at]) for row in rows)]
    of_model = OF_MODEL.fullmatch(bare(header[0].text)) is not None
    for row in rows:
        name = bare(row[0].text)
        for at in columns:
            place = read_label(bare(header[at].text))
            for metric, (stands, span) in zip(METRICS, _scores(row[at]), strict=True):
                dataset = None if place.split else bare(header[at].text) or None
                number = printed(stands, span, header[at].text)
                model, setting = (name, None) if of_model else (None, name)
                yield Result(metric, number, dataset=dataset, split=place.split, model=model, setting=setting)


def _scores(cell: Cell) -> list[tuple[str, Span]]:
    """The numbers of a cell with their places, where they can be R-1, R-2 and R-L: the second is the smallest."""
    found = TRIPLE.fullmatch(cell.text)
    if found is None or not Decimal(found[1]) >= Decimal(found[3]) > Decimal(found[2]):
        return []
    return [(found[at], Span(cell.start + found.start(at), cell.start + found.end(at))) for at in (1, 2, 3)]
