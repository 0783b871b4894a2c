"""python -m cardaudit.engine PLAN.json RUN_DIR [--seeds 42 1042 ...] [--loop auto] [--no-checkpoints] [--seconds 1800]

Events go to standard output (engine/events.py), everything else to standard error. Exit codes: 0 all seeds are done, or the time
is over, 2 a user can mend it (the last event says how), 1 a fault of the engine (its traceback is on standard error).
"""

import argparse
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TextIO

from cardaudit.engine.events import EventLog
from cardaudit.errors import CardauditError


def main(arguments: list[str]) -> int:
    """Trains, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cardaudit.engine", description="Trains the seeds of a plan.")
    parser.add_argument("plan", type=Path, metavar="PLAN.json")
    parser.add_argument("folder", type=Path, metavar="RUN_DIR", help="gets a folder for each seed")
    parser.add_argument("--seeds", type=_seed, nargs="+", help="instead of the plan's")
    parser.add_argument("--loop", choices=("auto", "fast", "reference"), default="auto", help="see engine/loops/choice.py")
    parser.add_argument("--no-checkpoints", action="store_true", help="save nothing on the way and resume from nothing")
    parser.add_argument("--seconds", type=float, help="stop after so long, each seed in hand with a checkpoint")
    given = parser.parse_args(arguments)
    until = None if given.seconds is None else time.monotonic() + given.seconds
    log = EventLog(_take_standard_output())
    _close_the_doors()
    try:
        from cardaudit.engine.seeds import train_seeds

        train_seeds(given.plan, given.folder, given.seeds, not given.no_checkpoints, log, given.loop, until)
    except CardauditError as error:
        print(error, file=sys.stderr)  # which runs.start_engine keeps
        log.tell("failed", message=str(error))
        return error.exit_code
    except Exception as error:
        traceback.print_exc()
        words = str(error).splitlines() or [""]
        log.tell("failed", message=f"the engine met a fault of its own, {type(error).__name__}: {words[0][:300]}")
        return 1
    return 0


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**32:  # numpy's limit, which set_seed meets
        raise argparse.ArgumentTypeError(f"a seed lies between 0 and {2**32 - 1}, not {text}")
    return value


def _take_standard_output() -> TextIO:
    """Standard output for events alone: what libraries print goes to standard error from here on."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream


def _close_the_doors() -> None:
    """No network, one device, no cluster: set before torch and the Hub's libraries read them on import."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    os.environ.update(HF_DATASETS_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_TELEMETRY="1")
    # Threads that wait sleep rather than spin: beside another busy process on the same cores, spinning made training ten times
    # slower (GNU OpenMP; read when torch is loaded).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # The streams of several seeds share so many queues of the GPU: CUDA's default is 8, its limit 32.
    os.environ.setdefault("CUDA_DEVICE_MAX_CONNECTIONS", "32")
    # Trainer would spread a batch over all GPUs it sees, and multiply it.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        os.environ.pop(name, None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
