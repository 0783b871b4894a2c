"""Hyperparameters by any of their spellings, and the optimizer line."""

import ast
import re
from collections.abc import Mapping
from dataclasses import fields

from cardaudit.dialects.parts.numbers import is_integer, read_value, read_word
from cardaudit.records import Hyperparameters, OptimizerLine, Printed, Span

KEYS = tuple(field.name for field in fields(Hyperparameters) if field.name != "other")
WHOLE_KEYS = frozenset(key for key in KEYS if key.endswith("batch_size") or key in ("seed", "num_devices", "training_steps"))
TEXT_KEYS = frozenset(("distributed_type", "lr_scheduler_type", "mixed_precision_training"))
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "initial_learning_rate", "init_learning_rate", "base_learning_rate"),
    "train_batch_size": (
        "training_batch_size",
        "per_device_train_batch_size",
        "batch_size_train",
        "batch_size_training",
        "train_batch",
        "per_gpu_train_batch_size",
        "batch_size",
    ),
    "eval_batch_size": (
        "evaluation_batch_size",
        "validation_batch_size",
        "per_device_eval_batch_size",
        "val_batch_size",
        "batch_size_eval",
    ),
    "seed": ("random_seed", "random_state"),
    "num_devices": ("number_of_devices",),
    "gradient_accumulation_steps": (
        "gradient_accumulation",
        "gradient_accumulation_step",
        "grad_accumulation_steps",
        "accumulation_steps",
    ),
    "total_train_batch_size": (
        "total_training_batch_size",
        "effective_batch_size",
        "effective_train_batch_size",
        "total_batch_size",
    ),
    "total_eval_batch_size": ("total_evaluation_batch_size",),
    "lr_scheduler_type": (
        "learning_rate_scheduler",
        "learning_rate_scheduler_type",
        "lr_scheduler",
        "scheduler",
        "scheduler_type",
        "learning_rate_schedule",
        "lr_schedule",
    ),
    "lr_scheduler_warmup_steps": (
        "warmup_steps",
        "num_warmup_steps",
        "learning_rate_scheduler_warmup_steps",
        "warm_up_steps",
        "number_of_warmup_steps",
    ),
    "lr_scheduler_warmup_ratio": ("warmup_ratio", "learning_rate_scheduler_warmup_ratio", "warm_up_ratio"),
    "num_epochs": (
        "number_of_epochs",
        "num_train_epochs",
        "number_of_train_epochs",
        "number_of_training_epochs",
        "epochs",
        "training_epochs",
        "train_epochs",
        "num_epoch",
        "total_epochs",
        "no_of_epochs",
    ),
    "training_steps": ("max_steps", "total_training_steps", "number_of_training_steps", "num_training_steps", "num_train_steps"),
    "mixed_precision_training": ("mixed_precision",),
    "label_smoothing_factor": ("label_smoothing",),
    "optimizer": ("optimiser", "optim"),
}
BY_SPELLING = {each: key for key, spellings in SPELLINGS.items() for each in spellings} | {
    key: key for key in (*KEYS, "optimizer")
}
FAMILIAR = frozenset(
    {
        "weight_decay",
        "max_grad_norm",
        "max_length",
        "max_seq_length",
        "max_sequence_length",
        "max_source_length",
        "max_target_length",
    }
    | {
        "adam_beta1",
        "adam_beta2",
        "adam_epsilon",
        "epsilon",
        "dropout",
        "fp16",
        "bf16",
        "training_precision",
        "warmup_proportion",
    }
    | {"head_learning_rate", "lora_r", "lora_alpha", "lora_dropout"}
)
NOT_WORD = re.compile(r"[\W_]+")
REMARK = re.compile(r"\([^)]*\)")
REST = re.compile(r"\s(?:[—–]|-{1,2}|\()\s*")
OPTIMIZER_NAME = re.compile(r"(?:use[ ]+)?(?:the[ ]+)?(?:optimizernames\.)?([a-z0-9][\w.+-]*(?: adam\w*)?)", re.I)
KNOWN_OPTIMIZER = re.compile(
    r"\b(adam\w*|adafactor|sgd\w*|rmsprop\w*|adagrad\w*|lion\w*|lamb\w*|nadam|radam|adadelta|ademamix\w*|galore\w*|apollo\w*)\b",
    re.I,
)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
BETAS = re.compile(r"betas?\s*=?\s*[(\[]\s*([\d.eE-]+)\s*,\s*([\d.eE-]+)")
EPSILON = re.compile(r"eps(?:ilon)?\s*[=:]?\s*(\d[\d.]*(?:[eE][-+]?\d+)?)")
MAX_TEXT = 60
MOST_WORDS = 3


def hyperparameter_key(label: str) -> str:
    """A label in snake case, brought to the Trainer's key where it is another spelling of one."""
    key = NOT_WORD.sub("_", REMARK.sub(" ", label).lower()).strip("_")
    return BY_SPELLING.get(key, key)


def read_setting(key: str, text: str, start: int, label: str) -> Printed | None:
    """A hyperparameter's value, exact as printed: a number where one is due, else the first words; None where nothing fits."""
    if key not in TEXT_KEYS:
        number = read_value(text, start, label, exact=True)
        if number is not None and key in WHOLE_KEYS and (not is_integer(number) or number.text.startswith("-")):
            return None
        if number is not None or key in KEYS:
            return number
    words = REST.split(text, maxsplit=1)[0].rstrip(" .;,")
    found = read_word(words, start, label)
    if not found.text or len(found.text) > MAX_TEXT or (key in TEXT_KEYS and len(found.text.split()) > MOST_WORDS):
        return None
    return found


def read_optimizer(text: str, start: int) -> OptimizerLine | None:
    """An optimizer line of any Trainer, of Keras (a dict) or in prose; None where it names none."""
    stands = text.strip()
    span = Span(start, start + len(stands))
    if stands.startswith("{"):
        return _keras_optimizer(stands, span)
    name = _optimizer_name(LINK.sub(r"\1", stands))
    if name is None:
        return None
    betas, epsilon = BETAS.search(stands), EPSILON.search(stands)
    return OptimizerLine(stands, name, _pair(betas), _float(epsilon[1]) if epsilon else None, span)


def keras_settings(text: str) -> Mapping[str, object]:
    """The dict that a Keras card prints as its optimizer; empty where it is none."""
    try:
        found = ast.literal_eval(text.strip()) if len(text) < 20_000 else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _keras_optimizer(text: str, span: Span) -> OptimizerLine | None:
    settings = keras_settings(text)
    while isinstance(inner := settings.get("inner_optimizer") or settings.get("config"), dict):
        settings = {"name": settings.get("class_name"), **inner}
    if not settings.get("name"):
        return None
    first, second, epsilon = (settings.get(key) for key in ("beta_1", "beta_2", "epsilon"))
    betas = (first, second) if isinstance(first, float) and isinstance(second, float) else None
    return OptimizerLine(text, str(settings["name"]).lower(), betas, epsilon if isinstance(epsilon, float) else None, span)


def _optimizer_name(text: str) -> str | None:
    named = OPTIMIZER_NAME.match(text)
    known = KNOWN_OPTIMIZER.search(text)
    if named and (known is None or known[1].lower() in named[1].lower()):
        words = text[named.end() :].split()[:1]
        if known or not words or words[0].lower() in ("with", "and"):
            return named[1].lower().replace(" ", "_")
    return known[1].lower() if known else None


def _pair(found: re.Match[str] | None) -> tuple[float, float] | None:
    first, second = (_float(found[1]), _float(found[2])) if found else (None, None)
    return (first, second) if first is not None and second is not None else None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
