"""How long a plan will roughly take and how much memory: for a user's decision, not for a claim."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from cardaudit.plan.dataset import Data
from cardaudit.plan.model import BaseModel
from cardaudit.plan.steps import steps_per_epoch
from cardaudit.records import Schedule, Training

# 2 cores, fp32, measured with the stock Trainer: 1.8 steps/s at 22.7M parameters, 11.5 steps/s at 4.4M
CPU_FLOPS, CPU_STEP = 5e10, 0.06
GPU_FLOPS, GPU_STEP = 3e13, 0.015  # one data center GPU, fp32: computed, not measured
BYTES_A_PARAMETER = 16  # fp32 weight, gradient and two moments
BYTES_AN_ACTIVATION = 136  # 34 floats a token, layer and hidden unit: attention, feed-forward, norms, dropout masks
PROCESS_BYTES = 700_000_000
PADDING = 1.6  # the longest of a batch of sentences to their mean
DEFAULT_TOKENS = 40.0
BASIS = "CPU: 2 cores, measured on two small BERTs; GPU: computed for one data center GPU; either may be off by a factor of three"


def estimate(
    training: Training, schedule: Schedule, data: Data, model: BaseModel, version: tuple[int, int] | None
) -> Mapping[str, Any]:
    """JSON values of Plan.estimate, None where nothing tells. `steps` are optimizer updates; seconds are those of one seed."""
    per_epoch = None
    if data.train_examples is not None:
        per_epoch = steps_per_epoch(data.train_examples, training.train_batch_size, training.gradient_accumulation_steps, version)
    steps = training.max_steps
    if steps is None and per_epoch is not None:
        steps = ceil(per_epoch * (training.num_epochs or 0))
    evaluations = _evaluations(schedule, steps, per_epoch)
    tokens = min((data.tokens or DEFAULT_TOKENS) * PADDING, training.max_length)
    seconds = None if steps is None else _seconds(training, data, model, steps, evaluations or 1, tokens)
    return {
        "train_examples": data.train_examples,
        "eval_examples": data.eval_examples,
        "steps_per_epoch": per_epoch,
        "steps": steps,
        "evaluations": evaluations,
        "parameters": model.parameters,
        "memory_bytes": _memory(training, model, tokens),
        "seconds_cpu": seconds and seconds[0],
        "seconds_gpu": seconds and seconds[1],
        "basis": BASIS,
    }


def _evaluations(schedule: Schedule, steps: int | None, per_epoch: int | None) -> int | None:
    interval = schedule.eval_steps if schedule.strategy == "steps" else per_epoch
    return max(steps // interval, 1) if steps is not None and interval else None


def _computing(model: BaseModel) -> float | None:
    """Parameters that take part in a forward pass: without the embeddings, 12 hidden^2 a layer."""
    if model.hidden and model.layers:
        return 12.0 * model.hidden**2 * model.layers
    return model.parameters and 0.6 * model.parameters


def _seconds(
    training: Training, data: Data, model: BaseModel, steps: int, evaluations: int, tokens: float
) -> tuple[float, float] | None:
    """Six operations a token and parameter for a training step, two for an evaluation."""
    parameters = _computing(model)
    if parameters is None:
        return None
    batch = training.train_batch_size * training.gradient_accumulation_steps
    examined = (data.eval_examples or 0) * evaluations
    work = parameters * tokens * (6 * batch * steps + 2 * examined)
    batches = steps * training.gradient_accumulation_steps + examined / training.eval_batch_size / 3
    cpu, gpu = work / CPU_FLOPS + batches * CPU_STEP, work / GPU_FLOPS + batches * GPU_STEP
    return float(f"{cpu:.2g}"), float(f"{gpu:.2g}")


def _memory(training: Training, model: BaseModel, tokens: float) -> int | None:
    if model.parameters is None:
        return None
    activations = training.train_batch_size * tokens * (model.hidden or 768) * (model.layers or 12) * BYTES_AN_ACTIVATION
    return int(float(f"{PROCESS_BYTES + BYTES_A_PARAMETER * model.parameters + activations:.2g}"))
