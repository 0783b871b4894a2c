"""What the fast loop leaves to the reference loop, in words."""

from transformers.trainer_utils import SchedulerType

from cardaudit.engine.loops.arguments import optimizer_name
from cardaudit.records import Plan

OPTIMIZERS = ("adamw_torch", "adamw_torch_fused")
PRECISIONS = ("fp32", "tf32", "bf16", "fp16")
SMOOTHED = "single_label_classification"
# These look at the loss, not at the step.
UNSCHEDULED = (SchedulerType.REDUCE_ON_PLATEAU.value, "greedy")


def unable(plan: Plan) -> str | None:
    """Why this plan is not for the fast loop, or None where it makes the same updates.

    It takes all of PRECISIONS. tf32 and fp16 are fp32 where there is no GPU, in both loops (arguments.py).
    """
    training = plan.training
    if plan.mode != "train":
        return "it only evaluates"
    if optimizer_name(plan) not in OPTIMIZERS:
        return f"the optimizer {training.optimizer} is not AdamW"
    if any(training.lr_scheduler_type.lower().endswith(name) for name in UNSCHEDULED):
        return f"the schedule {training.lr_scheduler_type} depends on the loss"
    if training.label_smoothing_factor and plan.task_options.get("problem_type", SMOOTHED) != SMOOTHED:
        return "it smooths labels that are numbers"
    if training.precision not in PRECISIONS:
        return f"it computes in {training.precision}"
    return None
