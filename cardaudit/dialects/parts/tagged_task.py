"""The task that a generator's template puts among the tags, from which the Hub takes it where there is no `pipeline_tag`."""

from dataclasses import replace

from cardaudit.dialects.parts.draft import Draft

TASKS = frozenset(
    ("audio-to-audio", "automatic-speech-recognition", "image-classification", "image-text-to-text", "object-detection",
     "question-answering", "reinforcement-learning", "summarization", "tabular-classification", "tabular-regression",
     "text-classification", "text-generation", "text-to-image", "text-to-speech", "text2text-generation", "token-classification",
     "translation",
     "image-regression")  # which AutoTrain puts beside image-classification: then neither is sure
)  # fmt: skip


def use_tagged_task(draft: Draft) -> None:
    """Puts the task in, where the card states none and just one tag is a task's."""
    tags = [tag for tag in draft.metadata.tags if tag.text in TASKS] if draft.task is None else []
    if len(tags) == 1:
        draft.task = replace(tags[0], label=tags[0].text)
