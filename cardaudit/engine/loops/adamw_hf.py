"""transformers' own AdamW: the Trainer's default up to 4.31 at least (4.39 has torch's), gone since 4.50."""

from math import sqrt
from typing import Any

import torch


class HfAdamW(torch.optim.Optimizer):  # type: ignore[misc]
    """AdamW as transformers/optimization.py 4.24.0 computes it (`AdamW`, with correct_bias).

    Two things are not as in torch.optim.AdamW: epsilon is added to the square root of the second moment before the bias
    correction, so that step t divides by sqrt(v) + eps and not by sqrt(v / (1 - beta2 ** t)) + eps; and the decay is applied
    after the step, to the weights that it moved.
    """

    def __init__(self, params: Any, lr: float, betas: tuple[float, float], eps: float, weight_decay: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def step(self, closure: None = None) -> None:  # noqa: ARG002
        """One update of every parameter that has a gradient. `closure`: torch's interface, none is taken."""
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        self._update(parameter, group)

    def _update(self, parameter: torch.Tensor, group: dict[str, Any]) -> None:
        state, gradient, (beta1, beta2) = self.state[parameter], parameter.grad, group["betas"]
        if not state:
            state.update(step=0, exp_avg=torch.zeros_like(parameter), exp_avg_sq=torch.zeros_like(parameter))
        state["step"] += 1
        state["exp_avg"].mul_(beta1).add_(gradient, alpha=1 - beta1)
        state["exp_avg_sq"].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        corrected = group["lr"] * sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
        parameter.addcdiv_(state["exp_avg"], state["exp_avg_sq"].sqrt().add_(group["eps"]), value=-corrected)
        if group["weight_decay"]:
            parameter.add_(parameter, alpha=-group["lr"] * group["weight_decay"])
