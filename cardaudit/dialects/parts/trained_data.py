"""What the generators of sentence-transformers and its kin say of each data set: its name, its loss, and what they quote of it.

Seen in the templates of sentence-transformers 3.0 to 6.2, PyLate 1.1 to 1.6, SetFit 1.0 to 1.1 and SpanMarker 1.5 to 1.8.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.fit_parameters import read_loss_parameters
from cardaudit.dialects.parts.mentions import is_name
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.document import Block, Bullet, Code, Heading, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Span

DATASET = deferred(
    r"Dataset: (?:\[(?P<link>[^\[\]]{1,200})\]\((?:https://huggingface\.co/datasets/(?P<id>[\w.-]{1,96}(?:/[\w.-]{1,96})?)\)"
    r"|[^()\s]{1,300}\))"
    r"|(?P<name>[^`\[\s][^`\[\]]{0,200}?))(?: at \[\w{1,40}\]\([^()\s]{1,300}\))?"
)
LOSS = deferred(r"Loss: \[?<code>(?:\w{1,80}\.){0,9}(\w{1,80})</code>")
STATISTICS = "Approximate statistics based on the first "
SAMPLES = "Samples:"
COUNTS = ["Label", "Training Sample Count"]
SECTIONS = 3  # the deepest level of headings that is no data set's or evaluator's own
MOST_BLOCKS = 200  # that three samples are looked for in
OF_DATA = frozenset(("Model Labels", "Training Set Metrics"))  # headings of tables that quote or count the training data


def mentioned_data(blocks: Sequence[Block]) -> Iterator[DatasetMention]:
    """The data sets under "Training Dataset" and "Evaluation Dataset", by their ids on the Hub where those are linked.

    Under "Metrics" the template prints an evaluator's name in the same words.
    """
    section = ""
    for block in blocks:
        if isinstance(block, Heading) and block.level <= SECTIONS:
            section = block.text
        if (
            section == "Metrics"
            or not isinstance(block, Bullet)
            or not block.text.startswith("Dataset: ")
            or not (found := DATASET.fullmatch(block.text))
        ):
            continue
        name, group = found["link"] or found["name"], "link" if found["link"] else "name"
        if found["id"] or is_name(name):
            span = Span(block.start + found.start(group), block.start + found.end(group))
            yield DatasetMention(found["id"] or name, None, None, name, span)


def trained_first(named: Sequence[DatasetMention], listed: Sequence[DatasetMention]) -> tuple[DatasetMention, ...]:
    """Data sets by name, then the others that the front matter lists, which for an evaluator are what its author called it."""
    by_id = {mention.id.lower(): mention for mention in reversed(listed)}
    ordered = {mention.id.lower(): by_id.get(mention.id.lower(), mention) for mention in named}
    return tuple((ordered | {key: mention for key, mention in reversed(by_id.items()) if key not in ordered}).values())


def quoted(blocks: Sequence[Block]) -> set[int]:
    """Which blocks quote the training data, or count its words, and say nothing about the model.

    Samples end with the loss's line: one with a line break of its own is no row of a table any more.
    """
    found, heading = set[int](), ""
    losses = [at for at, block in enumerate(blocks) if _is_loss(block)]
    for at, block in enumerate(blocks):
        if at in found:
            continue
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table) and heading in OF_DATA:
            found.add(at)
        elif isinstance(block, Bullet):
            found.update(range(at, _end(blocks, at, block.text, losses)))
    return found


def _end(blocks: Sequence[Block], at: int, text: str, losses: Sequence[int]) -> int:
    """Where ends what a bullet leads; `at` where it leads nothing that is quoted."""
    behind_table = at + 1 + (at + 1 < len(blocks) and isinstance(blocks[at + 1], Table))
    if text == SAMPLES:
        loss = bisect(losses, at)
        return losses[loss] if loss < len(losses) and losses[loss] <= at + MOST_BLOCKS else behind_table
    if text.startswith(STATISTICS):
        return behind_table
    return at + (text.startswith("Dataset: ") and DATASET.fullmatch(text) is not None)


def _is_loss(block: Block) -> bool:
    return isinstance(block, Bullet) and block.text.startswith("Loss: ") and LOSS.match(block.text) is not None


def take_counts(draft: Draft, block: Block) -> bool:
    """Takes how many examples of each label were trained on: `label_samples`, `label_samples_2`, each by its label."""
    if not isinstance(block, Table) or [cell.text for cell in block.header.cells] != COUNTS:
        return False
    for at, row in enumerate(block.rows, 1):
        number = read_value(row.cells[-1].text, row.cells[-1].start, row.cells[0].text, exact=True, whole=True)
        if number is not None:
            draft.settings.setdefault("label_samples" if at == 1 else f"label_samples_{at}", number)
            draft.also_read.append(row.cells[0].span)
    return True


def spans_of(block: Block) -> Iterator[Span]:
    """The places of a block's lines."""
    if isinstance(block, Table):
        yield block.header.line.span
        for row in block.rows:
            yield row.line.span
    elif isinstance(block, Paragraph):
        for line in block.lines:
            yield line.span
    elif isinstance(block, Bullet | Heading):
        yield block.line.span


def take_loss(draft: Draft, blocks: Sequence[Block], at: int) -> bool:
    """Takes a loss's name and, where it is the first, the parameters in the fence below it; False where there is no loss."""
    block = blocks[at]
    if isinstance(block, Bullet) and _is_loss(block) and (found := LOSS.match(block.text)):
        start = block.start + found.start(1)
        return draft.put_setting(Pair("loss_function", found[1], start, block.start), known_only=False)
    above = blocks[at - 1] if at else None
    if isinstance(block, Code) and isinstance(above, Bullet) and _is_loss(above):
        return not is_first_loss(draft, above.line.span) or read_loss_parameters(draft, block.lines)
    return False


def is_first_loss(draft: Draft, line: Span) -> bool:
    """Whether a line names the loss that was read: the parameters of any other are not told, as they would seem to be its own."""
    first = draft.settings.get("loss_function")
    return first is not None and line.start <= first.span.start < line.end
