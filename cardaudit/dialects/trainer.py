"""Cards that `transformers.TrainingSummary` wrote (4.6 to 5.x), also where an author wrote on in them, and those built on it."""

from dataclasses import replace

from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.headline import take_headline_pair
from cardaudit.dialects.parts.loose import LooseReader
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.pairs import Pair, pairs_in
from cardaudit.document import Block, Bullet, Comment, Document, Heading, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, IndexResult, Source

SIGNS = ("generated_from_trainer", "according to the information the Trainer had access to")
HEADLINE = "results on the evaluation set"
ACHIEVES = deferred(r"achieves the following results|results on the (?:evaluation|test|validation) set")
SETTINGS = "hyperparameters were used during"
SECOND_LINE = "the args are:"


def recognises(document: Document) -> bool:
    """By the tag, the comment, or the two sentences that no Trainer leaves out."""
    text = document.text
    if "according to the information Keras had access to" in text or "generated_from_keras_callback" in text:
        return False
    if any(map(text.__contains__, SIGNS)):
        return True
    return document.front_matter is not None and SETTINGS in text and _achieves(text)


def _achieves(text: str) -> bool:
    """Whether a text leads to the headline."""
    return "achieves the following results" in text or ("results on the " in text and ACHIEVES.search(text) is not None)


def read(document: Document, source: Source) -> Card:
    """The card, with the precision of the Trainer's prints (parts/precision.py)."""
    draft = begin(document)
    read_body(draft)
    draft.model_index = _index(draft)
    return draft.card(source)


def read_body(draft: Draft) -> None:
    """The Trainer's own lists by the sentence above them, everything else by its names."""
    loose, section = LooseReader(draft, headline_open=not _achieves(draft.document.text)), ""
    blocks = draft.document.blocks
    for at, block in enumerate(blocks):
        section = _section(block, section)
        if not (section and isinstance(block, Bullet) and _take(draft, section, block, blocks[at + 1 : at + 2])):
            loose.read(block)
    loose.use_coded_settings()
    loose.use_stated_as_results()
    loose.trainer_table = True
    loose.set_precision()


def _index(draft: Draft) -> tuple[IndexResult, ...]:
    """The model index. A number that the headline prints alike was written with it, so it is whole; an author put in the rest."""
    repeated = {number.text for number in draft.headline.values()}
    return tuple(
        replace(result, number=replace(result.number, slack=ZERO)) if result.number.text in repeated else result
        for result in draft.model_index
    )


def _section(block: Block, section: str) -> str:
    if isinstance(block, (Bullet, Comment)):
        return section
    if isinstance(block, Paragraph):
        if SETTINGS in block.lines[-1].text:
            return SETTINGS
        leads = block.lines[-1].text.rstrip().endswith(":")
        return HEADLINE if leads and any(_achieves(line.text) for line in block.lines) else ""
    return "" if isinstance(block, Heading) else section


def _take(draft: Draft, section: str, bullet: Bullet, below: tuple[Block, ...]) -> bool:
    pair = next(pairs_in(bullet), None)
    if pair is None:
        return False
    if section == SETTINGS:
        return draft.put_setting(_with_second_line(draft, pair, below), known_only=False)
    return take_headline_pair(draft, pair)


def _with_second_line(draft: Draft, pair: Pair, below: tuple[Block, ...]) -> Pair:
    """Since 4.46 an optimizer other than Adam has its arguments on a line of its own."""
    if not pair.value.endswith(SECOND_LINE) or not below or not isinstance(below[0], Paragraph):
        return pair
    line = below[0].lines[0]
    return pair._replace(value=draft.document.text[pair.start : line.span.end].rstrip())
