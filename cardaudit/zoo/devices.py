"""The GPUs of this machine, shared out so that each trains one model at a time."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")
SECONDS_TO_ANSWER = 20


def gpus() -> tuple[str, ...]:
    """The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them; empty without one."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is not None:
        return tuple(name.strip() for name in chosen.split(",") if name.strip() and name.strip() != "-1")
    if shutil.which("nvidia-smi") is None:
        return ()
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=SECONDS_TO_ANSWER, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(str(number) for number, _ in enumerate(line for line in listed.stdout.splitlines() if line.startswith("GPU ")))


def shared_out(
    jobs: Iterable[Job], devices: Sequence[str], act: Callable[[Job, str], Answer], stop: Callable[[], None] = lambda: None
) -> Iterator[tuple[Job, Answer]]:
    """What `act` makes of each job and a free device, as they end; jobs are taken in order, when a device is free.

    With one device in this very thread. An exception of one ends all: `stop` is called, what runs is waited for.
    """
    if len(devices) == 1:
        yield from ((job, act(job, devices[0])) for job in jobs)
        return
    free: SimpleQueue[str] = SimpleQueue()
    for device in devices:
        free.put(device)
    running: dict[Future[Answer], tuple[Job, str]] = {}
    waiting = iter(jobs)
    with ThreadPoolExecutor(len(devices)) as threads:
        try:
            while True:
                while not free.empty() and (job := next(waiting, None)) is not None:
                    device = free.get()
                    running[threads.submit(act, job, device)] = (job, device)
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job, device = running.pop(future)
                    free.put(device)
                    yield job, future.result()
        except BaseException:
            stop()
            raise
