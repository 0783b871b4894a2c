"""Dropout whose masks a seed and a micro-batch determine, drawn several times as fast as torch draws them on a CPU.

The probability is the module's to within 2 ** -32. Because no generator's state runs on from step to step, a run that is resumed
has nothing to restore, and what another seed does beside it changes nothing.
"""

import numpy as np
import torch
from torch import nn

WORDS = 2**32


class Masks:
    """The masks of one micro-batch after another. `begin` sets where in the run we are."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._bits = np.random.SFC64(seed)

    def begin(self, step: int, batch: int) -> None:
        self._bits = np.random.SFC64([self._seed, step, batch])
        torch.manual_seed(int(self._bits.random_raw()) >> 1)  # for dropout that a model does not leave to nn.Dropout

    def draw(self, like: torch.Tensor, p: float) -> torch.Tensor:
        """A tensor of like's shape: 0 with probability p, else 1 / (1 - p), which half precision would round by up to 0.4 %."""
        exact = torch.promote_types(like.dtype, torch.float32)
        if p >= 1.0:
            return torch.zeros_like(like, dtype=exact)
        count = like.numel()
        words = self._bits.random_raw((count + 1) // 2).view(np.int32)
        kept = torch.from_numpy(words[:count]).ge(round(p * WORDS) - WORDS // 2)
        return kept.to(exact).mul_(1.0 / (1.0 - p)).view(like.shape)


class Dropout(nn.Dropout):  # type: ignore[misc]
    """nn.Dropout with masks of our own; models also read its `p`."""

    def __init__(self, p: float, masks: Masks) -> None:
        super().__init__(p)
        self._masks = masks

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        if not self.training or not self.p:
            return hidden
        return (hidden * self._masks.draw(hidden, self.p)).to(hidden.dtype)


def replace_dropout(model: nn.Module, masks: Masks) -> None:
    """Puts our Dropout in the place of each nn.Dropout of a model."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if type(child) is nn.Dropout:
                setattr(module, name, Dropout(child.p, masks).train(child.training))
