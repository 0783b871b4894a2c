"""The card does not say which model was fine-tuned, or names a path on its author's disk.

## What it does
Tells that the run cannot be repeated from a known start.

## Condition
The card has training hyperparameters and names no base model, or one that is a local path.

## When it stays silent
Models trained from scratch. Cards without hyperparameters. Cards that the Trainer did not write, which may name it in any
words.

## Usual causes
The Trainer was given a model object or a folder; the checkpoint of an earlier run was trained further.

## Example
"fine-tuned version of [](https://huggingface.co/) on the None dataset."
"""

import re
from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import WHOLE

LOCAL = deferred(r"^(?:[./~\\]|[A-Za-z]:\\|content/|drive/|output|results?/|checkpoints?\b)|/.*/")
SCRATCH = deferred(r"from[ -]scratch", re.IGNORECASE)


@rule(kind="missing", severity="warning", confidence="proven", needs=("hyperparameters",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    parameters = card.hyperparameters
    if not (parameters.learning_rate or parameters.train_batch_size or parameters.num_epochs):
        raise NotCheckable("the card states no training hyperparameters")
    if not card.dialect.startswith("trainer"):
        raise NotCheckable("only the Trainer's cards name the base model in a fixed place")
    base = card.base_model if card.base_model and card.base_model.text.strip() else None
    if (base and not LOCAL.search(base.text)) or SCRATCH.search(card.text):
        return
    if base is None:
        yield Hit("no base model is named", (_sentence(card),))
    else:
        yield Hit(f'the base model is a path: "{base.text}"', (base.span,), {"base_model": base.text})


def _sentence(card: Card) -> Span:
    match = re.search(r"fine-?tuned version of", card.text)
    return Span(*match.span()) if match else WHOLE
