"""Run folders on disk: AUDIT_DIR/runs/<plan digest>/<seed>/, found, read, written, and the engine that fills them.

runs/<digest>/plan.json            the plan, as the engine got it
runs/<digest>/engine.log           what the engine's libraries wrote to standard error; engine-1.log of a second one beside it
runs/<digest>/<seed>/run.json      records.Run of a seed that is done; written in one step, so it is whole or absent
runs/<digest>/<seed>/events.jsonl  what happened, line by line, over all attempts
runs/<digest>/<seed>/checkpoint-N  only while the seed is not done
"""

import hashlib
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

from cardaudit.codec import digest, pack, unpack
from cardaudit.errors import CardauditError, EngineFailed, MissingExtra
from cardaudit.records import Plan, Run

PLAN_SCHEMA = "cardaudit.plan/1"
RUN_SCHEMA = "cardaudit.run/1"
Record = TypeVar("Record", Plan, Run)
ENGINE_NEEDS = ("torch", "transformers", "datasets", "accelerate", "seqeval", "sklearn", "scipy", "numpy")
SECONDS_TO_STOP = 10
# The fields of a DatasetPlan that say how it is read; the others say where it lies.
READING = (
    *("format", "config", "files", "train_split", "eval_split", "train_limit", "eval_limit"),
    *("text_columns", "label_column", "labels"),
)
# What of the training counts where nothing is trained.
SCORING = ("eval_batch_size", "precision", "max_length", "label_smoothing_factor")


def plan_digest(plan: Plan) -> str:
    """16 hex digits over everything that changes a run's numbers, so that equal training shares a folder.

    Left out: seeds (each has its own folder), what was assumed or overridden (its values count, their reasons do not), the
    estimate, the card's own words for model and data, and the paths of what a hash or a revision already identifies.
    """
    model, dataset = plan.model, plan.dataset
    return digest(
        {
            "mode": plan.mode,
            "recipe": plan.recipe,
            "model": _identity(model.id, model.revision, model.sha256, model.path),
            "dataset": _identity(dataset.id, dataset.revision, dataset.sha256, dataset.path),
            "reading": {key: getattr(dataset, key) for key in READING},
            "training": plan.training if plan.mode == "train" else {key: getattr(plan.training, key) for key in SCORING},
            "schedule": plan.schedule if plan.mode == "train" else None,
            "task_options": plan.task_options,
            "semantics": plan.semantics,
        }
    )


def _identity(name: str, revision: str | None, sha256: str, path: str) -> str:
    if sha256:
        return f"sha256:{sha256}"
    return f"{name}@{revision}" if revision else path


