"""Cards of agents (Stable-Baselines3, Sample Factory, CleanRL, ML-Agents): a mean reward, and settings of another kind.

PPO's n_epochs counts the passes over each rollout, not over a data set: it is kept in `other` under its own name.
"""

from cardaudit.dialects.handwritten import read_body
from cardaudit.dialects.parts.agent_settings import read_agent_settings
from cardaudit.dialects.parts.opening import begin
from cardaudit.document import Document
from cardaudit.records import Card, Source

SIGNS = (
    "deep-reinforcement-learning",
    "This is a trained model of a",
    "library_name: stable-baselines3",
    "library_name: ml-agents",
)
OF_ROLLOUTS = ("n_epochs", "noptepochs", "update_epochs")


def recognises(document: Document) -> bool:
    """By the tag of the Hub's course and libraries, or by the sentence of their templates."""
    return any(map(document.text.__contains__, SIGNS))


def read(document: Document, source: Source) -> Card:
    """The card, read as a hand-written one."""
    draft = begin(document)
    read_agent_settings(draft)
    read_body(draft)
    epochs = draft.settings.get("num_epochs")
    if epochs is not None and epochs.label in OF_ROLLOUTS:
        draft.settings[epochs.label] = draft.settings.pop("num_epochs")
    return draft.card(source)
