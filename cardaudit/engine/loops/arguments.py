"""A plan's hyperparameters as transformers.TrainingArguments."""

from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import TrainingArguments
from transformers.trainer_utils import SchedulerType
from transformers.training_args import OptimizerNames

from cardaudit.engine.loops.adamw_hf import HfAdamW
from cardaudit.engine.task import Tell
from cardaudit.errors import CardauditError
from cardaudit.records import Plan

# Spellings of cards and of transformers before 5, by the name that 5.23 has for the same update.
OPTIMIZERS = {
    "adamw_hf": "adamw_torch",
    "adamw_apex_fused": "adamw_torch_fused",
    "lion": "lion_32bit",
}
ANY_ADAM = ("adam", "adamw", "adam_w")


def training_arguments(plan: Plan, seed: int, folder: Path, tell: Tell) -> Any:
    """The arguments of one seed. Evaluation and logging as the schedule says; saving is left to the loop."""
    training, schedule = plan.training, plan.schedule
    try:
        return TrainingArguments(
            output_dir=str(folder),
            seed=seed,
            learning_rate=training.learning_rate,
            per_device_train_batch_size=training.train_batch_size,
            per_device_eval_batch_size=training.eval_batch_size,
            gradient_accumulation_steps=training.gradient_accumulation_steps,
            num_train_epochs=training.num_epochs if training.num_epochs is not None else 1.0,
            max_steps=training.max_steps if training.max_steps is not None else -1,
            optim=optimizer_name(plan),
            adam_beta1=training.adam_beta1,
            adam_beta2=training.adam_beta2,
            adam_epsilon=training.adam_epsilon,
            weight_decay=training.weight_decay,
            max_grad_norm=training.max_grad_norm,
            lr_scheduler_type=_scheduler(training.lr_scheduler_type),
            lr_scheduler_kwargs=dict(plan.task_options.get("lr_scheduler_kwargs") or {}),
            # transformers 5 has one argument for both: a number under 1 is a share of all steps.
            warmup_steps=training.warmup_steps or training.warmup_ratio,
            label_smoothing_factor=training.label_smoothing_factor,
            eval_strategy="no" if plan.mode == "evaluate" else schedule.strategy,
            eval_steps=schedule.eval_steps,
            logging_strategy="steps",
            logging_steps=schedule.logging_steps,
            save_strategy="no",
            dataloader_pin_memory=torch.cuda.is_available(),
            report_to="none",
            disable_tqdm=True,
            **_precision(training.precision, tell),
        )
    except (ValueError, ImportError) as error:
        raise CardauditError(
            f"transformers {transformers.__version__} refuses the plan: {str(error).splitlines()[0][:300]}"
        ) from error


def own_optimizer(plan: Plan) -> tuple[type[HfAdamW], dict[str, Any]] | None:
    """An optimizer that the installed transformers has no more, as Trainer's `optimizer_cls_and_kwargs`; None for all others."""
    if _wanted(plan) != "adamw_hf":
        return None
    training = plan.training
    betas = (training.adam_beta1, training.adam_beta2)
    return HfAdamW, {"lr": training.learning_rate, "betas": betas, "eps": training.adam_epsilon}


def _wanted(plan: Plan) -> str:
    return plan.training.optimizer.lower().removeprefix("optimizernames.")


def optimizer_name(plan: Plan) -> str:
    """The name in transformers for the card's optimizer.

    Cards before 4.46 print "Adam" for every optimizer but Adafactor, and mean AdamW; which of its implementations is the default
    depends on the version that the plan follows (5.x: adamw_torch_fused, before 4.57 adamw_torch). For adamw_hf, which is gone,
    the name is without effect: see own_optimizer.
    """
    wanted = _wanted(plan)
    if wanted in ANY_ADAM:
        return str(TrainingArguments.optim) if plan.semantics.startswith("5") else "adamw_torch"
    name = OPTIMIZERS.get(wanted, wanted)
    if name not in {item.value for item in OptimizerNames}:
        raise CardauditError(
            f"the optimizer {plan.training.optimizer!r} is none that transformers {transformers.__version__} has: "
            "give one with --set optimizer= (for example adamw_torch, sgd, adafactor)"
        )
    return name


def _scheduler(name: str) -> str:
    known = [item.value for item in SchedulerType]
    plain = name.lower().removeprefix("schedulertype.")
    if plain not in known:
        raise CardauditError(
            f"the lr_scheduler_type {name!r} is none of {', '.join(known)}: give one with --set lr_scheduler_type="
        )
    return plain


def _precision(precision: str, tell: Tell) -> dict[str, bool]:
    if precision in ("fp16", "tf32") and not torch.cuda.is_available():
        tell(f"the plan says {precision}, which needs a GPU: this run computes in fp32")
    elif precision == "bf16":
        return {"bf16": True, "use_cpu": not torch.cuda.is_available()}  # transformers 5.23 wants to be told that it is a CPU
    elif precision == "fp16":
        return {"fp16": True}
    return {}  # TF32 is set for the whole process: engine/environment.py
