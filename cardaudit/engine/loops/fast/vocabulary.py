"""The rows of the embedding that a run's data use. The others cost memory and time in every update and are never looked at.

Leaving them out is exact: such a row has no gradient, AdamW computes each element by itself, and neither the norm that clipping
divides by nor the loss sees the row.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from cardaudit.engine.task import Features

# Below this a padding id may keep its number at the cost of rows that nobody uses.
FEW = 1000


def rows_in_use(splits: Iterable[list[Features]], padding: int | None) -> torch.Tensor:
    """The token ids of all examples, ascending, with all up to the padding id, which models know by number."""
    used = {token for split in splits for features in split for token in features["input_ids"]}
    return torch.tensor(sorted(used | set(range((padding or 0) + 1))))


def keep_rows(model: Any, rows: torch.Tensor) -> bool:
    """Whether the word embedding could be cut to `rows`: not where its weight is used elsewhere too, or is no plain one."""
    embedding = model.get_input_embeddings()
    if type(embedding) is not nn.Embedding or embedding.max_norm is not None or embedding.sparse:
        return False
    padding = embedding.padding_idx
    if padding is not None and padding > FEW:
        return False
    owners = [name for name, parameter in model.named_parameters(remove_duplicate=False) if parameter is embedding.weight]
    if len(owners) != 1:
        return False
    embedding.weight = nn.Parameter(embedding.weight.detach()[rows])
    embedding.num_embeddings = len(rows)
    return True


def renumber(split: list[Features], rows: torch.Tensor) -> list[Features]:
    """The examples with their tokens as numbers of rows."""
    place = {token: number for number, token in enumerate(rows.tolist())}
    return [{**features, "input_ids": [place[token] for token in features["input_ids"]]} for features in split]
