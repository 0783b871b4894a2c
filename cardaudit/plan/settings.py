"""What the user sets for a plan: the keys of `--set` and of the [plan] table, and how their values are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.records import Evidence

FIRST_SEED, SEED_SPACING, MAX_SEEDS = 42, 1000, 19


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """How to plan.

    `overrides`: the `--set` pairs; `table`: the [plan] table of a source.toml or cardaudit.toml, and `folder` the folder that its
    relative paths start from. An override beats the table. `seeds`: at most so many are trained (1 to 19). `replay`: also train
    the card's own seed. `resolve`: False touches neither the Hub nor the disk and leaves paths and revisions open.
    `evidence`: what the files beside the card say; it fills what neither the user nor the card says.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    offline: bool = False
    seeds: int = MAX_SEEDS
    replay: bool = True
    allow_pickle: bool = False
    resolve: bool = True
    evidence: Evidence | None = None


def read_overrides(pairs: Mapping[str, str], where: str) -> dict[str, Any]:
    """The typed values of `pairs`; `where` is "--set" or "the [plan] table".

    Raises CardauditError for a key that is not known, naming the closest one, and for a value that does not fit its key.
    """
    values: dict[str, Any] = {}
    for key, text in pairs.items():
        if key not in OVERRIDES:
            raise CardauditError(f"{where} {key}={text}: unknown key {key!r}; {_nearest(key)}")
        try:
            value = OVERRIDES[key](text.strip())
        except ValueError as error:
            raise CardauditError(f"{where} {key}={text}: expected {error}, found {text!r}") from error
        values["text_columns" if key == "text_column" else key] = value
    return values


def spaced_seeds(card_seed: int | None, count: int) -> tuple[int, ...]:
    """`count` seeds a thousand apart, none of them 42 or the card's own.

    Recent samplers order epoch e of seed s as epoch 0 of seed s + e (accelerate's SeedableRandomSampler), so neighbouring seeds
    share data orders.
    """
    if not 1 <= count <= MAX_SEEDS:
        raise CardauditError(f"{count} seeds were asked for: give a number from 1 to {MAX_SEEDS}")
    first = FIRST_SEED if card_seed is None else card_seed
    return tuple(first + SEED_SPACING * (i + 1) for i in range(count))


def _nearest(key: str) -> str:
    close = get_close_matches(key, OVERRIDES, 1)
    return f"did you mean {close[0]!r}?" if close else "known are " + ", ".join(OVERRIDES)


def _text(text: str) -> str:
    if not text:
        raise ValueError("a value")
    return text


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ValueError("names, separated by commas")
    return names


def _bool(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


def _whole(low: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < low:
            raise ValueError(f"a whole number of at least {low}")
        return int(text)

    return read


def _number(low: float, high: float = float("inf")) -> Callable[[str], float]:
    def read(text: str) -> float:
        wanted = f"a number of at least {low:g}" if high == float("inf") else f"a number from {low:g} to {high:g}"
        try:
            value = float(text)
        except ValueError:
            raise ValueError(wanted) from None
        if not low <= value <= high or value == float("inf"):
            raise ValueError(wanted)
        return value

    return read


def _choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(" or ".join(choices))
        return text

    return read


SCHEDULERS = (
    "linear",
    "cosine",
    "cosine_with_restarts",
    "polynomial",
    "constant",
    "constant_with_warmup",
    "inverse_sqrt",
    "reduce_lr_on_plateau",
    "cosine_with_min_lr",
    "warmup_stable_decay",
)

OVERRIDES: Mapping[str, Callable[[str], Any]] = {
    "task": _choice("token-classification", "text-classification"),
    "base_model": _text,
    "same_base": _bool,
    "dataset": _text,
    "same_dataset": _bool,
    "same_evaluation": _bool,
    "dataset_config": _text,
    "format": _choice("hub", "parquet", "csv", "json", "conll"),
    "train_split": _text,
    "eval_split": _text,
    "train_file": _text,
    "eval_file": _text,
    "train_limit": _whole(1),
    "eval_limit": _whole(1),
    "text_columns": _names,
    "text_column": _names,
    "label_column": _text,
    "labels": _names,
    "learning_rate": _number(0),
    "train_batch_size": _whole(1),
    "eval_batch_size": _whole(1),
    "gradient_accumulation_steps": _whole(1),
    "num_epochs": _number(0),
    "max_steps": _whole(1),
    "optimizer": _text,
    "adam_beta1": _number(0, 1),
    "adam_beta2": _number(0, 1),
    "adam_epsilon": _number(0),
    "weight_decay": _number(0),
    "max_grad_norm": _number(0),
    "lr_scheduler_type": _choice(*SCHEDULERS),
    "warmup_steps": _whole(0),
    "warmup_ratio": _number(0, 1),
    "label_smoothing_factor": _number(0, 1),
    "precision": _choice("fp32", "tf32", "fp16", "bf16"),
    "max_length": _whole(1),
    "seed": _whole(0),
    "load_best_model_at_end": _bool,
    "metric_for_best_model": _text,
    "greater_is_better": _bool,
    "eval_strategy": _choice("epoch", "steps"),
    "eval_steps": _whole(1),
    "logging_steps": _whole(1),
    "label_all_tokens": _bool,
    "b_to_i": _bool,
    "problem_type": _choice("single_label_classification", "multi_label_classification", "regression"),
    "average": _choice("binary", "micro", "macro", "weighted"),
    "metrics": _names,
    "stock_accumulation_loss": _bool,
    "semantics": _text,
}
