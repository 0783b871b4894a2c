"""The header of a safetensors file: names, dtypes and shapes of all tensors, without the weights.

Format: github.com/huggingface/safetensors, README: 8 bytes little-endian length, then that much JSON.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cardaudit.errors import CardauditError
from cardaudit.hub.beginnings import MAX_HEADER

HEADS = ("classifier.weight", "classifier.out_proj.weight", "score.weight", "classifier.dense.weight")


class Tensor(NamedTuple):
    """A tensor of a header: dtype as safetensors spells it ("F32", "BF16") and shape."""

    dtype: str
    shape: tuple[int, ...]


def read_header(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name. Raises CardauditError where it is no safetensors file."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= MAX_HEADER:
            raise CardauditError(f"{path.name} is no safetensors file: its header would have {length:,} bytes")
        return parse_header(file.read(length), path.name)


def parse_header(data: bytes, name: str) -> dict[str, Tensor]:
    """The tensors of a header's JSON. Raises CardauditError where it is none."""
    try:
        entries = json.loads(data)
        return {
            key: Tensor(str(entry["dtype"]), tuple(int(size) for size in entry["shape"]))
            for key, entry in entries.items()
            if key != "__metadata__"
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CardauditError(f"{name} is no safetensors file: its header is no JSON of tensors") from error


def count_labels(tensors: Mapping[str, Tensor]) -> int | None:
    """How many labels the classification head has: the rows of its last weight; None where no head of a known name is there."""
    for name in HEADS:
        rows = [tensor.shape[0] for key, tensor in tensors.items() if key == name or key.endswith("." + name)]
        if len(rows) == 1:
            return rows[0]
    return None


def count_parameters(tensors: Mapping[str, Tensor]) -> int:
    """All numbers in all tensors."""
    total = 0
    for tensor in tensors.values():
        size = 1
        for length in tensor.shape:
            size *= length
        total += size
    return total
