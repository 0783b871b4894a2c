"""A model's repository on disk, read: settings, evaluations, labels and curves, each with the file that says it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cardaudit.errors import CardauditError
from cardaudit.evidence.event_files import EventLog, read_events
from cardaudit.evidence.pickles import read_training_arguments
from cardaudit.evidence.weights import Tensor, count_labels, count_parameters, parse_header, read_header
from cardaudit.hub.beginnings import broken_set, weight_files
from cardaudit.hub.evidence import MOST_EVENT_FILES, RESULTS
from cardaudit.records import Curve, Evidence, Fact, LoggedRow

MAX_JSON = 32 * 2**20
SETTINGS = {
    "learning_rate": "learning_rate",
    "per_device_train_batch_size": "train_batch_size",
    "per_device_eval_batch_size": "eval_batch_size",
    "seed": "seed",
    "data_seed": "data_seed",
    "gradient_accumulation_steps": "gradient_accumulation_steps",
    "num_train_epochs": "num_epochs",
    "max_steps": "max_steps",
    "lr_scheduler_type": "lr_scheduler_type",
    "warmup_steps": "warmup_steps",
    "warmup_ratio": "warmup_ratio",
    "weight_decay": "weight_decay",
    "adam_beta1": "adam_beta1",
    "adam_beta2": "adam_beta2",
    "adam_epsilon": "adam_epsilon",
    "max_grad_norm": "max_grad_norm",
    "label_smoothing_factor": "label_smoothing_factor",
    "optim": "optimizer",
    "adafactor": "adafactor",
    "fp16": "fp16",
    "bf16": "bf16",
    "logging_steps": "logging_steps",
    "eval_steps": "eval_steps",
    "eval_strategy": "eval_strategy",
    "evaluation_strategy": "eval_strategy",
    "load_best_model_at_end": "load_best_model_at_end",
    "metric_for_best_model": "metric_for_best_model",
    "greater_is_better": "greater_is_better",
    "group_by_length": "group_by_length",
    "dataloader_drop_last": "dataloader_drop_last",
}
ADAPTER = {
    "base_model_name_or_path": "adapter_base_model",
    "peft_type": "peft_type",
    "task_type": "adapter_task_type",
    "r": "lora_r",
    "lora_alpha": "lora_alpha",
    "lora_dropout": "lora_dropout",
    "target_modules": "target_modules",
    "rank_pattern": "rank_pattern",
    "alpha_pattern": "alpha_pattern",
}
STATE = ("max_steps", "num_train_epochs", "best_metric", "best_model_checkpoint", "global_step", "epoch", "train_batch_size")


def read_repository(folder: Path, headers: Sequence[tuple[str, bytes]] = ()) -> Evidence:
    """The evidence in a folder: whatever of the known files is there. Never raises for a file: it is listed as unread.

    `headers`: the JSON of the weights' headers by file, where they were read over the network; else the files themselves say.
    """
    facts: list[Fact] = []
    rows: list[LoggedRow] = []
    results: dict[str, dict[str, float]] = {}
    curves: list[Curve] = []
    looked_at: list[str] = []
    unread: list[tuple[str, str]] = []

    def take(name: str, read: Callable[[Path], None]) -> None:
        path = folder / name
        if not path.is_file():
            return
        try:
            demand_inside(folder, path)
            read(path)
            looked_at.append(name)
        except (CardauditError, OSError, ValueError, RecursionError) as error:
            unread.append((name, str(error)))

    take("training_args.bin", lambda path: facts.extend(_arguments(read_training_arguments(path), path.name)))
    take("trainer_state.json", lambda path: _state(_json(path), path.name, facts, rows))
    take("config.json", lambda path: facts.extend(_configuration(_json(path), path.name)))
    take("adapter_config.json", lambda path: facts.extend(_adapter(_json(path), path.name)))
    take("tokenizer_config.json", lambda path: facts.extend(_tokenizer(_json(path), path.name)))
    for name in RESULTS:
        take(name, lambda path: results.__setitem__(path.name, _numbers(_json(path))))
    facts.extend(_weights(folder, dict(headers), looked_at, unread))
    for name in event_files(folder):
        take(name, lambda path: _events(read_events(path), path.relative_to(folder).as_posix(), facts, curves))
    return Evidence(tuple(facts), tuple(rows), results, tuple(curves), tuple(looked_at), tuple(unread))


def _weights(folder: Path, headers: Mapping[str, bytes], looked_at: list[str], unread: list[tuple[str, str]]) -> Sequence[Fact]:
    """What the headers of all weights say together; nothing where one of them cannot be read."""
    files = tuple(headers) or weight_files(path.name for path in folder.glob("*.safetensors"))
    wrong = [(files[0], why)] if files and (why := broken_set(files)) else []
    tensors: dict[str, Tensor] = {}
    for name in files if not wrong else ():
        try:
            if name not in headers:
                demand_inside(folder, folder / name)
            tensors.update(parse_header(headers[name], name) if name in headers else read_header(folder / name))
        except (CardauditError, OSError) as error:
            wrong.append((name, str(error)))
    unread.extend(wrong)
    if wrong or not files:
        return ()
    told = files[0] if len(files) == 1 else f"{len(files)} shards of the weights"
    looked_at.append(f"{told} (header)")
    return tuple(_tensors(tensors, files[0]))


def demand_inside(folder: Path, path: Path) -> None:
    """Raises CardauditError for a link that leads out of a repository; the Hub's cache keeps its files in ../../blobs."""
    home, real = folder.resolve(), path.resolve()
    if not real.is_relative_to(home) and real.parent != home.parent.parent / "blobs":
        raise CardauditError(f"{path.relative_to(folder).as_posix()} is a link that leads out of the repository: not followed")


