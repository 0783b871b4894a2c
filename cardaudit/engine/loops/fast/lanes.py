"""A seed's own place on a GPU, so that several run beside one another in one process.

Kernels of a batch of 16 sentences fill a small part of a GPU: on streams of their own those of several seeds run at a time.
Dropout needs a place of its own too: torch's one generator would give a seed the masks that the others leave.

Not measured: no GPU was to be had. torch 2.13: notes/cuda.rst, "CUDA streams" and "CUDA Graphs"; a generator's state can be
exchanged while graphs that recorded it go on reading it (`Generator.graphsafe_set_state`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


class Lane:
    """A stream and a state of the GPU's generator, used within `taken`. On a CPU nothing: its masks have their own generators.

    Kernels are recorded on the stream that replays them, because cuBLAS has one working memory for each stream, which the first
    recording to go frees (pytorch/pytorch #193402): recorded on one stream, two seeds would write into the same one at a time.
    """

    def __init__(self) -> None:
        self._stream: Any = None
        if torch.cuda.is_available():
            torch.cuda.init()
            self._stream = torch.cuda.Stream()
            self._generator = torch.cuda.default_generators[torch.cuda.current_device()]
            self._state = self._generator.clone_state()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Within this, what is launched and drawn belongs to this seed."""
        if self._stream is None:
            yield
            return
        before = self._generator.graphsafe_get_state()
        self._generator.graphsafe_set_state(self._state)
        try:
            with torch.cuda.stream(self._stream):
                yield
        finally:
            self._generator.graphsafe_set_state(before)
