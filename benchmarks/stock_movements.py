"""How far the stock Trainer moves the tensors of a plan: what engine_parity.py compares the fast loop with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cardaudit.records import Plan, Schedule


def short(plan: Plan, steps: int) -> Plan:
    return replace(plan, training=replace(plan.training, max_steps=steps), schedule=Schedule("steps", steps, steps))


def stock_movements(plan: Plan, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """By tensors' names, the stock Trainer's first weights, and how far they have moved in the end."""
    from cardaudit.engine.loops.reference import make_trainer
    from cardaudit.engine.recipes import prepare_task

    trainer = make_trainer(42, plan, prepare_task(plan, print), folder, lambda _: None)
    if is_made_half(plan):
        compute_half(trainer)
    start = {name: tensor.detach().clone() for name, tensor in trainer.model.named_parameters()}
    trainer.train()
    return start, {name: tensor.detach() - start[name] for name, tensor in trainer.model.named_parameters()}


def apart(moved: Any, reference: Any) -> float:
    return float((moved.double() - reference.double()).norm() / reference.double().norm())


def is_made_half(plan: Plan) -> bool:
    """Whether this machine's stock Trainer must be made to compute what the plan says."""
    import torch

    return plan.training.precision == "fp16" and not torch.cuda.is_available()


def compute_half(trainer: Any, scale: float = 2.0**16) -> None:
    """Sets what Accelerator.__init__ (accelerate 1.15) sets for fp16 on a GPU; on a CPU it sets nothing. `scale`: the first."""
    import torch

    trainer.accelerator.native_amp = True
    trainer.accelerator.state._mixed_precision = "fp16"
    trainer.accelerator.scaler = torch.amp.GradScaler("cpu", init_scale=scale)


def movements_padded_otherwise(plan: Plan, folder: Path, steps: int) -> dict[str, float]:
    """|D - Dref| / |Dref| of the stock Trainer's tensors, were its batches padded as far as the model goes."""
    plan = short(plan, steps)
    _, references = stock_movements(plan, folder)
    _, moved = stock_movements(replace(plan, task_options={**plan.task_options, "padding": "max_length"}), folder)
    names = (name for name, reference in references.items() if not is_key_bias(name) and reference.any())
    return {name: apart(moved[name], references[name]) for name in names}


def is_key_bias(name: str) -> bool:
    return name.endswith(("key.bias", "k_lin.bias"))
