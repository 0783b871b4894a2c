"""The validation loss stands still at the logarithm of a number of classes.

## What it does
Points at a loss that is that of guessing evenly among K classes.

## Condition
The last two validation losses are within 0.005 of ln K for one whole K from 2 to 200, and the accuracy beside them lies between
0.5 / K and 1.2 / K. Guessing evenly costs ln K a sample in natural-log cross-entropy.

## When it stays silent
Losses that fall through ln K on their way; cards without accuracy; accuracies that guessing does not give; language models,
whose loss passes every ln K.

## Usual causes
A learning rate at which the model diverged; frozen parameters; labels that do not belong to the inputs.

## Example
Loss 0.6931 in every row, accuracy 0.5 with two labels.
"""

from collections.abc import Iterator
from math import exp, log

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import column, need_rows

LANGUAGE_MODELS = ("text-generation", "fill-mask", "text2text-generation")


@rule(kind="suspicious", severity="warning", confidence="smell", needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    need_rows(card, 2)
    if card.task and card.task.text in LANGUAGE_MODELS:
        raise NotCheckable("the loss of a language model passes every ln K")
    losses, accuracies = column(card, "validation_loss"), column(card, "accuracy")
    if len(losses.cells) < 2 or not accuracies.cells:
        raise NotCheckable("two validation losses and an accuracy are not stated")
    last, accuracy = losses.cells[-1], accuracies.cells[-1]
    classes = round(exp(min(float(last.value or 0), 6.0)))
    still = all(abs(float(value) - log(max(classes, 1))) < 0.005 for value in losses.values[-2:])
    if not 2 <= classes <= 200 or not still or not 0.5 <= float(accuracy.value or 0) * classes <= 1.2:
        return
    guessing = f"ln {classes} = {log(classes):.4f}, that of guessing among {classes} classes"
    message = f"validation loss {last.text} is near {guessing}; accuracy {accuracy.text}"
    yield Hit(message, (last.span, accuracy.span), {"classes": classes, "ln_classes": round(log(classes), 6)})
