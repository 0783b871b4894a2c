"""Cards of the training scripts of diffusers and of their courses: a base, a concept or a data set, in a few sentences."""

from cardaudit.dialects.handwritten import opened, read_body
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Bullet, Document, Line, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Source

STEPS = deferred(r"\s*Steps: ?(?P<bare>\d{2,6})\s*|.{0,400}\. Used (?P<told>\d{2,6}) steps\..*")
RESOLUTION = deferred(r"Image resolution: ?(?P<number>\d{2,5})\s*")
PICTURE = deferred(r"(?:\s*!\[[^\[\]]{0,200}\]\([^()]{0,400}\))+\s*")


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one; the task is the one among its tags. Pictures' names and prompts hold no numbers."""
    draft = opened(document, source)
    read_body(draft)
    for block in document.blocks:
        for line in block.lines if isinstance(block, Paragraph) else ():
            _take(draft, line)
        if isinstance(block, Bullet) and (found := RESOLUTION.fullmatch(block.text)):
            start = block.start + found.start("number")
            draft.put_setting(Pair("resolution", found["number"], start, block.start), known_only=False)
    use_tagged_task(draft)
    return draft.card(source)


def _take(draft: Draft, line: Line) -> None:
    if "teps" in line.text and (found := STEPS.fullmatch(line.text)):
        start = line.start + found.start(found.lastgroup or 0)
        draft.put_setting(Pair("training_steps", found[found.lastgroup or 0], start, start))
    elif ("![" in line.text and PICTURE.fullmatch(line.text)) or _prompts(line.text):
        draft.also_read.append(line.span)


def _prompts(text: str) -> bool:
    """Whether a line tells what pictures were asked for, or what the model was trained on in words."""
    if text.startswith("prompt: ") or " the following prompt" in text:
        return True
    return " to trigger the image generation" in text or (" weights were trained on " in text and " using [" in text)
