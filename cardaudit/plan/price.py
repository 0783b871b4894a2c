"""What retraining a card would roughly cost, from the card alone: to rank claims, before anything is resolved."""

import re
from functools import cache

from cardaudit.facts import load
from cardaudit.facts.owners import canonical_model
from cardaudit.plan.estimate import DEFAULT_TOKENS, GPU_FLOPS, GPU_STEP, PADDING
from cardaudit.records import Card, Printed

TASKS = ("token-classification", "text-classification")  # those that the engine has a recipe for


def rough_seconds(card: Card) -> float | None:
    """Seconds that one seed takes on one data center GPU, with two digits; None where the card does not tell enough.

    Steps, batch and base model are the card's. A sentence is taken to have 40 tokens, and a training step six operations a token
    and parameter of the encoder, 12 hidden_size^2 a layer, as in plan/estimate.py: good to a factor of three, and enough to say
    which doubt is cheaper. `cardaudit plan` knows more.
    """
    size = _encoder(card.base_model.text) if card.base_model else None
    steps = card.epochs[-1].step if card.epochs else None
    batch = _number(card.hyperparameters.total_train_batch_size) or _number(card.hyperparameters.train_batch_size)
    if size is None or batch is None or steps is None or not steps.value or (card.task and card.task.text not in TASKS):
        return None
    tokens = DEFAULT_TOKENS * PADDING * batch * float(steps.value)
    return float(f"{6 * size * tokens / GPU_FLOPS + GPU_STEP * float(steps.value):.2g}")


def _number(printed: Printed | None) -> float | None:
    return float(printed.value) if printed is not None and printed.value else None


def _encoder(name: str) -> float | None:
    """Parameters of the layers of a base model, without its embeddings; None for one that the facts do not list."""
    facts = load("base_models")
    if match := re.search(facts["pattern"], name):
        return 12.0 * int(match["hidden"]) ** 2 * int(match["layers"])
    return _sizes().get(canonical_model(name))


@cache
def _sizes() -> dict[str, float]:
    sizes: dict[str, float] = {}
    for size, names in load("base_models")["sizes"].items():
        hidden, layers = map(int, size.split("x"))
        sizes.update(dict.fromkeys(names, 12.0 * hidden**2 * layers))
    return sizes
