"""The dict that a Keras card prints as its optimizer: its own numbers and, nested in it, the learning rate's schedule.

transformers/modelcard.py (`extract_hyperparameters_from_keras`, 4.14 to 4.57) prints `optimizer.get_config()`: a rate, or
`{'class_name': 'WarmUp', 'config': {'initial_learning_rate': ..., 'decay_schedule_fn': {'class_name': 'PolynomialDecay', ...}}}`;
newer Keras has "module" and "registered_name" beside "class_name"; mixed precision wraps the whole in "inner_optimizer".
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cardaudit.dialects.parts.pairs import Pair
from cardaudit.patterns import deferred
from cardaudit.records import OptimizerLine, Span

MAX_DICT = 20_000
NAME = deferred(r"[A-Za-z]\w{1,30}")
MOST_NESTED = 6
INNER = "inner_optimizer.config."
FIRST_RATES = ("learning_rate", "learning_rate.config.initial_learning_rate")
ITEM = deferred(r"""['"](\w{1,40})['"]\s*:\s*(?:['"]([\w>.-]{1,60})['"]|([-+\d.eE]{1,30})(?=\s*[,}]))""")
NUMBERS = frozenset(
    ("learning_rate", "initial_learning_rate", "end_learning_rate", "warmup_steps", "warmup_target", "decay_steps", "decay_rate",
     "power", "alpha", "weight_decay_rate", "weight_decay", "decay", "momentum", "rho", "clipnorm", "clipvalue",
     "global_clipnorm", "initial_scale", "dynamic_growth_steps", "ema_momentum")
)  # fmt: skip
SCHEDULE = deferred(r"WarmUp|\w*(?:Polynomial|Exponential|Cosine|InverseTime|PiecewiseConstant)\w*|\w*Schedule")


def keras_optimizer(text: str, span: Span) -> OptimizerLine | None:
    """The optimizer that a dict describes; None where it is no dict or names none."""
    settings = _innermost(_as_dict(text))
    if not settings.get("name"):
        return None
    first, second, epsilon = (settings.get(key) for key in ("beta_1", "beta_2", "epsilon"))
    betas = (first, second) if isinstance(first, float) and isinstance(second, float) else None
    return OptimizerLine(text, str(settings["name"]).lower(), betas, epsilon if isinstance(epsilon, float) else None, span)


def keras_settings(text: str, start: int) -> Iterator[Pair]:
    """The rate, its schedules ("WarmUp", "PolynomialDecay") and their numbers, weight decay: each with its place in the dict."""
    if not _as_dict(text):
        return
    name = "schedule"
    for found in ITEM.finditer(text):
        key, word, number = found.groups()
        at = start + found.start(2 if word else 3)
        if key == "class_name" and word and SCHEDULE.fullmatch(word):
            yield Pair(name, word, at, at)
            name = "decay_schedule"
        elif number and key in NUMBERS:
            yield Pair(key, number, at, at)


def optimizer_of_pairs(pairs: Sequence[Pair]) -> OptimizerLine | None:
    """The optimizer of a table that gives its name and numbers a row each, as Keras's own Hub callback writes it."""
    rows = {pair.label.lower().removeprefix(INNER): pair for pair in reversed(pairs)}
    named = rows.get("name")
    if named is None or not NAME.fullmatch(named.value) or not any(label.startswith("learning_rate") for label in rows):
        return None
    first, second, epsilon = (_number(rows.get(key)) for key in ("beta_1", "beta_2", "epsilon"))
    betas = (first, second) if first is not None and second is not None else None
    span = Span(named.start, named.start + len(named.value))
    return OptimizerLine(named.value, named.value.lower(), betas, epsilon, span)


def with_first_rate(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """The rows of such a table, and the rate that a schedule or an inner optimizer among them begins with as the model's own."""
    if any(pair.label == "learning_rate" for pair in pairs):
        return pairs
    rate = next((pair for pair in pairs if pair.label.removeprefix(INNER) in FIRST_RATES), None)
    return [rate._replace(label="learning_rate"), *pairs] if rate else pairs


def _number(pair: Pair | None) -> float | None:
    try:
        return float(pair.value) if pair else None
    except ValueError:
        return None


def _as_dict(text: str) -> Mapping[str, Any]:
    try:
        found = ast.literal_eval(text.strip()) if len(text) < MAX_DICT else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _innermost(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The optimizer itself, without the wrappers of mixed precision."""
    for _ in range(MOST_NESTED):
        inner = settings.get("inner_optimizer") or settings.get("config")
        if not isinstance(inner, dict):
            break
        settings = {"name": settings.get("class_name"), **inner}
    return settings
