"""Several seeds at a time in one process, an update of each in turn: what a GPU wants, which no forked process may use.

The processor only launches; the kernels of a seed run on its own stream beside those of the others (loops/fast/lanes.py).
"""

import gc
from collections.abc import Callable, Iterator, Sequence

import torch

from cardaudit.engine.memory import ran_out
from cardaudit.engine.together import at_first


def take_turns(seeds: Sequence[int], at_a_time: int, begin: Callable[[int], Iterator[None]]) -> list[int]:
    """Trains each seed to the end of what `begin` gives for it, so many at a time.

    Returns the seeds that memory did not hold beside the others, which go on with fewer then. Any other error is raised at once.
    """
    waiting, late = list(seeds), list[int]()
    running = {seed: begin(seed) for seed in _taken(waiting, at_first(len(seeds), at_a_time))}
    while running or waiting:
        for seed in _taken(waiting, at_a_time - len(running)):
            running[seed] = begin(seed)
        for seed, steps in list(running.items()):
            try:
                if next(steps, True):
                    del running[seed]
                continue
            except Exception as error:
                if not ran_out(error):
                    raise
            late.append(seed)  # out here the traceback is gone, and with it what the seed held
            del running[seed], steps
            at_a_time = max(1, len(running))
            _give_back()
    return late


def _taken(waiting: list[int], count: int) -> list[int]:
    taken = waiting[: max(count, 0)]
    del waiting[: len(taken)]
    return taken


def _give_back() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
