"""The plan of a training as the Trainer and Unsloth print it in a banner, held against the Trainer's arithmetic. Not a rule."""

import re
from typing import NamedTuple

from cardaudit.patterns import deferred
from cardaudit.records import Card, Span

SIGN, EPOCHS = "Num examples = ", "Num Epochs = "
LONGEST = 1_500
MOST_EPOCHS, MOST_COPIES, MOST_DIGITS = 10**6, 64, 13
NAMES = ("examples", "epochs", "total", "accumulation", "steps")
TOLD = deferred(
    r"(?:(?P<examples>Num examples)|(?P<epochs>Num Epochs)|(?P<total>Total (?:train )?batch size)"
    r"|(?P<accumulation>Gradient [Aa]ccumulation steps)|(?P<steps>Total (?:optimization )?steps))"
    r"(?: \([^()\n]{1,60}\))? = (?P<value>\d[\d,]*)(?![\w.])"
)
OTHER_LOADERS = deferred(
    r"(?i:GRPO|RLOO|\bPPO\b|num_generations|rollout|sample[_ ]packing|multipack|axolotl|sentence[-_ ]?transformers|setfit|"
    r"get_train_dataloader|split_batches)|Num GPUs(?: used)? = (?!1\b)\d"
)


class Plan(NamedTuple):
    """What one banner plans, by its own numbers; `spans` are their places in this order."""

    examples: int
    epochs: int
    total: int
    accumulation: int
    steps: int
    spans: tuple[Span, ...]


def planned(card: Card) -> Plan | None:
    """The plan that the card's one banner prints; None where there is none, two, or a loop that loads examples in its own way."""
    text = card.text
    if SIGN not in text or text.count(EPOCHS) != 1 or OTHER_LOADERS.search(text):
        return None
    start = text.rfind(SIGN, 0, text.index(EPOCHS))
    told: dict[str, re.Match[str]] = {}
    for found in TOLD.finditer(text, max(start, 0), start + LONGEST):
        told.setdefault(next(name for name in NAMES if found[name]), found)
    if start < 0 or len(told) < len(NAMES):
        return None
    numbers = [int(told[name]["value"].replace(",", "")[:MOST_DIGITS]) for name in NAMES]
    examples, epochs, total, accumulation, steps = numbers
    if not all(numbers) or total % accumulation or epochs > MOST_EPOCHS:
        return None
    return Plan(examples, epochs, total, accumulation, steps, tuple(Span(*told[name].span("value")) for name in NAMES))


def most_steps(plan: Plan) -> int:
    """The most optimizer steps of all epochs: each has ceil(ceil(examples / micro-batch) / accumulation)."""
    return plan.epochs * max(_updates(plan, 1))


def fewest_steps(plan: Plan) -> int:
    """The fewest: one more than those of all epochs but the last, every rounding down."""
    return (plan.epochs - 1) * min(_updates(plan, 1)) + 1


def fits(plan: Plan) -> bool:
    """Whether some version of the Trainer plans these steps, by num_train_epochs or by max_steps.

    Num Epochs is ceil(num_train_epochs), or ceil(max_steps / updates) where max_steps is set: either way the steps lie above the
    updates of one epoch less and at most at those of all. A loop that loads each example several times (as for group sampling)
    plans that many times the updates.
    """
    if any((plan.epochs - 1) * updates < plan.steps <= plan.epochs * updates for updates in _updates(plan, 1)):
        return True
    return any(plan.steps == plan.epochs * updates for copies in range(2, MOST_COPIES + 1) for updates in _updates(plan, copies))


def _updates(plan: Plan, copies: int) -> set[int]:
    """The updates an epoch may have.

    transformers/trainer.py: the loader has ceil(examples / micro-batch of all devices) batches, the floor with
    dataloader_drop_last; an epoch has max(floor(batches / accumulation), 1) updates up to 4.51, and the ceiling since 4.52.
    """
    examples, batch = plan.examples * copies, plan.total // plan.accumulation
    loaders = {max(examples // batch, 1), -(-examples // batch)}
    return {max(found, 1) for each in loaders for found in (each // plan.accumulation, -(-each // plan.accumulation))}
