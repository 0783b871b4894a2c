"""The total batch size is not the product of its factors.

## What it does
Recomputes total_train_batch_size and total_eval_batch_size.

## Condition
total_train_batch_size = train_batch_size * num_devices * gradient_accumulation_steps and total_eval_batch_size =
eval_batch_size * num_devices (transformers/modelcard.py, `extract_hyperparameters_from_trainer`); absent factors are 1, because
the Trainer prints them only above 1. Where the run was distributed, or the Trainer did not write the card, and no num_devices
is given, the total may be any multiple; so may the total of the training batch where its author states no accumulation steps.

A Trainer card without num_devices whose total is a multiple is `suspicious` only: the line may
have been dropped (2 of 8 real hits).

## When it stays silent
A total that a number of devices under another name ("num_gpus") explains. Runs on IPUs, whose replication factor the card does
not state (all 14 examined hits of the naive rule). Cards without a total.

## Usual causes
An edited batch size; a card put together from two runs.

## Example
train_batch_size 16, gradient_accumulation_steps 4, total_train_batch_size 32.
"""

from collections.abc import Iterator

from cardaudit.plurals import listed
from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer
from cardaudit.rules._steps import is_ipu

OTHER_NAMES = ("num_gpus", "n_gpu", "n_gpus", "num_processes", "world_size")


@rule(kind="inconsistent", severity="error", confidence="proven", needs=("hyperparameters", "total batch size"))
def check(subject: Subject) -> Iterator[Hit]:
    parameters = subject.card.hyperparameters
    totals = (parameters.total_train_batch_size, parameters.total_eval_batch_size)
    if is_ipu(subject.card):
        raise NotCheckable("the run was on IPUs, whose replication the card does not state")
    by_trainer = subject.card.dialect.startswith("trainer")
    open_devices = parameters.num_devices is None and (parameters.distributed_type is not None or not by_trainer)
    devices = ("num_devices", parameters.num_devices) if parameters.num_devices else _other_devices(subject.card)
    grouped = ("gradient_accumulation_steps", parameters.gradient_accumulation_steps)
    open_steps = parameters.gradient_accumulation_steps is None and not by_trainer
    of_training = (("train_batch_size", parameters.train_batch_size), devices, grouped)
    for name, total, factors, is_open in (
        ("total_train_batch_size", totals[0], of_training, open_devices or open_steps),
        ("total_eval_batch_size", totals[1], (("eval_batch_size", parameters.eval_batch_size), devices), open_devices),
    ):
        hit = _compare(name, total, factors, is_open)
        if hit:
            yield hit


def _other_devices(card: Card) -> tuple[str, Printed | None]:
    """The number of devices under a name that authors give it; the Trainer's own name and None where there is none."""
    named = ((name, card.hyperparameters.other.get(name)) for name in OTHER_NAMES)
    return next(((name, printed) for name, printed in named if integer(printed)), ("num_devices", None))


def _compare(name: str, total: Printed | None, factors: tuple[tuple[str, Printed | None], ...], is_open: bool) -> Hit | None:
    stated = integer(total)
    if total is None or stated is None or integer(factors[0][1]) is None:
        return None
    product = 1
    for _, factor in factors:
        product *= integer(factor) or 1
    if stated == product or (is_open and stated % product == 0):
        return None
    printed = [(label, factor) for label, factor in factors if factor is not None]
    words = listed([f"{label} {factor.text}" for label, factor in printed])
    verb = "give" if len(printed) > 1 else "gives"
    message, at = f"{name} {total.text}, but {words} {verb} {product}", (total.span, *(factor.span for _, factor in printed))
    if factors[1][1] is None and stated % product == 0:
        return Hit(f"{message} and num_devices is not stated", at, {"product": product}, "suspicious", "warning", "likely")
    return Hit(message, at, {"product": product})