def files_sha256(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files; equal wherever the files lie and in whatever order they are given."""
    lines = []
    for path in paths:
        with path.open("rb") as file:
            lines.append(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def folder_sha256(folder: Path) -> str:
    """files_sha256 of the files that lie directly in a folder: a local model."""
    return files_sha256(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def run_folder(folder: Path, plan: Plan) -> Path:
    """Where an audit folder keeps the runs of a plan."""
    return folder / "runs" / plan_digest(plan)


def read_runs(folder: Path, plan: Plan, tell: Callable[[str], None] = warnings.warn) -> tuple[Run, ...]:
    """The seeds of a plan that are done in an audit folder: in the plan's order, then others by number.

    A run that cannot be read, or that belongs to another plan or seed, is left out and told as one sentence.
    """
    expected = plan_digest(plan)
    found: dict[int, Run] = {}
    for path in sorted(run_folder(folder, plan).glob("*/run.json")):
        try:
            run = read_run(path)
        except CardauditError as error:
            tell(f"{error}; it is left out and would be made again")
            continue
        if run.plan_digest != expected or str(run.seed) != path.parent.name:
            tell(f"{path} belongs to plan {run.plan_digest}, seed {run.seed}, not to where it lies; it is left out")
            continue
        found[run.seed] = run
    order = {seed: place for place, seed in enumerate(plan.seeds)}
    return tuple(found[seed] for seed in sorted(found, key=lambda seed: (order.get(seed, len(order)), seed)))


def read_run(path: Path) -> Run:
    """One run.json. Raises CardauditError where it cannot be read."""
    return _read(path, Run, RUN_SCHEMA)


def read_plan(path: Path) -> Plan:
    """One plan.json. Raises CardauditError where it cannot be read."""
    return _read(path, Plan, PLAN_SCHEMA)


def _read(path: Path, kind: type[Record], schema: str) -> Record:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CardauditError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CardauditError(f"{path} is no JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise CardauditError(f'{path} is no {kind.__name__.lower()} of this version: "schema" is not {schema!r}')
    try:
        return unpack(kind, {key: value for key, value in document.items() if key != "schema"})
    except ValueError as error:
        raise CardauditError(f"{path} cannot be used: {error}") from error


def write_plan(plan: Plan, path: Path) -> None:
    """plan.json, atomically."""
    write_json({"schema": PLAN_SCHEMA, **pack(plan)}, path)


def write_run(run: Run, path: Path) -> None:
    """run.json, atomically; strict JSON, see codec.pack."""
    write_json({"schema": RUN_SCHEMA, **pack(run)}, path)


def write_json(value: Mapping[str, Any], path: Path) -> None:
    """A JSON file that is whole or absent, whatever happens while it is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, ensure_ascii=False, allow_nan=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def start_engine(
    plan: Plan,
    folder: Path,
    seeds: Sequence[int],
    checkpoints: bool = True,
    loop: str = "auto",
    device: str = "",
    seconds: float | None = None,
) -> Iterator[dict[str, Any]]:
    """Trains seeds of a plan in a process of its own and yields its events as they come (engine/events.py lists them).

    `loop`: "fast", "reference", or "auto", the fast one where it makes the same updates (engine/loops/choice.py).
    `device`: the one GPU that it sees, as CUDA_VISIBLE_DEVICES names it; "" all that this process sees.
    `seconds`: after so long it stops by itself, with a checkpoint of what it had in hand.
    What an earlier, interrupted call left in `folder` is continued. Ctrl-C, or leaving the iteration, ends the process; finished
    seeds and the last checkpoint stay. Raises MissingExtra before anything starts, EngineFailed where the process ends without
    finishing.
    """
    engine = launch_engine(plan, folder, seeds, checkpoints, loop, device, seconds)
    try:
        yield from events_of(engine)
    finally:
        stop_engine(engine)


class Engine(NamedTuple):
    """An engine at work, and the file of what its libraries say."""

    process: "subprocess.Popen[str]"
    log: Path


def launch_engine(
    plan: Plan,
    folder: Path,
    seeds: Sequence[int],
    checkpoints: bool = True,
    loop: str = "auto",
    device: str = "",
    seconds: float | None = None,
    number: int = 0,
) -> Engine:
    """The process that start_engine reads. `number`: how many others were launched before, for other seeds of this plan."""
    require_extra()
    target = run_folder(folder, plan)
    target.mkdir(parents=True, exist_ok=True)
    write_plan(plan, target / "plan.json")
    command = [sys.executable, "-m", "cardaudit.engine", str(target / "plan.json"), str(target), "--seeds", *map(str, seeds)]
    command += ["--loop", loop, *(["--no-checkpoints"] if not checkpoints else [])]
    command += ["--seconds", str(max(seconds, 0.0))] if seconds is not None else []
    log = target / (f"engine-{number}.log" if number else "engine.log")
    with log.open("w", encoding="utf-8") as errors:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the engine in one known way.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment() | ({"CUDA_VISIBLE_DEVICES": device} if device else {}),
            encoding="utf-8",
            start_new_session=True,
        )
    return Engine(process, log)


def events_of(engine: Engine) -> Iterator[dict[str, Any]]:
    """What an engine tells, to its end. Raises EngineFailed where it ends without finishing."""
    assert engine.process.stdout is not None
    failure = None
    for event in _events(engine.process.stdout):
        if event.get("event") == "failed":
            failure = str(event.get("message"))
        else:
            yield event
    code = engine.process.wait()
    if failure:
        raise EngineFailed(failure if code != 1 else f"{failure}; {engine.log} has the traceback")
    if code:
        raise EngineFailed(_last_words(code, engine.log))


def require_extra() -> None:
    """Raises MissingExtra where a package that the engine needs is not installed."""
    absent = [name for name in ENGINE_NEEDS if find_spec(name) is None]
    if absent:
        raise MissingExtra(f"training needs {', '.join(absent)}: pip install 'cardaudit[reproduce]'")


def _environment() -> dict[str, str]:
    """This process's environment, in which a child finds this very package, installed or not."""
    home = str(Path(__file__).resolve().parents[1])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{home}{os.pathsep}{known}" if known else home}


def _events(lines: IO[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:  # the last line of an engine that was killed while writing
            continue
        if isinstance(event, dict):
            yield event


def stop_engine(engine: Engine) -> None:
    """Ends an engine that still works, and waits until it has."""
    process = engine.process
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def _last_words(code: int, log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    words = f", last saying {lines[-1][:200]!r}" if lines else ""
    ending = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    hint = " (often: out of memory)" if code == -9 else ""
    return f"the engine {ending}{hint}{words}; {log} has the rest, what it finished is kept, the same command continues"
