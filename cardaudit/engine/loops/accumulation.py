"""The loss under gradient accumulation, where the installed transformers sums what it should average."""

from typing import Any

import torch

from cardaudit.engine.task import Task, Tell
from cardaudit.records import Plan


def mend_accumulation(trainer: Any, task: Task, plan: Plan, tell: Tell) -> None:
    """Makes a Trainer divide the loss by the accumulation steps where neither it nor the model's head would.

    transformers 5.23, trainer.py: a model whose forward takes **kwargs is believed to divide its loss by `num_items_in_batch`.
    BERT-like heads ignore it, so k accumulated batches give k times the gradient (huggingface/transformers #47688). A head that
    does divide is left alone. The plan keeps the bug with `stock_accumulation_loss`, for a card that was written under it.
    """
    if not trainer.model_accepts_loss_kwargs or not _ignores_item_count(trainer, task):
        return
    if plan.task_options.get("stock_accumulation_loss", False):
        tell(
            "the loss under accumulation is left as this transformers has it: the sum over the accumulated batches, not the mean"
        )
        return
    trainer.model_accepts_loss_kwargs = False
    tell("this model's head ignores num_items_in_batch: the engine takes the mean over accumulated batches (transformers #47688)")


def _ignores_item_count(trainer: Any, task: Task) -> bool:
    """Whether the loss of one batch stays the same when the head is told another count. Draws nothing from any generator."""
    batch = trainer._prepare_inputs(task.collator(task.train[:2]))
    trainer.model.eval()
    with torch.no_grad():
        few, many = (trainer.model(**batch, num_items_in_batch=torch.tensor(count)).loss.item() for count in (1, 1000))
    return bool(few == many)
