"""From gradients to weights: clipping, AdamW with its two groups, and the schedule."""

from math import sqrt
from typing import Any

import torch
from transformers import Trainer, get_scheduler

from cardaudit.engine.loops.arguments import own_optimizer
from cardaudit.engine.loops.fast.graphs import WARM_UPS, recording_stream
from cardaudit.records import Plan


class Descent:
    """Updates a model's weights as the Trainer does. `arguments`: the plan's, as transformers.TrainingArguments.

    `recorded`: on a GPU, whose kernels are recorded; the gradients then stay where they are and are set to zero.
    """

    def __init__(self, model: Any, plan: Plan, arguments: Any, steps: int, recorded: bool = False) -> None:
        self._parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._limit = arguments.max_grad_norm
        self._hf = own_optimizer(plan) is not None
        self._optimizer = torch.optim.AdamW(
            _groups(model, arguments.weight_decay, self._hf),
            lr=torch.tensor(arguments.learning_rate, device=model.device) if recorded else arguments.learning_rate,
            capturable=recorded,
            betas=(arguments.adam_beta1, arguments.adam_beta2),
            eps=arguments.adam_epsilon,
            fused=True,
        )
        self._recorded, self._warm = recorded, 0
        self._graph: Any = None
        if recorded:
            for parameter in self._parameters:
                parameter.grad = torch.zeros_like(parameter)
        self._epsilon = arguments.adam_epsilon
        self._schedule = get_scheduler(
            arguments.lr_scheduler_type,
            optimizer=self._optimizer,
            num_warmup_steps=arguments.get_warmup_steps(steps),
            num_training_steps=steps,
            scheduler_specific_kwargs=arguments.lr_scheduler_kwargs,
        )

    def step(self, number: int) -> None:
        """Update `number`, counted from 1, by the gradients that lie there; they are gone afterwards."""
        if self._recorded and not self._hf and self._warm == WARM_UPS:
            self._replay(number)
        else:
            self._step(number)
            self._warm += 1
        self._schedule.step()

    def _step(self, number: int) -> None:
        if self._limit > 0:
            torch.nn.utils.clip_grad_norm_(self._parameters, self._limit)
        if self._hf:
            self._step_as_hf(number)
        else:
            self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=not self._recorded)

    def _replay(self, number: int) -> None:
        """The step as recorded: its rate is a tensor, and nothing else in it changes."""
        if self._graph is None:
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph, stream=recording_stream()):
                self._step(number)
        self._graph.replay()

    def _step_as_hf(self, number: int) -> None:
        """transformers' own AdamW (adamw_hf.py) by torch's: epsilon before the bias correction, and the decay after the step.

        sqrt(v) + eps = sqrt(1 - beta2 ** t) * (sqrt(v / (1 - beta2 ** t)) + eps / sqrt(1 - beta2 ** t)).
        """
        for group in self._optimizer.param_groups:
            group["eps"] = self._epsilon / sqrt(1.0 - group["betas"][1] ** number)
        self._optimizer.step()
        for group in self._optimizer.param_groups:
            if group["decay_after"]:
                weights = [parameter.detach() for parameter in group["params"]]
                torch._foreach_mul_(weights, 1.0 - group["lr"] * group["decay_after"])

    def state(self) -> dict[str, Any]:
        return {"optimizer": self._optimizer.state_dict(), "schedule": self._schedule.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])


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
