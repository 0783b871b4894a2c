"""The loss of a classifier or language model is negative.

## What it does
Finds negative losses where the metrics say that the loss is a cross-entropy.

## Condition
A cross-entropy is a mean of -ln p with p <= 1, so it is never below 0; nor is a mean of squares. Reported where the loss in
headline or table lies below 0 whatever the rounding, beside an accuracy, F1, WER, perplexity, MSE or ROUGE.

## When it stays silent
Rewards and preferences (DPO, PPO), contrastive and adversarial losses, log densities, and cards without such a metric. Under
label smoothing nothing changes: it stays above 0.

## Usual causes
A sign lost or added by hand; a custom loss that the card does not name; columns interchanged.

## Example
`Loss: -0.2144` beside `Accuracy: 0.9120`.
"""

from collections.abc import Iterator

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, Key, Subject, rule
from cardaudit.rules._columns import cell, counted, is_number

BESIDE = Key(
    frozenset(("accuracy", "f1", "wer", "perplexity", "mse", "rouge1", "rmse")).__contains__,
    "no metric says that the loss is a cross-entropy or a mean of squares",
)
OTHER = ("reward", "DPO", "PPO", "contrastive", "GAN", "ELBO", "InfoNCE", "likelihood", "diffusion", "SimCSE")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("numbers", BESIDE))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    negative = [
        number for number in _losses(card) if is_number(number) and number.value is not None and number.value + number.slack < 0
    ]
    if not negative or any(word in card.text for word in OTHER):
        return
    more = f" and {counted(len(negative) - 1, 'other loss')}" if len(negative) > 1 else ""
    message = f"loss {negative[0].text}{more} below 0: neither a cross-entropy nor a mean of squares is"
    yield Hit(message, tuple(number.span for number in negative[:8]), {"losses": [number.text for number in negative[:8]]})


def _losses(card: Card) -> Iterator[Printed]:
    if "loss" in card.headline:
        yield card.headline["loss"]
    for row in card.epochs:
        for key in ("training_loss", "validation_loss"):
            if number := cell(row, key):
                yield number