def event_files(folder: Path) -> list[str]:
    """The event files of a repository, as the callback lays them down (runs/DATE_HOST/events.out.tfevents.*), newest last."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*tfevents*") if path.is_file())[
        -MOST_EVENT_FILES:
    ]


def _json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_JSON:
        raise CardauditError(f"{path.name} has {path.stat().st_size / 2**20:.0f} MB: not read")
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise CardauditError(f"{path.name} holds no JSON object")
    return value


def _arguments(arguments: Mapping[str, Any], file: str) -> Iterator[Fact]:
    for name, key in SETTINGS.items():
        if name in arguments:
            yield Fact(key, arguments[name], file, name)


def _state(state: Mapping[str, Any], file: str, facts: list[Fact], rows: list[LoggedRow]) -> None:
    facts.extend(Fact(key, state[key], file, key) for key in STATE if state.get(key) is not None)
    history = state.get("log_history")
    logged: float | None = None
    for entry in history if isinstance(history, list) else []:
        if not isinstance(entry, dict):
            continue
        if "loss" in entry:
            logged = _float(entry["loss"])
        if any(str(key).startswith("eval_") for key in entry):
            metrics = {key.removeprefix("eval_"): value for key, value in _numbers(entry).items() if key.startswith("eval_")}
            rows.append(LoggedRow(int(entry.get("step") or 0), _float(entry.get("epoch")), logged, metrics))


def _configuration(config: Mapping[str, Any], file: str) -> Iterator[Fact]:
    for key in ("architectures", "problem_type", "_name_or_path", "model_type", "transformers_version", "vocab_size", "auto_map"):
        if config.get(key):
            yield Fact(key.strip("_"), config[key], file, key)
    labels = config.get("id2label")
    if isinstance(labels, dict) and labels:
        yield Fact("labels", [str(name) for _, name in sorted(labels.items(), key=lambda item: _rank(item[0]))], file, "id2label")


def _adapter(config: Mapping[str, Any], file: str) -> Iterator[Fact]:
    """What PEFT wrote of an adapter (peft/config.py, `save_pretrained`): its base, its kind and its settings."""
    for name, key in ADAPTER.items():
        if config.get(name) not in (None, {}, []):
            yield Fact(key, config[name], file, name)


def _rank(key: Any) -> tuple[int, str]:
    text = str(key)
    return (int(text), "") if text.isdecimal() else (2**31, text)


def _tokenizer(config: Mapping[str, Any], file: str) -> Iterator[Fact]:
    for key in ("do_lower_case", "model_max_length", "tokenizer_class", "name_or_path"):
        if config.get(key) is not None:
            yield Fact(f"tokenizer_{key}" if not key.startswith("tokenizer") else key, config[key], file, key)


def _tensors(tensors: Mapping[str, Tensor], file: str) -> Iterator[Fact]:
    head = count_labels(tensors)
    if head is not None:
        yield Fact("head_labels", head, file, "header")
    yield Fact("parameters", count_parameters(tensors), file, "header")
    yield Fact("dtypes", sorted({tensor.dtype for tensor in tensors.values()}), file, "header")


def _events(log: EventLog, file: str, facts: list[Fact], curves: list[Curve]) -> None:
    curves.extend(Curve(tag, file, tuple(points)) for tag, points in log.scalars.items())
    text = log.texts.get("args")
    if not text:
        return
    try:
        arguments = json.loads(text)
    except ValueError:
        return
    facts.extend(_arguments(arguments, file) if isinstance(arguments, dict) else ())


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {str(key): number for key, value in values.items() if (number := _float(value)) is not None}


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
