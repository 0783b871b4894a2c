"""One evaluation: the loss by the card's own batches, and the metrics of the recipe, by counts where these are enough."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from cardaudit.engine.loops.fast.batches import IGNORED
from cardaudit.engine.loops.fast.network import Network
from cardaudit.engine.memory import labels_in, shares, slices, with_less
from cardaudit.engine.task import Score, Tally, Task


def evaluate(
    network: Network, task: Task, tally: Tally | None, batch_size: int, micro_batch: int | None = None
) -> tuple[float, dict[str, float], dict[str, Any]]:
    """Validation loss, metrics and facts. With a `tally` its numbers and the losses are all that is read back, once.

    The loss is the mean over examples of their batches' losses, without those that are not finite if any is (transformers 5.23,
    trainer.py, evaluation_loop): it depends on the batch size. What memory does not hold is computed in parts of at most
    `micro_batch` examples, and smaller ones where that is needed; the fact "evaluation_micro_batch" then says how small.
    """
    total = len(network.evaluation)
    batches = [range(start, min(start + batch_size, total)) for start in range(0, total, batch_size)]
    network.model.eval()
    sizes = [micro_batch or batch_size]  # the last one counts
    look = partial(_looked, network, tally is not None)
    outputs = [with_less(partial(look, numbers), min(len(numbers), sizes[-1]), sizes.append) for numbers in batches]
    network.model.train()
    losses, seen = torch.stack([loss for loss, _ in outputs]), torch.cat([part for _, parts in outputs for part in parts])
    if tally is None:
        each, score = losses.tolist(), task.score(*_as_scored(network, seen.cpu().numpy()))
    else:
        each, score = _counted(tally, losses, seen)
    facts = {**score.facts, **({"evaluation_micro_batch": sizes[-1]} if sizes[-1] < batch_size else {})}
    return _mean(each, [len(numbers) for numbers in batches]), score.metrics, facts


def _looked(network: Network, best: bool, numbers: Sequence[int], size: int) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The loss of a batch, and of its parts the logits or, for `best`, the ids of the largest ones."""
    fed = [network.feed(network.evaluation, part) for part in slices(numbers, size)]
    losses, parts = [], []
    for batch in fed:
        loss, logits = network.outputs(batch)
        losses.append(loss)
        parts.append(network.real(logits.argmax(-1) if best else logits, batch))
    if len(fed) == 1:
        return losses[0], parts
    weights = shares([labels_in(batch.inputs["labels"]) for batch in fed])
    return torch.stack([loss * share for loss, share in zip(losses, weights, strict=True) if share]).sum(), parts


def _counted(tally: Tally, losses: torch.Tensor, best: torch.Tensor) -> tuple[list[float], Score]:
    """Losses and score, read back together: a float64 holds a float32 and any count there is."""
    numbers = torch.cat([losses.double(), tally.count(best).double()]).tolist()
    return numbers[: len(losses)], tally.score([int(number) for number in numbers[len(losses) :]])


def _mean(losses: Sequence[float], examples: Sequence[int]) -> float:
    each = np.repeat(losses, examples).astype(np.float32)
    finite = np.isfinite(each)
    return float((each[finite] if finite.any() else each).mean())


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
