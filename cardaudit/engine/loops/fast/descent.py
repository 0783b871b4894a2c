"""From gradients to weights: clipping, AdamW with its two groups, and the schedule."""

from math import sqrt
from typing import Any

import torch
from transformers import Trainer, get_scheduler

from cardaudit.engine.loops.arguments import own_optimizer
from cardaudit.engine.loops.fast.graphs import WARM_UPS, Recording
from cardaudit.engine.loops.fast.mixed import Scaler
from cardaudit.records import Plan


class Descent:
    """Updates a model's weights as the Trainer does. `arguments`: the plan's, as transformers.TrainingArguments.

    `recording`: on a GPU whose kernels are recorded; the gradients then stay where they are and are set to zero.

    `scaler`: of gradients in fp16. An update whose gradients are not finite leaves weights and moments as they are. The learning
    rate goes on then with adamw_torch_fused, which skips inside its kernel, and stays with other optimizers, which are not called
    at all (accelerate 1.15, optimizer.py, `step_was_skipped`; transformers 5.23, trainer.py, _run_epoch).
    """

    def __init__(
        self, model: Any, plan: Plan, arguments: Any, steps: int, recording: Recording | None = None, scaler: Scaler | None = None
    ) -> None:
        self._parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._limit, self._epsilon, self._scaler = arguments.max_grad_norm, arguments.adam_epsilon, scaler
        self._hf = own_optimizer(plan) is not None
        self._waits = scaler is not None and (self._hf or arguments.optim.value != "adamw_torch_fused")
        self._rates = _rates(arguments, steps)
        # A GPU's kernel reads a float32; a CPU's a double, as it would take a Python number.
        exact = torch.float32 if model.device.type == "cuda" else torch.float64
        self._table = torch.tensor(self._rates, dtype=exact, device=model.device)
        self._rate = torch.zeros((), dtype=exact, device=model.device)
        # The processor must know the number where it computes an epsilon from it.
        self._taken = torch.zeros(1, dtype=torch.long, device="cpu" if self._hf else model.device)
        groups = _groups(model, arguments.weight_decay, self._hf)
        betas, epsilon = (arguments.adam_beta1, arguments.adam_beta2), arguments.adam_epsilon
        self._optimizer = torch.optim.AdamW(groups, self._rate, betas, epsilon, capturable=recording is not None, fused=True)
        if scaler:
            self._optimizer.found_inf = scaler.skipped
        self._recording, self._warm = recording, 0
        self._graph: Any = None
        if recording:
            for parameter in self._parameters:
                parameter.grad = torch.zeros_like(parameter)

    def step(self) -> None:
        """An update by the gradients that lie there; they are gone afterwards."""
        recording = self._recording
        if recording is None or self._hf or self._warm < WARM_UPS:
            self._step()
            self._warm += 1
            return
        if self._graph is None and recording.works:
            self._graph = recording.record(self._step)
        if self._graph is None:
            self._step()
        else:
            self._graph.replay()

    def _step(self) -> None:
        if self._scaler:
            self._scaler.unscale([parameter.grad for parameter in self._parameters if parameter.grad is not None])
        if self._limit > 0:
            torch.nn.utils.clip_grad_norm_(self._parameters, self._limit)
        if self._hf:
            self._step_as_hf()
        else:
            self._rate.copy_(self._table.index_select(0, self._taken)[0])
            self._optimizer.step()
        self._taken += 1
        if self._scaler:
            if self._waits:
                self._taken -= self._scaler.skipped.to(self._taken)
            self._scaler.update()
        self._optimizer.zero_grad(set_to_none=self._recording is None)

    def _step_as_hf(self) -> None:
        """transformers' own AdamW (adamw_hf.py) by torch's: epsilon before the bias correction, and the decay after the step.

        sqrt(v) + eps = sqrt(1 - beta2 ** t) * (sqrt(v / (1 - beta2 ** t)) + eps / sqrt(1 - beta2 ** t)). The kernel takes epsilon
        from the processor, so in fp16 one number is read back from a GPU in each update: how many were not skipped.
        """
        taken = int(self._taken)
        if self._scaler and bool(self._scaler.skipped):
            return
        self._rate.fill_(self._rates[taken])
        for group in self._optimizer.param_groups:
            group["eps"] = self._epsilon / sqrt(1.0 - group["betas"][1] ** (taken + 1))
        self._optimizer.step()
        for group in self._optimizer.param_groups:
            if group["decay_after"]:
                weights = [parameter.detach() for parameter in group["params"]]
                torch._foreach_mul_(weights, 1.0 - self._rates[taken] * group["decay_after"])

    def state(self) -> dict[str, Any]:
        scaler = {"scaler": self._scaler.state()} if self._scaler else {}
        return {"optimizer": self._optimizer.state_dict(), "taken": self._taken, **scaler}

    def restore(self, state: dict[str, Any]) -> None:
        self._optimizer.load_state_dict(state["optimizer"])
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate
        self._taken.copy_(state["taken"])
        if self._scaler:
            self._scaler.restore(state["scaler"])


def _rates(arguments: Any, steps: int) -> list[float]:
    """The learning rate of each update.

    transformers 5.23, optimization.py: all schedules that do not look at the loss (ability.py) are a LambdaLR: the first rate
    times a function of the step (torch 2.13, lr_scheduler.py).
    """
    schedule = get_scheduler(
        arguments.lr_scheduler_type,
        optimizer=torch.optim.SGD([torch.zeros(1)], lr=arguments.learning_rate),
        num_warmup_steps=arguments.get_warmup_steps(steps),
        num_training_steps=steps,
        scheduler_specific_kwargs=arguments.lr_scheduler_kwargs,
    )
    share = schedule.lr_lambdas[0]
    return [arguments.learning_rate * share(step) for step in range(steps)]


def _groups(model: Any, weight_decay: float, after: bool) -> list[dict[str, Any]]:
    """What is decayed, and what is not, by the Trainer's rule (trainer.py 5.23, create_optimizer); in the step or `after` it."""
    decayed = set(Trainer.get_decay_parameter_names(None, model))
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    return [
        {
            "params": [parameter for name, parameter in named if (name in decayed) == is_decayed],
            "weight_decay": weight_decay if is_decayed and not after else 0.0,
            "decay_after": weight_decay if is_decayed and after else 0.0,
        }
        for is_decayed in (True, False)
    ]
