"""The matrix products of linear layers by oneDNN, which uses AVX-512 on every processor that has it.

MKL, which torch 2.13 takes for float32, does so on Intel's alone: on an AMD EPYC of 2025 oneDNN did 160 to 200 GFLOP/s a core
where MKL did 80 to 95, forward and backward. torch has no public way to ask for it; the operator here is the one that its own
compiler calls (torch/_inductor/mkldnn_lowerings.py). Where it is missing, layers stay as they are.
"""

from typing import Any

import torch
from torch import nn


def use_onednn(model: nn.Module) -> bool:
    """Lets the linear layers of a model call oneDNN, weights and names unchanged; False where that would gain nothing."""
    if not torch.backends.mkldnn.is_available() or not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    if "AVX512" not in torch.backends.cpu.get_cpu_capability():
        return False
    for module in model.modules():
        if type(module) is nn.Linear:
            module.__class__ = Linear
    return True


class Linear(nn.Linear):  # type: ignore[misc]
    """nn.Linear by other products."""

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        return _Linear.apply(hidden, self.weight, self.bias)


class _Linear(torch.autograd.Function):  # type: ignore[misc]
    """hidden (..., K), weight (N, K), bias (N,) or None -> (..., N)."""

    @staticmethod
    def forward(context: Any, hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        context.save_for_backward(hidden, weight)
        rows = hidden.reshape(-1, hidden.shape[-1])
        return _product(rows, weight, bias).view(*hidden.shape[:-1], -1)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        hidden, weight = context.saved_tensors
        rows, gradients = hidden.reshape(-1, hidden.shape[-1]), gradient.reshape(-1, gradient.shape[-1])
        needs_hidden, needs_weight, needs_bias = context.needs_input_grad
        return (
            _product(gradients, weight.t()).view_as(hidden) if needs_hidden else None,
            _product(gradients.t(), rows.t()) if needs_weight else None,
            gradients.sum(0) if needs_bias else None,
        )


def _product(rows: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    """rows (T, K) and weight (N, K), in any order of memory, to (T, N)."""
    product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
    return product
