"""The seeds of a plan spread over the devices of this machine: an engine for each, all in one run folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from cardaudit.errors import EngineFailed
from cardaudit.records import Plan
from cardaudit.runs import Engine, events_of, launch_engine, start_engine, stop_engine

Event = dict[str, Any]


def train_spread(
    plan: Plan,
    folder: Path,
    seeds: Sequence[int],
    devices: Sequence[str],
    checkpoints: bool = True,
    loop: str = "auto",
    seconds: float | None = None,
) -> Iterator[Event]:
    """runs.start_engine, with the seeds dealt in turn to one engine for each device; its events come as they are told.

    `devices` as CUDA_VISIBLE_DEVICES names them, "" for what this process sees. Where an engine fails the others finish what they
    have, and then the first failure is raised: an error of the plan ends them all, and seeds that are done stay.
    """
    shares = [(device, seeds[number :: len(devices)]) for number, device in enumerate(devices)]
    shares = [(device, share) for device, share in shares if share]
    if len(shares) <= 1:
        for device, share in shares:
            yield from start_engine(plan, folder, share, checkpoints, loop, device, seconds)
        return
    told: SimpleQueue[Event | Exception | None] = SimpleQueue()
    engines: list[Engine] = []
    try:
        for number, (device, share) in enumerate(shares):
            engines.append(launch_engine(plan, folder, share, checkpoints, loop, device, seconds, number))
            Thread(target=_listen, args=(engines[-1], told), daemon=True).start()
        yield from _merged(told, len(engines))
    finally:
        for engine in engines:
            stop_engine(engine)


def _listen(engine: Engine, told: "SimpleQueue[Event | Exception | None]") -> None:
    """Passes on what an engine tells, then None; a failure before that, also one of this reading."""
    try:
        for event in events_of(engine):
            told.put(event)
    except Exception as error:
        told.put(error)
    told.put(None)


def _merged(told: "SimpleQueue[Event | Exception | None]", engines: int) -> Iterator[Event]:
    failure: Exception | None = None
    while engines:
        event = told.get()
        if event is None:
            engines -= 1
        elif isinstance(event, Exception):
            failure = failure if isinstance(failure, EngineFailed) else event
        else:
            yield event
    if failure is not None:
        raise failure
