"""The card tells how the model was trained and gives no result.

## What it does
Tells that no number says how good the model is.

## Condition
The card states training hyperparameters, and has no evaluation results, no training table and no model index with numbers.

## When it stays silent
Cards without hyperparameters; training logs that hold a training loss alone count as a result; reward models and preference
tuning, whose results have other names, where any number of them was read.

## Usual causes
Training without an evaluation set; a push before the last evaluation.

## Example
"### Training results" with nothing below it.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule


@rule(kind="missing", severity="info", confidence="proven", needs=("hyperparameters", "place for results"))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    parameters = card.hyperparameters
    first = parameters.learning_rate or parameters.num_epochs or parameters.train_batch_size
    if first is None:
        raise NotCheckable("only the Trainer's and the Keras callback's cards give results in a fixed place")
    if not (card.headline or card.epochs or card.model_index or card.results):
        yield Hit("no result of any kind is given", (first.span,))
