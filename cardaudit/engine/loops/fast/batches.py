"""Examples as tensors, once, and batches of them: packed into one row, or padded as the Trainer's collator pads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from cardaudit.engine.task import Features

# What packing knows how to lay out. A model that takes more of what a tokenizer gives gets padded batches.
PACKABLE = {"input_ids", "attention_mask", "token_type_ids", "labels"}
# A row is filled up to a multiple of this, so that oneDNN prepares its kernels for few sizes.
ROUND = 16
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Examples:
    """A split. `features` as the recipe made them, without what the model does not take; `rows`: a tensor for each per-token key.

    `labels`: (texts,) or (texts, labels) where a text has one or several, else None and in `rows`.
    """

    features: list[Features]
    rows: dict[str, list[torch.Tensor]]
    labels: torch.Tensor | None

    def __len__(self) -> int:
        return len(self.features)


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples as a model takes them. `lengths` of packed sentences, else (); `real`: a padded batch's tokens, on the CPU."""

    inputs: dict[str, torch.Tensor]
    lengths: tuple[int, ...] = ()
    real: torch.Tensor | None = None


Feed = Callable[[Examples, Sequence[int]], Batch]


def examples_of(features: list[Features], keys: set[str], per_token: bool) -> Examples:
    """`keys`: what the model takes; the Trainer leaves out the rest too (trainer_utils.py, RemoveColumnsCollator)."""
    features = [{key: value for key, value in example.items() if key in keys} for example in features]
    names = [key for key in features[0] if key in PACKABLE and (key != "labels" or per_token)] if features else []
    lengths = [len(example["input_ids"]) for example in features]
    flat = {name: torch.from_numpy(np.array([item for example in features for item in example[name]])) for name in names}
    rows = {name: list(tensor.split(lengths)) for name, tensor in flat.items()}
    return Examples(features, rows, None if per_token else torch.tensor([example["labels"] for example in features]))


def pack(examples: Examples, numbers: Sequence[int], first: int) -> Batch:
    """One row of sentences, each with positions from `first`, and a last one that counts for nothing.

    Raises NotImplementedError for inputs that are no row of tokens.
    """
    foreign = set(examples.features[0]) - PACKABLE
    if foreign:
        raise NotImplementedError(f"its inputs {', '.join(sorted(foreign))} cannot be packed")
    rows = {key: [row[number] for number in numbers] for key, row in examples.rows.items() if key != "attention_mask"}
    lengths = tuple(map(len, rows["input_ids"]))
    spare = -sum(lengths) % ROUND
    positions = torch.arange(first, first + max(lengths))
    rows["position_ids"] = [positions[:length] for length in lengths]
    filling = {"labels": IGNORED, "position_ids": first}
    inputs = {key: torch.cat([*row, row[0].new_full((spare,), filling.get(key, 0))])[None] for key, row in rows.items()}
    if examples.labels is not None:
        inputs["labels"] = examples.labels[list(numbers)]
    return Batch(inputs, lengths)


def pad(examples: Examples, numbers: Sequence[int], collator: Any, device: Any) -> Batch:
    """As the Trainer collates."""
    collated = collator([examples.features[number] for number in numbers])
    return Batch({key: tensor.to(device) for key, tensor in collated.items()}, real=collated["attention_mask"].bool())
