"""Want of memory: how it shows, and a batch taken in parts that fit.

A part's loss is the mean over its own labels, so its share of the whole batch's labels times that loss adds up to the whole
batch's loss, and the gradients do likewise. The same update then, in exact arithmetic; in floats it agrees to rounding. What
differs is dropout: the masks are as many and as random, but others. Steps, epochs, the order of the examples, the logs, clipping
and optimizer see whole batches as before.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

from cardaudit.errors import CardauditError

IGNORED = -100
# c10/core/impl/alloc_cpu.cpp of torch 2.13 raises a plain RuntimeError with these.
CPU_WORDS = ("DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory")
Item = TypeVar("Item")
Result = TypeVar("Result")


def ran_out(error: BaseException) -> bool:
    """Whether an error, or what it followed from, is want of memory. One that has its sentence already is not."""
    if isinstance(error, CardauditError):
        return False
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or any(words in str(error) for words in CPU_WORDS):
        return True
    before = error.__cause__ or error.__context__
    return before is not None and ran_out(before)


def with_less(work: Callable[[int], Result], size: int, less: Callable[[int], None]) -> Result:
    """What `work` gives for a micro-batch: of `size` examples, or half of it, and so on while memory runs out.

    `less` is called with each smaller one before it is tried. The last error is raised where one example is too much.
    """
    while True:
        try:
            return work(size)
        except Exception as error:
            if size <= 1 or not ran_out(error):
                raise
        # Out here the traceback is gone, and with it all that the failed attempt held.
        size //= 2
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        less(size)


def slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Consecutive parts of at most `size` items."""
    for start in range(0, len(items), max(size, 1)):
        yield items[start : start + size]


def shares(counts: Sequence[int]) -> list[float]:
    """Each part's share in the loss of the whole, by how many labels its loss is a mean over.

    A part without one has the share 0: its loss would be no number. Where no part has one, nor has the whole, all have an equal
    share, and the loss is no number as it would be.
    """
    total = sum(counts)
    return [count / total for count in counts] if total else [1 / len(counts)] * len(counts)


def labels_in(labels: torch.Tensor) -> int:
    """How many labels a loss is a mean over: without those that are ignored; numbers, of a regression, all count."""
    return labels.numel() if labels.is_floating_point() else int((labels != IGNORED).sum())


def in_words(size: int, whole: int, what: str, then: str) -> str:
    return f"memory does not hold {what} {whole}: {then} {size} at a time, which adds up to the same"
