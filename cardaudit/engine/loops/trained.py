"""What a loop gives back of a seed, and what both loops say about weights that diverge."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import torch

from cardaudit.records import Evaluation

FINISHED, STOPPED = "finished", "stopped"


@dataclass(frozen=True, slots=True)
class Trained:
    """One seed, trained. `outcome` is "finished", "failed: ..." where it diverged, or "stopped" after `step` updates, its
    time being over.
    """

    rows: tuple[Evaluation, ...]
    outcome: str
    seconds: float
    facts: Mapping[str, Any]
    step: int = 0


def is_over(until: float | None) -> bool:
    """Whether the time that a run was given is over; `until` by time.monotonic(), None without end."""
    return until is not None and time.monotonic() >= until


class Health:
    """Watches a run's validation losses: `outcome` of it so far. `tell` gets what is not as it should be, once."""

    def __init__(self, parameters: Iterable[torch.Tensor], tell: Any) -> None:
        self._parameters, self._tell, self._told = list(parameters), tell, False
        self.outcome = FINISHED

    def judge(self, row: Evaluation) -> bool:
        """Whether the run goes on: a loss that is no number can come from one batch without labels, weights that are none never
        recover."""
        if isfinite(row.validation_loss):
            return True
        if not all(bool(tensor.isfinite().all()) for tensor in self._parameters):
            self.outcome = f"failed: the training diverged, its weights are not finite at step {row.step} (epoch {row.epoch:g})"
            self._tell(self.outcome)
            return False
        if not self._told:
            self._told = True
            self._tell(f"the validation loss at step {row.step} is not finite, though the weights are")
        return True
