"""Mixed precision as the Trainer has it: forward passes under autocast and, for fp16, a scale that keeps small gradients alive.

accelerate 1.15, accelerator.py: the model's forward runs under torch.autocast and what it returns is float32 (prepare_model);
fp16 adds torch's GradScaler with its defaults. bf16 runs on a CPU too, fp16 on a GPU alone.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from transformers.trainer_pt_utils import LabelSmoother

from cardaudit.records import Training

# torch 2.13, amp/grad_scaler.py, the defaults of GradScaler.
FIRST_SCALE, GROWTH, BACKOFF, PATIENCE = 2.0**16, 2.0, 0.5, 2000
COUNT = "num_items_in_batch"


def autocast_dtype(precision: str, device: str) -> torch.dtype | None:
    """What products are computed in under autocast; None without it. fp16 without a GPU is fp32, as loops/arguments.py tells."""
    if precision == "bf16":
        return torch.bfloat16
    return torch.float16 if precision == "fp16" and device == "cuda" else None


@dataclass(frozen=True, slots=True)
class Forward:
    """A model's loss and logits, both float32, as Trainer.compute_loss (transformers 5.23) has them.

    `dtype`: of autocast, or None. `smoother`: transformers' LabelSmoother, or None; like the Trainer's it works on the float32
    logits, outside of autocast, and the model does not see the labels.
    """

    model: Any
    dtype: torch.dtype | None = None
    smoother: Any = None

    def __call__(self, inputs: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        given = {key: tensor for key, tensor in inputs.items() if key != "labels"} if self.smoother else inputs
        with self._autocast():
            output = self.model(**given)
        logits = output.logits.float()
        if self.smoother is None:
            return output.loss.float(), logits
        return self.smoother({"logits": logits}, inputs["labels"], num_items_in_batch=inputs.get(COUNT)), logits

    def _autocast(self) -> AbstractContextManager[Any]:
        if self.dtype is None:
            return nullcontext()
        context: AbstractContextManager[Any] = torch.autocast(self.model.device.type, self.dtype)
        return context


def forward_of(model: Any, training: Training, dtype: torch.dtype | None = None) -> Forward:
    """A plan's forward pass; `dtype` instead of its precision."""
    smoothing = training.label_smoothing_factor
    smoother = LabelSmoother(epsilon=smoothing) if smoothing else None
    return Forward(model, dtype or autocast_dtype(training.precision, model.device.type), smoother)


class Scaler:
    """The scale of the loss. The numbers are those of torch.amp.GradScaler 2.13; all of them stay on the device.

    Our own, because GradScaler keeps stages in Python, which a recorded step does not run through. `scale` (); `skipped` (): 1
    where the last gradients were not finite, else 0.
    """

    def __init__(self, device: Any) -> None:
        self.scale = torch.full((), FIRST_SCALE, device=device)
        self.skipped = torch.zeros((), device=device)
        self._steady = torch.zeros((), dtype=torch.int32, device=device)

    def unscale(self, gradients: Sequence[torch.Tensor]) -> None:
        """Divides gradients by the scale, in place, and looks whether all are finite."""
        self.skipped.zero_()
        torch._amp_foreach_non_finite_check_and_unscale_(gradients, self.skipped, self.scale.double().reciprocal().float())

    def update(self) -> None:
        """The next scale: half after gradients that were not finite, twice as large after PATIENCE updates without."""
        torch._amp_update_scale_(self.scale, self._steady, self.skipped, GROWTH, BACKOFF, PATIENCE)

    def state(self) -> dict[str, torch.Tensor]:
        return {"scale": self.scale, "steady": self._steady}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        self.scale.copy_(state["scale"])
        self._steady.copy_(state["steady"])
