"""The stock Trainer, which takes a batch in parts where memory is short; without need it does nothing of its own."""

from collections.abc import Callable
from typing import Any

import torch
from transformers import Trainer
from transformers.trainer_pt_utils import nested_concat

from cardaudit.engine.memory import labels_in, shares, slices, with_less

Inputs = dict[str, Any]


class InParts(Trainer):  # type: ignore[misc]
    """A Trainer whose batches may be cut: `micro_batch` examples at a time in training, None for all.

    In training a cut is only made where it is set, since half-done gradients cannot be taken back. An evaluation changes nothing,
    so it is cut where it runs out of memory; `evaluation_micro_batch` says how far that went, and `on_less` is told. `counted`:
    the loss is divided by the number of all labels of the update already, so that parts need no share. Losses are those of whole
    batches: see engine/memory.py for what stays equal.
    """

    micro_batch: int | None = None
    evaluation_micro_batch: int | None = None
    counted = False
    on_less: Callable[[int], None] = staticmethod(lambda _size: None)
    _share = 1.0

    def training_step(self, model: Any, inputs: Inputs, num_items_in_batch: Any = None) -> torch.Tensor:
        parts = _cut(inputs, self.micro_batch)
        if len(parts) == 1:
            return super().training_step(model, inputs, num_items_in_batch)
        losses = []
        for part, share in zip(parts, _shares(parts), strict=True):
            if share:
                self._share = 1.0 if self.counted else share
                losses.append(super().training_step(model, part, num_items_in_batch))
        self._share = 1.0
        return torch.stack(losses).sum()

    def compute_loss(self, *arguments: Any, **options: Any) -> Any:
        loss = super().compute_loss(*arguments, **options)
        return loss if self._share == 1.0 else loss * self._share

    def prediction_step(self, model: Any, inputs: Inputs, *arguments: Any, **options: Any) -> tuple[Any, Any, Any]:
        """Loss, logits and labels of a whole batch."""
        step = super().prediction_step
        examples = len(next(iter(inputs.values())))

        def predicted(size: int) -> tuple[Any, Any, Any]:
            parts = _cut(inputs, size)
            return _joined([step(model, part, *arguments, **options) for part in parts], _shares(parts))

        return with_less(predicted, min(examples, self.evaluation_micro_batch or examples), self._evaluate_less)

    def _evaluate_less(self, size: int) -> None:
        self.evaluation_micro_batch = size
        self.on_less(size)


def _cut(inputs: Inputs, size: int | None) -> list[Inputs]:
    """Parts of a collated batch, each as wide as the whole."""
    examples = len(next(iter(inputs.values())))
    if size is None or size >= examples:
        return [inputs]
    return [{key: inputs[key][numbers[0] : numbers[-1] + 1] for key in inputs} for numbers in slices(range(examples), size)]


def _shares(parts: list[Inputs]) -> list[float]:
    return shares([labels_in(part["labels"]) for part in parts])


def _joined(predicted: list[tuple[Any, Any, Any]], parts: list[float]) -> tuple[Any, Any, Any]:
    loss, logits, labels = predicted[0]
    if len(predicted) == 1:
        return loss, logits, labels
    loss = torch.stack([loss * share for (loss, _, _), share in zip(predicted, parts, strict=True) if share]).sum()
    for _, more, others in predicted[1:]:
        logits, labels = nested_concat(logits, more), nested_concat(labels, others)
    return loss, logits, labels
