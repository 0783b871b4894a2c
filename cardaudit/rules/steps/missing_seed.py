"""The hyperparameters do not say the seed.

## What it does
Points at a list of hyperparameters without a seed.

## Condition
A learning rate and a batch size are stated and no seed. The Trainer prints it always (transformers/modelcard.py,
`extract_hyperparameters_from_trainer`); without it the order of examples and a new head's weights cannot be drawn again, and a
repetition differs by what seeds differ.

## When it stays silent
Cards that state no learning rate or no batch size, whose hyperparameters are not meant to be whole; cards that speak of a seed
anywhere; cards of generators that never print a seed (Keras, sentence-transformers, Flair, ...).

## Usual causes
A list typed by hand, or shortened.

## Example
learning_rate, train_batch_size and num_epochs alone.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._text import lowered

LISTING = ("trainer", "handwritten", "prose")


@rule(kind="missing", severity="info", confidence="proven", needs=("hyperparameters",))
def check(subject: Subject) -> Iterator[Hit]:
    parameters = subject.card.hyperparameters
    if subject.card.dialect not in LISTING:
        raise NotCheckable("cards of this generator print no seed")
    rate, batch = parameters.learning_rate, parameters.train_batch_size or parameters.total_train_batch_size
    if rate is None or batch is None:
        raise NotCheckable("no learning rate and batch size are stated")
    if parameters.seed is None and "seed" not in lowered(subject.card):
        yield Hit("no seed is stated", (rate.span,), {})
