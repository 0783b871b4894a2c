"""The sources of a spaCy pipeline, one a link: the data that it was trained on, and the transformer that it was made from.

`[UD Greek GDT v2.8](https://github.com/...) (Prokopidis, Prokopis)<br />[spaCy lookups data](...)`: word lists, converters and
vectors stand among them, so a link counts only where its words or its address call it a data set.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.mentions import printed_at
from cardaudit.document import Cell
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Span

LINK = deferred(r"\[(?P<name>[^\[\]\n]{2,120})\] ?\((?P<address>https?://[^\s()]{4,200})\)")
REMARK = deferred(r" \((?:commit: )?[0-9a-f]{7,40}\)\Z")
DATA_WORD = deferred(
    r"\b(?:UD [A-Z]|Universal Dependencies|[Cc]orpus|[Cc]orpora|[Dd]ata ?set|[Tt]reebank|Train Data|Named Entit|Wiki ?NER\b)"
)
NO_DATA = deferred(
    r"[Vv]ectors|[Ee]mbeddings|[Ll]emma|lookups|[Cc]onver(?:sion|ter)|\b[Mm]odels?\b|\b[Cc]heck\b|GitHub|\b[Ss]ee\b"
)
MODEL_ADDRESS = deferred(r"https://huggingface\.co/(?!datasets/|spaces/|docs/|blog/)(?P<id>[\w.-]+(?:/[\w.-]+)?)/?")
DATA_ADDRESS = deferred(r"https://huggingface\.co/datasets/(?P<id>[\w.-]+(?:/[\w.-]+)?)/?")


class Source(NamedTuple):
    """A linked name, with its place and its address."""

    name: str
    span: Span
    address: str


def take_sources(draft: Draft, cell: Cell) -> None:
    """Takes the data sets where the card names none above, and the one model of the Hub where it names no base."""
    sources = list(_sources(cell))
    draft.also_read.append(cell.span)
    if not draft.datasets:
        found = {each.id.lower(): each for source in sources if (each := _dataset(source))}
        draft.datasets = tuple(found.values())
    models = [source for source in sources if MODEL_ADDRESS.fullmatch(source.address)]
    if draft.base_model is None and len({each.address for each in models}) == 1:
        draft.base_model = _model(models[0])


def _sources(cell: Cell) -> Iterator[Source]:
    for found in LINK.finditer(cell.text):
        begin = cell.start + found.start("name")
        name = REMARK.sub("", found["name"]).strip()
        yield Source(name, Span(begin, begin + len(name)), found["address"])


def _dataset(source: Source) -> DatasetMention | None:
    """The data set that a source is: by its address on the Hub, or by its words."""
    if hosted := DATA_ADDRESS.fullmatch(source.address):
        return DatasetMention(hosted["id"], None, None, source.name, source.span)
    if NO_DATA.search(source.name) or MODEL_ADDRESS.fullmatch(source.address):
        return None
    from cardaudit.dialects.parts.table_labels import is_benchmark  # its expressions take long to compile

    if not (DATA_WORD.search(source.name) or is_benchmark(source.name)):
        return None
    return DatasetMention(source.name, None, None, source.name, source.span)


def _model(source: Source) -> Printed | None:
    """The name, where it is that of the address with or without its owner."""
    found = MODEL_ADDRESS.fullmatch(source.address)
    if found is None or source.name.lower() not in (found["id"].lower(), found["id"].lower().rpartition("/")[2]):
        return None
    return printed_at(source.name, source.span)
