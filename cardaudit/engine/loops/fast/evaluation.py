"""One evaluation: the loss by the card's own batches, and the metrics of the recipe."""

from typing import Any

import numpy as np
import torch

from cardaudit.engine.loops.fast.network import Network
from cardaudit.engine.task import Task

IGNORED = -100


def evaluate(network: Network, task: Task, batch_size: int) -> tuple[float, dict[str, float], dict[str, Any]]:
    """Validation loss, metrics and facts.

    The loss is the mean over examples of their batches' losses, without those that are not finite if any is (transformers 5.23,
    trainer.py, evaluation_loop): it depends on the batch size.
    """
    total = len(network.evaluation)
    batches = [range(start, min(start + batch_size, total)) for start in range(0, total, batch_size)]
    network.model.eval()
    with torch.inference_mode():
        outputs = [network.logits(network.feed(network.evaluation, numbers)) for numbers in batches]
    network.model.train()
    losses = np.repeat([loss.item() for loss, _ in outputs], [len(numbers) for numbers in batches]).astype(np.float32)
    finite = np.isfinite(losses)
    logits = torch.cat([logits for _, logits in outputs]).float().numpy(force=True)
    score = task.score(*_as_scored(network, logits))
    return float((losses[finite] if finite.any() else losses).mean()), score.metrics, score.facts


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
