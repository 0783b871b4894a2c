"""Checkpoints that can be trusted: the Trainer's own folder, and a mark written after it is whole.

The Trainer writes a checkpoint file by file, so a process killed in between leaves a folder that looks like one. Only a folder
with our mark is resumed from; the mark also holds what the Trainer forgets: the running mean behind the next "Training Loss".
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardaudit.engine.environment import same_numerics
from cardaudit.engine.task import Tell
from cardaudit.runs import write_json

MARK = "cardaudit.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint: `loss_sum` over the steps since `logged_at`, `seconds` so far, `facts` of its evaluation.

    `loop`: which loop wrote it; the other one cannot read it.
    """

    folder: Path
    step: int
    loss_sum: float
    logged_at: int
    seconds: float
    facts: Mapping[str, Any]
    loop: str = "reference"


def mark_checkpoint(checkpoint: Checkpoint, environment: Mapping[str, Any]) -> None:
    """Declares a checkpoint whole and removes the older ones. Atomic: a kill leaves the old one or the new one."""
    mark = {name: getattr(checkpoint, name) for name in ("step", "loss_sum", "logged_at", "seconds", "facts", "loop")}
    write_json({**mark, "environment": environment}, checkpoint.folder / MARK)
    for other in _folders(checkpoint.folder.parent):
        if other != checkpoint.folder:
            shutil.rmtree(other, ignore_errors=True)


def newest_checkpoint(folder: Path, environment: Mapping[str, Any], tell: Tell, loop: str = "reference") -> Checkpoint | None:
    """The checkpoint to continue from; half-written ones, and one of other libraries, another device or loop, are removed."""
    found = None
    for candidate in _folders(folder):
        checkpoint, made_in = _read(candidate)
        if checkpoint and checkpoint.loop == loop and same_numerics(made_in, environment):
            found = checkpoint if found is None or checkpoint.step > found.step else found
        elif checkpoint:
            tell(
                f"the checkpoint at step {checkpoint.step} was made by other versions, on another device or by the other loop: "
                "this seed starts anew"
            )
    for candidate in _folders(folder):
        if found is None or candidate != found.folder:
            shutil.rmtree(candidate, ignore_errors=True)
    return found


def remove_checkpoints(folder: Path) -> None:
    for candidate in _folders(folder):
        shutil.rmtree(candidate, ignore_errors=True)


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("checkpoint-*") if path.is_dir())


def _read(folder: Path) -> tuple[Checkpoint | None, Mapping[str, Any]]:
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        environment = mark.pop("environment")
        return Checkpoint(folder, **mark), environment
    except (OSError, ValueError, KeyError, TypeError):
        return None, {}
