"""Authors in other environments than the audits': another release of transformers, another precision, a script of their own.

They are trained by calibration_trainer.py, which shares no code with the audits, and lie in RECIPE/authors/ENVIRONMENT/SEED.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration_recipes import Recipe

from cardaudit.codec import unpack
from cardaudit.records import Evaluation, Run
from cardaudit.runs import read_run, write_run

SCRIPT = Path(__file__).with_name("calibration_trainer.py")
FIRST = {"": 200_001, "bf16": 300_001}
AT_A_TIME = 15


@dataclass(frozen=True)
class Environment:
    """Where authors train: `name` says what differs from the audits' own."""

    name: str
    python: str
    precision: str = "fp32"

    @property
    def first(self) -> int:
        """The seed of its first author, none of which the audits or other authors have."""
        return FIRST["bf16" if self.precision == "bf16" else ""]


def environments(python: str | None) -> tuple[Environment, ...]:
    """The present libraries in bf16; and those of another Python, which is asked for its transformers, in fp32."""
    own = Environment("bf16", sys.executable, "bf16")
    if python is None:
        return (own,)
    asked = "from importlib.metadata import version; print(version('transformers'))"
    told = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    return (Environment(f"transformers {told.stdout.strip()}", python), own)


def make_crossed(prepared: Sequence[tuple[Recipe, Path]], crossed: Sequence[Environment], authors: int, until: float) -> int:
    """Trains what is missing, a few authors of each recipe in turn, until time.monotonic() is `until`. Returns how many."""
    made = 0
    for first in range(0, authors, AT_A_TIME):
        for recipe, own in prepared:
            for where in crossed:
                seeds = [where.first + number for number in range(first, min(first + AT_A_TIME, authors))]
                absent = [seed for seed in seeds if not _path(own, where.name, seed).is_file()]
                if time.monotonic() > until:
                    return made
                for run in _trained(recipe, own, where, absent) if absent else ():
                    write_run(run, _path(own, where.name, run.seed))
                    made += 1
    return made


def read_crossed(own: Path) -> Mapping[str, Sequence[Run]]:
    """The authors of each other environment that a recipe's folder has, by their seeds."""
    names = sorted(path.name for path in (own / "authors").glob("*") if path.is_dir())
    found = {name: [read_run(path) for path in (own / "authors" / name).glob("*/run.json")] for name in names}
    return {name: sorted(runs, key=lambda run: run.seed) for name, runs in found.items()}


def _path(own: Path, name: str, seed: int) -> Path:
    return own / "authors" / name / str(seed) / "run.json"


def _trained(recipe: Recipe, own: Path, where: Environment, seeds: Sequence[int]) -> Iterator[Run]:
    job = {
        **{key: getattr(recipe, key) for key in ("task", "learning_rate", "batch", "epochs")},
        **{key: str((own / key).resolve()) for key in ("data", "base")},
        "precision": where.precision,
        "seeds": list(seeds),
    }
    path = own / "authors" / "job.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(job), encoding="utf-8")
    done = subprocess.run([where.python, "-W", "ignore", str(SCRIPT), str(path)], stdout=subprocess.PIPE, text=True, check=True)
    yield from (_run(json.loads(line)) for line in done.stdout.splitlines())


def _run(told: Mapping[str, Any]) -> Run:
    return Run(
        plan_digest="",
        seed=told["seed"],
        rows=tuple(unpack(Evaluation, row) for row in told["rows"]),
        outcome="finished",
        seconds=told["seconds"],
        environment=told["environment"],
        facts={"loop": "own script"},
    )
