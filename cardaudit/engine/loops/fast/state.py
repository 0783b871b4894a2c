"""What a checkpoint of this loop holds: weights, moments, schedule, and the rows so far. No generator: see masks and order."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from cardaudit.codec import pack, unpack
from cardaudit.engine.loops.fast.descent import Descent
from cardaudit.records import Evaluation

NAME = "fast.pt"


def save_state(folder: Path, model: Any, descent: Descent, rows: Sequence[Evaluation], training_loss: float | None) -> None:
    """Into a folder of its own, which counts only once checkpoints.mark_checkpoint has marked it."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = [pack(row) for row in rows]
    torch.save({"model": model.state_dict(), **descent.state(), "rows": packed, "training_loss": training_loss}, folder / NAME)


def load_state(folder: Path, model: Any, descent: Descent) -> tuple[list[Evaluation], float | None]:
    """The rows so far and the last training loss; model and descent are as they were."""
    state = torch.load(folder / NAME, weights_only=True, map_location=model.device)
    model.load_state_dict(state["model"])
    descent.restore(state)
    return [unpack(Evaluation, row) for row in state["rows"]], state["training_loss"]
