"""What the fast loop leaves to the reference loop, in words."""

import torch
from transformers.trainer_utils import SchedulerType

from cardaudit.engine.loops.arguments import optimizer_name
from cardaudit.records import Plan

OPTIMIZERS = ("adamw_torch", "adamw_torch_fused")
# These look at the loss, not at the step.
UNSCHEDULED = (SchedulerType.REDUCE_ON_PLATEAU.value, "greedy")


def unable(plan: Plan) -> str | None:
    """Why this plan is not for the fast loop, or None where it makes exactly the same updates."""
    training = plan.training
    if plan.mode != "train":
        return "it only evaluates"
    if optimizer_name(plan) not in OPTIMIZERS:
        return f"the optimizer {training.optimizer} is not AdamW"
    if any(training.lr_scheduler_type.lower().endswith(name) for name in UNSCHEDULED):
        return f"the schedule {training.lr_scheduler_type} depends on the loss"
    if training.label_smoothing_factor:
        return "it smooths labels"
    if training.precision == "bf16" or (training.precision == "fp16" and torch.cuda.is_available()):
        return f"it computes in {training.precision}"
    return None
