"""One evaluation: the loss by the card's own batches, and the metrics of the recipe."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from cardaudit.engine.loops.fast.batches import IGNORED, Batch
from cardaudit.engine.loops.fast.network import Network
from cardaudit.engine.memory import labels_in, shares, slices, with_less
from cardaudit.engine.task import Task


def evaluate(
    network: Network, task: Task, batch_size: int, micro_batch: int | None = None
) -> tuple[float, dict[str, float], dict[str, Any]]:
    """Validation loss, metrics and facts.

    The loss is the mean over examples of their batches' losses, without those that are not finite if any is (transformers 5.23,
    trainer.py, evaluation_loop): it depends on the batch size. What memory does not hold is computed in parts of at most
    `micro_batch` examples, and smaller ones where that is needed; the fact "evaluation_micro_batch" then says how small.
    """
    total = len(network.evaluation)
    batches = [range(start, min(start + batch_size, total)) for start in range(0, total, batch_size)]
    network.model.eval()
    sizes = [micro_batch or batch_size]  # the last one counts
    outputs = [with_less(partial(_looked, network, numbers), min(len(numbers), sizes[-1]), sizes.append) for numbers in batches]
    network.model.train()
    losses = np.repeat([loss.item() for loss, _ in outputs], [len(numbers) for numbers in batches]).astype(np.float32)
    finite = np.isfinite(losses)
    logits = torch.cat([network.real(logits, batch) for _, parts in outputs for logits, batch in parts]).numpy()
    score = task.score(*_as_scored(network, logits))
    facts = {**score.facts, **({"evaluation_micro_batch": sizes[-1]} if sizes[-1] < batch_size else {})}
    return float((losses[finite] if finite.any() else losses).mean()), score.metrics, facts


def _looked(network: Network, numbers: Sequence[int], size: int) -> tuple[torch.Tensor, list[tuple[torch.Tensor, Batch]]]:
    """The loss of a batch, and the logits of its parts."""
    fed = [network.feed(network.evaluation, part) for part in slices(numbers, size)]
    outputs = [network.outputs(batch) for batch in fed]
    parts = [(logits, batch) for (_, logits), batch in zip(outputs, fed, strict=True)]
    if len(fed) == 1:
        return outputs[0][0], parts
    weights = shares([labels_in(batch.inputs["labels"]) for batch in fed])
    return torch.stack([loss * share for (loss, _), share in zip(outputs, weights, strict=True) if share]).sum(), parts


def _as_scored(network: Network, logits: Any) -> tuple[Any, Any]:
    """Logits and label ids as transformers' EvalPrediction has them: padded with -100 to the longest sentence."""
    examples = network.evaluation
    if examples.labels is not None:
        return logits, examples.labels.numpy()
    labels = examples.rows["labels"]
    inside = np.arange(max(map(len, labels))) < np.array([len(row) for row in labels])[:, None]
    padded = np.full((*inside.shape, logits.shape[1]), float(IGNORED), logits.dtype)
    padded[inside] = logits
    truth = np.full(inside.shape, IGNORED, np.int64)
    truth[inside] = torch.cat(labels).numpy()
    return padded, truth
