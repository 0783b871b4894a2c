"""Cards of agents (Stable-Baselines3, Sample Factory, CleanRL, ML-Agents): a mean reward, and settings of another kind.

PPO's n_epochs counts the passes over each rollout, not over a data set: it is kept in `other` under its own name.
"""

from cardaudit.dialects.handwritten import read_body
from cardaudit.dialects.parts.agent_settings import read_agent_settings
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.numbers import ZERO
from cardaudit.dialects.parts.opening import begin
from cardaudit.dialects.parts.tagged_task import use_tagged_task
from cardaudit.document import Bullet, Document, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Card, Printed, Source, Span

SIGNS = (
    "deep-reinforcement-learning",
    "This is a trained model of a",
    "library_name: stable-baselines3",
    "library_name: ml-agents",
)
OF_ROLLOUTS = ("n_epochs", "noptepochs", "update_epochs")
OF_THE_COURSE = (
    "Step 1: Write your model_id:",
    "Step 1: Find your model_id:",
    "Step 2: Select your *.nn",
    "To learn to ",
)  # its steps and its units
WRITTEN = deferred(r"Step 1: (?:Write|Find) your model_id: (?P<name>[\w.-]{1,96}/[\w.-]{1,96})\s*")
EPISODE = deferred(r"[^\n]{0,40}\bper episode\b")
FACTORY = deferred(r"trained using Sample[- ]Factory (\d{1,2}(?:\.\d{1,3}){1,2})(?=:|\s)")


def recognises(document: Document) -> bool:
    """By the tag of the Hub's course and libraries, or by the sentence of their templates."""
    return any(map(document.text.__contains__, SIGNS))


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one."""
    draft = begin(document)
    read_agent_settings(draft)
    read_body(draft)
    _take_template(draft)
    use_tagged_task(draft)
    epochs = draft.settings.get("num_epochs")
    if epochs is not None and epochs.label in OF_ROLLOUTS:
        draft.settings[epochs.label] = draft.settings.pop("num_epochs")
    steps = draft.settings.get("training_steps")
    if steps is not None and EPISODE.match(document.text, steps.span.end):
        draft.settings[steps.label] = draft.settings.pop("training_steps")
    return draft.card(source)


def _take_template(draft: Draft) -> None:
    """The version of Sample Factory; the numbers of the course's own steps and units say nothing of the agent."""
    for block in draft.document.blocks:
        if isinstance(block, Bullet) and block.text.startswith(OF_THE_COURSE):
            draft.also_read.append(block.line.span)
            _take_name(draft, block)
        elif isinstance(block, Paragraph):
            _take_lines(draft, block)


def _take_name(draft: Draft, bullet: Bullet) -> None:
    """The name that ML-Agents' first step gives, where the card has no index: its title is a sentence with marks."""
    found = WRITTEN.fullmatch(bullet.text) if not draft.model_index else None
    if found:
        span = Span(bullet.start + found.start("name"), bullet.start + found.end("name"))
        draft.model_name = Printed(found["name"], None, ZERO, span)


def _take_lines(draft: Draft, paragraph: Paragraph) -> None:
    for line in paragraph.lines:
        if " Unit " in line.text and line.text.lstrip().startswith(OF_THE_COURSE):
            draft.also_read.append(line.span)
        elif "Factory " in line.text and (found := FACTORY.search(line.text)):
            span = Span(line.start + found.start(1), line.start + found.end(1))
            draft.put_versions([("sample_factory", Printed(found[1], None, ZERO, span, "Sample Factory"))])
