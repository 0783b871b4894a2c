"""Several seeds at a time on a CPU, a process and a processor each.

A model small enough for a CPU keeps one processor busy and a second one waiting: two seeds side by side are done sooner than one
after the other on both. The processes are forked, so they share the data that were read and tokenised once.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

import torch

from cardaudit.errors import CardauditError
from cardaudit.records import Plan

# With more processors than this, one seed after the other on all of them: not measured.
MANY = 8
PR_SET_PDEATHSIG = 1
# On a GPU, where seeds take turns in one process (turns.py). Not measured: no GPU was to be had.
LANES = 8


def places(plan: Plan) -> int:
    """How many seeds to train at a time; 1: one after the other.

    It depends on the plan and the machine alone, not on what is still to be done, because a seed's numbers depend in their last
    digits on its threads, and a run that was interrupted must end in the rows of one that was not.
    """
    processors = torch.get_num_threads()
    if torch.cuda.is_available():
        return min(LANES, len(plan.seeds))
    if not sys.platform.startswith("linux") or processors > MANY:
        return 1
    return min(int(processors), len(plan.seeds))


def train_together(seeds: Sequence[int], at_a_time: int, train: Callable[[int], None]) -> None:
    """Calls `train` with each seed, so many at a time, with one thread each.

    What does not divide evenly is begun with the first ones, which then share the processors: at the end it would leave all of
    them but one idle. 3 seeds on 2 processors take the time of 1.5, not of 2.

    Raises CardauditError where one did, or where its process was ended; the others are ended then. If this process dies, however,
    so do they.
    """
    waiting, running = list(seeds), list[_Begun]()
    try:
        running += [_begin(waiting.pop(0), train) for _ in range(at_first(len(seeds), at_a_time))]
        while waiting or running:
            while waiting and len(running) < at_a_time:
                running.append(_begin(waiting.pop(0), train))
            ended = wait([begun.process.sentinel for begun in running])
            for begun in [begun for begun in running if begun.process.sentinel in ended]:
                running.remove(begun)
                _close(begun)
    finally:
        for begun in running:
            begun.process.kill()
            begun.process.join()


def at_first(seeds: int, at_a_time: int) -> int:
    """How many to begin with, so that the last ones are as many as there are places."""
    return min(seeds, at_a_time + seeds % at_a_time)


class _Begun(NamedTuple):
    seed: int
    process: BaseProcess
    words: Connection


def _begin(seed: int, train: Callable[[int], None]) -> _Begun:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(seed, train, theirs, os.getpid()))
    process.start()
    theirs.close()
    return _Begun(seed, process, ours)


def _work(seed: int, train: Callable[[int], None], words: Connection, parent: int) -> None:
    _die_with(parent)
    torch.set_num_threads(1)
    try:
        train(seed)
    except CardauditError as error:
        words.send(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        traceback.print_exc()
        words.send(f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}")
        sys.exit(1)


def _die_with(parent: int) -> None:
    """Asks the system to end this process when the engine's ends, so that nobody trains in a folder that another engine takes."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _close(begun: _Begun) -> None:
    begun.process.join()
    code = begun.process.exitcode or 0
    words = begun.words.recv() if code and begun.words.poll() else ""
    begun.words.close()
    if code == CardauditError.exit_code and words:
        raise CardauditError(words)
    if code < 0:
        raise CardauditError(f"the process of seed {begun.seed} was ended by signal {-code} (9 is often: out of memory)")
    if code:
        raise RuntimeError(f"seed {begun.seed}: {words or f'its process ended with code {code}'}")
