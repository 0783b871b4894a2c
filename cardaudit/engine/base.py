"""The base model of a plan from its local snapshot: tokenizer and weights, in float32, without remote code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoTokenizer

from cardaudit.errors import CardauditError
from cardaudit.records import Plan

WEIGHTS = ("*.safetensors",)
PICKLES = ("*.bin", "*.pt", "*.h5", "*.msgpack")
# Byte-level tokenizers that take words only when told to put the blank back (transformers, run_ner.py).
SPLIT_WORDS_NEED_PREFIX = ("bloom", "gpt2", "roberta", "deberta", "longformer")
NO_LIMIT = 100_000


def load_tokenizer(plan: Plan, words: bool) -> Any:
    """The tokenizer, its model_max_length lowered to the plan's. `words`: it will get text that is split already."""
    config = load_config(plan)
    options = {"add_prefix_space": True} if words and config.model_type in SPLIT_WORDS_NEED_PREFIX else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(plan.model.path, local_files_only=True, trust_remote_code=False, **options)
    except Exception as error:  # OSError, ValueError, KeyError, ImportError, or whatever tokenizers raises
        raise _unfit(plan, "its tokenizer does not load", error) from error
    if words and not tokenizer.is_fast:
        raise CardauditError(
            f"the tokenizer of {plan.model.id} cannot say which word a sub-token belongs to, so labels cannot be aligned"
        )
    tokenizer.model_max_length = _max_length(plan, tokenizer, config)
    return tokenizer


def _max_length(plan: Plan, tokenizer: Any, config: Any) -> int:
    """The least of what the plan says, the tokenizer allows, and the position embeddings hold."""
    positions = getattr(config, "max_position_embeddings", None) or NO_LIMIT
    if config.model_type in ("roberta", "xlm-roberta", "camembert", "longformer"):
        positions -= 2  # their positions start behind the padding index (modeling_roberta.py)
    return int(min(plan.training.max_length, tokenizer.model_max_length, positions if positions > 0 else NO_LIMIT))


def load_config(plan: Plan, **options: Any) -> Any:
    """The configuration of the base model. Raises CardauditError where the folder holds none that this library knows."""
    if not plan.model.path or not plan.dataset.path:  # made with the Hub switched off; "" would be the folder we are in
        raise CardauditError("the plan is not pinned, it names no folders of model and data: make it again where both can be had")
    folder = Path(plan.model.path)
    if not (folder / "config.json").is_file():
        raise CardauditError(f"the base model {plan.model.id} has no config.json in {folder}: give a folder with --set model=")
    try:
        return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False, **options)
    except Exception as error:
        raise _unfit(plan, "its config.json does not load", error) from error


def load_model(plan: Plan, auto: Any, options: Mapping[str, Any]) -> Any:
    """The base model with a head for the task; what the snapshot lacks is drawn from torch's generator.

    `auto` is an AutoModelFor... class, `options` go to its configuration. float32 is forced: transformers 5 would otherwise train
    in the checkpoint's own precision. Raises CardauditError where files are absent or the architecture has no such head.
    """
    pickled = _only_pickle(plan)
    try:
        model, loaded = auto.from_pretrained(
            plan.model.path,
            config=load_config(plan, **options),
            dtype=torch.float32,
            use_safetensors=not pickled,
            weights_only=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except Exception as error:
        raise _unfit(plan, f"it does not load with {auto.__name__.removeprefix('Auto')}", error) from error
    if plan.mode == "evaluate":
        _demand_whole(plan, loaded["missing_keys"])
    else:
        _demand_weights(plan, model, loaded["missing_keys"])
    return model


def _only_pickle(plan: Plan) -> bool:
    folder = Path(plan.model.path)
    if any(next(folder.glob(pattern), None) for pattern in WEIGHTS):
        return False
    pickles = [path.name for pattern in PICKLES for path in folder.glob(pattern)]
    if not pickles:
        raise CardauditError(f"the base model {plan.model.id} has no weights (*.safetensors) in {folder}")
    if not plan.task_options.get("allow_pickle", False):
        raise CardauditError(
            f"the base model {plan.model.id} has its weights only as {pickles[0]}, a pickle file: "
            "allow reading tensors from it with --set allow_pickle=true"
        )
    return True


def _demand_weights(plan: Plan, model: Any, missing: set[str]) -> None:
    """A base that fills less than half of the encoder is another architecture, and training it would measure nothing."""
    encoder = getattr(model, model.base_model_prefix, None)
    if encoder is None or encoder is model:
        return
    names = {f"{model.base_model_prefix}.{name}": tensor.numel() for name, tensor in encoder.named_parameters()}
    absent = sum(size for name, size in names.items() if name in missing)
    if absent * 2 > sum(names.values()):
        raise CardauditError(
            f"the base model {plan.model.id} does not fit: {absent:,} of the {sum(names.values()):,} parameters of a "
            f"{type(model).__name__} are not in its files"
        )


def _demand_whole(plan: Plan, missing: set[str]) -> None:
    """Weights that are scored must all be there: what is missing would be drawn at random."""
    if missing:
        names = ", ".join(sorted(missing)[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise CardauditError(f"the weights of {plan.model.id} lack {names}: they are not those of a model that can be scored")


def _unfit(plan: Plan, what: str, error: Exception) -> CardauditError:
    words = str(error).strip().splitlines() or [type(error).__name__]
    return CardauditError(f"the base model {plan.model.id} cannot be used, {what}: {words[0][:200]}")
