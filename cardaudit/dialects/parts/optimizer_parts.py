"""An optimizer whose betas and epsilon stand in items of their own: "beta_1: 0.9", "Epsilon: 1e-07", "Betas: (0.9, 0.999)"."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cardaudit.dialects.parts.hyperparameters import BETAS, hyperparameter_key
from cardaudit.dialects.parts.numbers import read_value
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred
from cardaudit.records import OptimizerLine

FIRST = ("beta_1", "beta1", "adam_beta1", "adam_beta_1", "optimizer_beta1")
SECOND = ("beta_2", "beta2", "adam_beta2", "adam_beta_2", "optimizer_beta2")
BOTH = ("betas", "adam_betas", "beta", "beta_parameters", "beta_values", "optimizer_betas", "beta_1_beta_2")
EPSILON = ("epsilon", "eps", "adam_epsilon", "optimizer_epsilon", "optimizer_eps")
PARTS = frozenset((*FIRST, *SECOND, *BOTH, *EPSILON))
TWO = deferred(r"[(\[]?\s*(0?\.\d{1,6})\s*,\s*(0?\.\d{1,6})\s*[)\]]?")
WITH_BETAS = ("adam", "lamb", "lion")


def with_parts(optimizer: OptimizerLine, pairs: Sequence[Pair]) -> OptimizerLine:
    """The optimizer with what it lacks and its parts say; as it is where it is none that has betas."""
    if not pairs or not any(name in optimizer.name for name in WITH_BETAS):
        return optimizer
    said = {hyperparameter_key(pair.label): pair.value for pair in reversed(pairs)}
    first, second = _number(said, FIRST), _number(said, SECOND)
    betas = (first, second) if first is not None and second is not None else _two(said)
    epsilon = _number(said, EPSILON)
    return replace(optimizer, betas=optimizer.betas or betas, epsilon=epsilon if optimizer.epsilon is None else optimizer.epsilon)


def _number(said: Mapping[str, str], keys: Sequence[str]) -> float | None:
    text = next((said[key] for key in keys if key in said), "")
    number = read_value(text, 0)
    return float(number.value) if number and number.value is not None else None


def _two(said: Mapping[str, str]) -> tuple[float, float] | None:
    text = next((said[key] for key in BOTH if key in said), "")
    found = TWO.match(text) or BETAS.search(text)
    numbers = [each for each in found.groups() if each] if found else []
    return (float(numbers[0]), float(numbers[1])) if len(numbers) > 1 else None
