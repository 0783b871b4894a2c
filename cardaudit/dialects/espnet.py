"""Cards of ESPnet: scores of each decoding by data set, and the configuration of the training whole, as YAML in a fence.

The tables as its scripts/utils/show_asr_result.sh, show_translation_result.sh and show_enh_score.sh print them (0.9 to 202301).
"""

from collections.abc import Iterator
from typing import NamedTuple

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.names import metric_key
from cardaudit.dialects.parts.numbers import ZERO, read_value
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Block, Bullet, Code, Document, Heading, Row, Table
from cardaudit.document.blocks import Lines, scan
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Result, Source, Span

RATES = ("WER", "CER", "TER")
COUNTS = ("Snt", "Wrd")  # how many sentences and words were scored
OF_ENVIRONMENT = ("date: `", "Commit date: `", "python version: `")
COMMIT = deferred(r"Git hash: `(?P<hash>[0-9a-f]{7,40})`")
NAME = deferred(r"`{0,2}(?P<name>[\w .+-]{1,60}/[^`,\s]{1,250})(?:, [^`]*)?`{0,2}")
WORDS = deferred(r"[a-z]+")
SPLITS = {
    **dict.fromkeys(("dev", "devel", "dt", "cv", "val", "valid", "validation"), "validation"),
    **dict.fromkeys(("test", "tst", "tt", "et", "eval"), "test"),
    "train": "train",
}  # words in the folders of Kaldi's recipes, whose names ESPnet keeps: dt05 and et05, cv and tt


class Section(NamedTuple):
    """What the headings above a table say: the folder of the training, and the error rate ("WER")."""

    training: str = ""
    rate: str | None = None


def read(document: Document, source: Source) -> Card:
    """The card. A result's setting holds the decoding and how many sentences and words it was counted over."""
    draft = begin(document)
    loose, section, tables = LooseReader(draft), Section(), list[tuple[Section, Table]]()
    for block in _blocks(document):
        if isinstance(block, Heading):
            section = _section(section, block)
            _take_name(draft, block)
        if isinstance(block, Table) and block.header.cells[0].text == "dataset":
            tables.append((section, block))
        elif not _take_configuration(draft, block):
            loose.read(block)
            _take_environment(draft, block)
    loose.finish()
    use_tagged_task(draft)
    trainings = {each.training for each, _ in tables}
    for each, table in tables:
        draft.results.extend(_results(draft, table, each, len(trainings) > 1))
    return draft.card(source)


def _blocks(document: Document) -> Iterator[Block]:
    """The document's, and in place of a fence around the whole of the results those that stand in it."""
    for block in document.blocks:
        if isinstance(block, Code) and block.lines and "|dataset|" in document.text[block.lines[0].start : block.lines[-1].end]:
            yield from scan(document.text, Lines(tuple(line.start for line in block.lines), [line.text for line in block.lines]))
        else:
            yield block


def _section(section: Section, heading: Heading) -> Section:
    if heading.text in RATES:
        return section._replace(rate=heading.text)
    return Section(heading.text) if heading.level <= 2 else section._replace(rate=None)


def _take_name(draft: Draft, heading: Heading) -> None:
    """The model's own name, which stands below the words "ESPnet2 ASR model"."""
    title = draft.model_name
    found = NAME.fullmatch(heading.text) if title and title.text.startswith(("ESPnet2 ", "Example ESPnet2 ")) else None
    if found:
        start = heading.start + found.start("name")
        draft.model_name = Printed(found["name"], None, ZERO, Span(start, start + len(found["name"])))


def _take_configuration(draft: Draft, block: Block) -> bool:
    if not isinstance(block, Code) or not block.lines:
        return False
    from cardaudit.dialects.parts.espnet_config import is_configuration, read_configuration  # a third of the cards have one

    if not is_configuration(draft.document.text[block.lines[0].start : block.lines[-1].end]):
        return False
    read_configuration(draft, block.lines)
    return True


def _take_environment(draft: Draft, block: Block) -> None:
    """The commit, and nothing of the days on which it was made and the scores were written."""
    if not isinstance(block, Bullet):
        return
    if block.text.startswith(OF_ENVIRONMENT):
        draft.also_read.append(block.line.span)
    elif found := COMMIT.fullmatch(block.text):
        span = Span(block.start + found.start("hash"), block.start + found.end("hash"))
        draft.settings.setdefault("espnet_commit", Printed(found["hash"], None, ZERO, span, "Git hash"))


def _results(draft: Draft, table: Table, section: Section, name_training: bool) -> Iterator[Result]:
    labels = [cell.text for cell in table.header.cells]
    draft.also_read.append(table.header.line.span)
    for row in table.rows:
        if len(row.cells) != len(labels):
            continue
        decoding, _, dataset = row.cells[0].text.rpartition("/")
        counts = [f"{label} {cell.text}" for label, cell in zip(labels, row.cells, strict=True) if label in COUNTS]
        draft.also_read.extend(_beside(row, labels))
        for label, cell in zip(labels[1:], row.cells[1:], strict=True):
            number = read_value(cell.text, cell.start, label, whole=True)
            if number is None or label in COUNTS:
                continue
            is_rate = label == "Err" and section.rate is not None
            words = (section.rate if section.rate and not is_rate else "", decoding, *counts)
            yield Result(
                metric_key(section.rate if is_rate and section.rate else label),
                number,
                dataset=dataset,
                split=_split(dataset),
                model=section.training if name_training else None,
                setting=", ".join(filter(None, words)) or None,
            )


def _beside(row: Row, labels: list[str]) -> Iterator[Span]:
    yield row.cells[0].span
    for label, cell in zip(labels, row.cells, strict=True):
        if label in COUNTS:
            yield cell.span


def _split(dataset: str) -> str | None:
    """The split that a data set's folder names ("test_clean"); None where it names two ("test_dev93", "train_dev") or none."""
    found = {SPLITS[word] for word in WORDS.findall(dataset.lower()) if word in SPLITS}
    return found.pop() if len(found) == 1 else None
