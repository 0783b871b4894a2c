"""When two spellings of a name or a number in a gold record and in a read card are the same."""

import re
from collections.abc import Mapping
from typing import Any

SAME_SETTING = {
    "per_device_train_batch_size": "train_batch_size",
    "per_gpu_train_batch_size": "train_batch_size",
    "micro_batch_size": "train_batch_size",
    "batch_size": "train_batch_size",
    "per_device_eval_batch_size": "eval_batch_size",
    "per_gpu_eval_batch_size": "eval_batch_size",
    "num_train_epochs": "num_epochs",
    "max_epochs": "num_epochs",
    "epochs": "num_epochs",
    "max_steps": "training_steps",
    "warmup_steps": "lr_scheduler_warmup_steps",
    "warmup_ratio": "lr_scheduler_warmup_ratio",
    "lr": "learning_rate",
    "body_learning_rate": "learning_rate",
    "scheduler": "lr_scheduler_type",
    "lr_scheduler": "lr_scheduler_type",
}
SAME_METRIC = {"trainloss": "trainingloss", "valloss": "validationloss"}


def choices(value: Any) -> list[Any]:
    """A gold value that is a list holds the readings that are all right."""
    return value if isinstance(value, list) else [value]


def setting_key(key: str) -> str:
    """The Trainer's key of a hyperparameter that another tool names otherwise."""
    return SAME_SETTING.get(key, key)


def is_headline(stated: str, seen: str) -> bool:
    """A Keras card's "Validation Loss" is the evaluation loss."""
    return is_metric(stated, seen) or (stated, seen) == ("validation_loss", "loss")


def is_metric(stated: str, seen: str) -> bool:
    return metric_key(stated) == metric_key(seen)


def metric_key(name: str) -> str:
    """`rouge_l` and `rougel` are one name, and `eval_accuracy` is `accuracy`."""
    key = re.sub(r"[\W_]", "", name.lower()).removeprefix("eval")
    return SAME_METRIC.get(key, key)


def prints(text: str, number: Mapping[str, Any]) -> bool:
    return digits(text) == digits(number["text"])


def digits(text: str) -> str:
    """A number without marks of emphasis, "about" and percent signs."""
    return re.sub(r"[\s*_`~%]", "", text).lower()


def plain(text: str) -> str:
    """Letters, digits and the signs that tell numbers apart, in lower case; markup, spaces and dashes between words go."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", str(text))
    text = text.strip(" *_`\"'").lower()
    return text if re.fullmatch(r"[-+]?[\d.,]+(e[-+]?\d+)?", text) else re.sub(r"[^\w.+]|_", "", text)
