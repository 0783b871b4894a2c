"""What the engine says while it works: one JSON object a line, on standard output and in the seed's events.jsonl.

start        plan_digest, seeds, done (seeds that are finished already)
environment  versions, device, threads, flags
seed         seed, steps (in all), resumed_at (a step, or null); once more where a seed starts again for want of memory
progress     seed, step, steps, epoch, seconds; at most every 0.5 s
evaluation   seed, row: a packed records.Evaluation
warning      seed or null, message
finished     seed, outcome, seconds
stopped      seed, step, seconds: the time that was given is over; the seed goes on from here when it is asked for again
failed       message: one sentence for the user; the last event
end          seeds; the last event
"""

import json
import os
import time
from pathlib import Path
from typing import Any, TextIO

PROGRESS_SECONDS = 0.5


class EventLog:
    """Writes events to a stream, and those of a seed to its folder as well.

    What was said before the first seed (start, environment, warnings) is repeated in each seed's file, which so stands alone.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._preface: list[str] = []
        self._file: TextIO | None = None
        self._seed: int | None = None
        self._last_progress = 0.0

    def begin_seed(self, seed: int, folder: Path) -> None:
        """From here on events belong to `seed` and are kept in `folder`."""
        self.end_seed()
        folder.mkdir(parents=True, exist_ok=True)
        self._seed = seed
        self._file = (folder / "events.jsonl").open("a", encoding="utf-8")
        self._file.writelines(self._preface)

    def another(self) -> "EventLog":
        """A log to the same stream, for a seed that trains at the same time as others."""
        log = EventLog(self._stream)
        log._preface = list(self._preface)
        return log

    def end_seed(self) -> None:
        if self._file:
            self._file.close()
        self._file, self._seed = None, None

    def tell(self, event: str, **fields: Any) -> None:
        """One event. A NaN is written as null, so that every line is strict JSON."""
        seed = {} if self._seed is None else {"seed": self._seed}
        line = json.dumps(_strict({"event": event, **seed, **fields}), ensure_ascii=False) + "\n"
        if self._file:
            self._file.write(line)
            self._file.flush()
        else:
            self._preface.append(line)
        try:
            self._stream.write(line)
            self._stream.flush()
        except BrokenPipeError:
            # Nobody reads: whoever started this is gone, and a second engine may start in this folder.
            os._exit(1)

    def warn(self, message: str) -> None:
        self.tell("warning", message=message)

    def progress(self, **fields: Any) -> None:
        """A progress event, if the last one is long enough ago."""
        now = time.monotonic()
        if now - self._last_progress >= PROGRESS_SECONDS:
            self._last_progress = now
            self.tell("progress", **fields)


def _strict(value: Any) -> Any:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    return [_strict(item) for item in value] if isinstance(value, list | tuple) else value
