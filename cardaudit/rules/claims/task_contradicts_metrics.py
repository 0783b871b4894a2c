"""The metrics are those of another task.

## What it does
Holds the task that the card names against metrics that belong to one kind of task alone.

## Condition
Word or character error rates beside a task that transcribes nothing (classification of text, images or tokens, question
answering, masked words); ROUGE or BLEU beside a task that generates no text; mean IoU beside a task without areas; accuracy
beside a regression.

## When it stays silent
Cards without a task; tasks that may print the metric (ROUGE of a translation, WER of a speech translation, BLEU of captions);
accuracy and F1, which fit most tasks.

## Usual causes
A `pipeline_tag` chosen for the widget; a template's front matter; the task taken from the architecture.

## Example
`pipeline_tag: text-classification` above `- Wer: 0.2205`.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number, metric_keys, spoken
from cardaudit.rules._stated import HEADLINE, stated

WITHOUT_TEXT = (
    "text-classification", "token-classification", "image-classification", "audio-classification", "object-detection",
    "image-segmentation", "fill-mask", "zero-shot-classification", "zero-shot-image-classification", "tabular-classification",
    "tabular-regression", "reinforcement-learning",
)  # fmt: skip
NOT_OF = {
    "wer": (*WITHOUT_TEXT, "question-answering", "summarization", "text-to-image"),
    "rouge": (*WITHOUT_TEXT, "automatic-speech-recognition", "text-to-image"),
    "bleu": WITHOUT_TEXT,
    "mean_iou": ("text-classification", "token-classification", "image-classification", "question-answering", "summarization"),
    "accuracy": ("tabular-regression", "text-regression"),
}
KINDS = (("wer", "wer"), ("cer", "wer"), ("rouge", "rouge"), ("bleu", "bleu"), ("sacrebleu", "bleu"), ("mean_iou", "mean_iou"))


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", "task"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    assert card.task is not None
    task = card.task.text.lower()
    printed = {
        key: number
        for place in stated(card)
        for key, number in place.numbers.items()
        if is_number(number) and (place.where == HEADLINE or "rouge" not in key or "rouge" in card.text.lower())
    }
    for key in metric_keys(card):
        cells = [row.metrics[key] for row in card.epochs if key in row.metrics and is_number(row.metrics[key])]
        printed |= {key: cells[-1]} if cells and key not in printed else {}
    if not printed:
        raise NotCheckable("neither headline nor table states a metric of this model over all classes")
    other = {key: number for key, number in printed.items() if task in NOT_OF.get(_kind(key), ())}
    if other:
        names = listed([spoken(key) for key in other])
        at = (card.task.span, *(number.span for number in other.values()))
        yield Hit(f"task {card.task.text}, but the results are {names}", at, {"task": task, "metrics": list(other)})


def _kind(key: str) -> str:
    if key == "accuracy":
        return key
    return next((kind for start, kind in KINDS if key == start or (start == "rouge" and key.startswith(start))), "")
