"""What a measurement was made on: versions, device, threads, flags. No host names, no paths, no user."""

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from cardaudit import __version__

PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "datasets",
    "accelerate",
    "safetensors",
    "numpy",
    "seqeval",
    "scikit-learn",
    "scipy",
)


def describe_environment() -> dict[str, Any]:
    """JSON values; written before the first step, so that a run that dies says where."""
    return {
        "cardaudit": __version__,
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "platform": f"{platform.system()} {platform.machine()}",
        "device": _device(),
        "threads": torch.get_num_threads(),
        "processors": os.cpu_count(),
        "flags": {
            "float32_matmul_precision": torch.get_float32_matmul_precision(),
            "cudnn_allow_tf32": torch.backends.cudnn.allow_tf32,
            "deterministic_algorithms": torch.are_deterministic_algorithms_enabled(),
            "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        },
    }


def set_products(precision: str) -> None:
    """Matrix products of float32 by TF32 where the plan says so and a GPU is there, for all seeds and both loops alike."""
    if precision == "tf32" and torch.cuda.is_available():
        torch.set_float32_matmul_precision("high")


@contextmanager
def plain_products() -> Iterator[None]:
    """Within this, products of float32 are products of float32."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def same_numerics(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a run begun in one environment may be continued in the other: equal libraries on an equal device."""
    return all(one.get(key) == other.get(key) for key in ("versions", "device", "threads", "flags"))


def _version(package: str) -> str | None:
    try:
        return torch.__version__ if package == "torch" else version(package)
    except PackageNotFoundError:
        return None


def _device() -> dict[str, Any]:
    if torch.cuda.is_available():
        card = torch.cuda.get_device_properties(0)
        return {
            "kind": "cuda",
            "name": card.name,
            "memory_bytes": card.total_memory,
            "capability": f"{card.major}.{card.minor}",
            "cuda": torch.version.cuda,
        }
    if torch.backends.mps.is_available():
        return {"kind": "mps"}
    return {"kind": "cpu", "name": platform.processor() or platform.machine()}
