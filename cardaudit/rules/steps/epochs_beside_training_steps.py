"""The card states both a number of epochs and a number of steps as the run's length.

## What it does
Points at num_epochs beside training_steps in a Trainer card, and compares the two where the table gives an epoch's length.

## Condition
Both lines stand in a card that the Trainer wrote. transformers/modelcard.py prints training_steps where max_steps is set and
num_epochs otherwise, never both (4.6 to 5.23, `extract_hyperparameters_from_trainer`), so that one was added afterwards.

## When it stays silent
Cards of other dialects, whose authors state both; cards with one of the two; cards that quote the configuration of axolotl, where
num_epochs is a key of its own, or what the training program prints as it begins, which has both.

## Usual causes
A card edited by hand; two runs joined in one card.

## Example
training_steps 10000 and num_epochs 3.
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule


@rule(kind="suspicious", severity="info", confidence="likely", needs=("hyperparameters", "Trainer"))
def check(subject: Subject) -> Iterator[Hit]:
    parameters = subject.card.hyperparameters
    if "axolotl" in subject.card.text:
        raise NotCheckable("the configuration of axolotl states num_epochs beside what the Trainer prints")
    if "Num Epochs = " in subject.card.text:
        raise NotCheckable("the training program's banner states the steps beside the epochs")
    epochs, steps = parameters.num_epochs, parameters.training_steps
    if epochs is None and steps is None:
        raise NotCheckable("the card does not state the length of the run")
    if epochs is None or steps is None:
        return
    message = f"training_steps {steps.text} and num_epochs {epochs.text}, of which the Trainer prints one"
    yield Hit(message, (steps.span, epochs.span), {})
