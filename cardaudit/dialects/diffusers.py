"""Cards of the training scripts of diffusers and of their courses: a base, a concept or a data set, in a few sentences."""

from cardaudit.dialects.handwritten import opened, read_body
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Document, Line, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source

STEPS = deferred(r"\s*Steps: ?(?P<bare>\d{2,6})\s*|.{0,400}\. Used (?P<told>\d{2,6}) steps\..*")
PICTURE = deferred(r"(?:\s*!\[[^\[\]]{0,200}\]\([^()]{0,400}\))+\s*")


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one; the task is the one among its tags. Names of pictures are no numbers."""
    draft = opened(document, source)
    read_body(draft)
    for block in document.blocks:
        for line in block.lines if isinstance(block, Paragraph) else ():
            _take(draft, line)
    use_tagged_task(draft)
    return draft.card(source)


def _take(draft: Draft, line: Line) -> None:
    if "teps" in line.text and (found := STEPS.fullmatch(line.text)):
        start = line.start + found.start(found.lastgroup or 0)
        draft.put_setting(Pair("training_steps", found[found.lastgroup or 0], start, start))
    elif "![" in line.text and PICTURE.fullmatch(line.text):
        draft.also_read.append(line.span)
