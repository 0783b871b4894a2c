"""The learning rate is zero, or too large for the optimizer named beside it.

## What it does
Compares learning_rate with what the Adam family can use.

## Condition
learning_rate <= 0, or 0.1 and more with an optimizer whose name begins with "adam". Adam's update is about learning_rate in
every parameter whatever the gradient's size (Kingma and Ba 2015, section 2.1: the step is bounded by the learning rate), so
that ten steps at 0.1 move each weight by as much as a whole unit; pretrained weights are around 0.05.

## When it stays silent
Cards without a learning rate; rates of 0.1 and more with SGD, Adafactor or an optimizer that is not named; rates from 0.001 to
0.1, which probes, adapters and prompt tuning do use; cards that the Trainer did not write, whose schedule may scale the rate
(ESPnet's noam schedule takes 1.0: 11 of 16 hits of the naive rule).

## Usual causes
A lost exponent ("5" for "5e-05"); a run that only evaluates; a percent or a schedule's last value printed in its place.

## Example
learning_rate 2.0 with Adam.
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number

TOO_LARGE_FOR_ADAM = Decimal("0.1")


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("hyperparameters", "Trainer's schedule"))
def check(subject: Subject) -> Iterator[Hit]:
    rate, optimizer = subject.card.hyperparameters.learning_rate, subject.card.optimizer
    if rate is None or rate.value is None or not is_number(rate):
        raise NotCheckable("no learning rate is stated")
    if rate.value <= 0:
        yield Hit(f"learning_rate {rate.text}: no parameter moves", (rate.span,), {"learning_rate": float(rate.value)})
    elif optimizer and optimizer.name.startswith("adam") and rate.value >= TOO_LARGE_FOR_ADAM:
        message = f"learning_rate {rate.text} with {optimizer.name}, which moves each weight by up to that much in every update"
        yield Hit(
            message, (rate.span, optimizer.span), {"learning_rate": float(rate.value), "too_large": float(TOO_LARGE_FOR_ADAM)}
        )
