"""The loss under gradient accumulation, where the installed transformers sums what it should average."""

import inspect
from typing import Any, Literal

import torch

from cardaudit.engine.loops.period import is_of_period
from cardaudit.engine.task import Task, Tell
from cardaudit.records import Plan

# What becomes of the losses of accumulated batches: their mean, their sum, or what a head makes of the count of all their labels.
Rule = Literal["mean", "sum", "count"]


def mend_accumulation(trainer: Any, task: Task, plan: Plan, tell: Tell) -> None:
    """Makes a Trainer divide the loss by the accumulation steps where neither it nor the model's head would."""
    if accumulation_rule(trainer.model, task, plan, tell) == "mean":
        trainer.model_accepts_loss_kwargs = False


def accumulation_rule(model: Any, task: Task, plan: Plan, tell: Tell) -> Rule:
    """How a plan's accumulated losses are put together.

    transformers 5.23, trainer.py: a model whose forward takes **kwargs is believed to divide its loss by `num_items_in_batch`.
    BERT-like heads ignore it, so k accumulated batches give k times the gradient (huggingface/transformers #47688). A head that
    does divide is left alone, and so is the label smoother, which divides by that number itself. The plan keeps the bug with
    `stock_accumulation_loss`, for a card that was written under it.
    """
    if plan.training.gradient_accumulation_steps == 1 or is_of_period(plan) or not _is_believed(model):
        return "mean"
    if not _ignores_item_count(model, task) or _smoother_divides(plan):
        return "count"
    if plan.task_options.get("stock_accumulation_loss", False):
        tell(
            "the loss under accumulation is left as this transformers has it: the sum over the accumulated batches, not the mean"
        )
        return "sum"
    tell("this model's head ignores num_items_in_batch: the engine takes the mean over accumulated batches (transformers #47688)")
    return "mean"


def divides_by_count(trainer: Any, task: Task) -> bool:
    """Whether a Trainer's loss is a sum over labels, divided by their number in all batches of an update.

    transformers 5.23, trainer_pt_utils.py: the label smoother does so wherever it gets that number.
    """
    if not trainer.model_accepts_loss_kwargs:
        return False
    return trainer.label_smoother is not None or not _ignores_item_count(trainer.model, task)


def _smoother_divides(plan: Plan) -> bool:
    """transformers 5.23, trainer_pt_utils.py, LabelSmoother. That of 4.x took the mean of its batch."""
    return bool(plan.training.label_smoothing_factor) and plan.semantics.startswith("5")


def _is_believed(model: Any) -> bool:
    """As Trainer.__init__ decides `model_accepts_loss_kwargs`."""
    if hasattr(model, "accepts_loss_kwargs"):
        return bool(model.accepts_loss_kwargs)
    return any(kind.kind is kind.VAR_KEYWORD for kind in inspect.signature(model.forward).parameters.values())


def _ignores_item_count(model: Any, task: Task) -> bool:
    """Whether the loss of one batch stays the same when the head is told another count. Draws nothing from any generator."""
    taken = set(inspect.signature(model.forward).parameters)
    examples = [{key: value for key, value in example.items() if key in taken} for example in task.train[:2]]
    batch = {key: tensor.to(model.device) for key, tensor in task.collator(examples).items()}
    model.eval()
    with torch.no_grad():
        few, many = (model(**batch, num_items_in_batch=torch.tensor(count)).loss.item() for count in (1, 1000))
    return bool(few == many)
