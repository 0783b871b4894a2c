"""Modules of released libraries, taken out of their wheels, and processes that run them.

The wheels come from PyPI, once; what is needed of them is kept in `.older_generators/`, which git ignores.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEPT = Path(os.environ.get("CARDAUDIT_OLDER_GENERATORS") or HERE.parent / ".older_generators")
TRAINER_MODULES = ("modelcard", "trainer", "trainer_utils", "training_args")


class Unreachable(Exception):
    """PyPI gave no wheel."""


@cache
def kept(folder_name: str, requirement: str, place_of: Callable[[str], str | None]) -> Path:
    """The folder with what is kept of a release's wheel: each file at `place_of` its path, without those where that is None.

    Raises Unreachable, at once where an earlier release could not be had.
    """
    folder = KEPT / folder_name
    if folder.is_dir():
        return folder
    if kept.unreachable:  # type: ignore[attr-defined]
        raise Unreachable
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as made:
        command = [sys.executable, "-m", "pip", "download", requirement, "--no-deps", "--only-binary=:all:"]
        quick = [
            "--ignore-requires-python",
            "--quiet",
            "--disable-pip-version-check",
            "--no-cache-dir",
            "--timeout=10",
            "--retries=1",
            f"--dest={made}",
        ]
        if subprocess.run([*command, *quick], capture_output=True, timeout=300, check=False).returncode:
            kept.unreachable = True  # type: ignore[attr-defined]
            raise Unreachable
        part = Path(made) / "kept"
        with zipfile.ZipFile(next(Path(made).glob("*.whl"))) as wheel:
            for path in wheel.namelist():
                if (place := place_of(path)) is not None:
                    (part / place).parent.mkdir(parents=True, exist_ok=True)
                    (part / place).write_bytes(wheel.read(path))
        try:
            part.rename(folder)
        except OSError:  # another process was first
            assert folder.is_dir()
    return folder


kept.unreachable = False  # type: ignore[attr-defined]


def trainer_modules(version: str) -> Path:
    """The folder with the TRAINER_MODULES of a release of transformers."""
    return kept(version, f"transformers=={version}", _place_of_trainer_module)


def _place_of_trainer_module(path: str) -> str | None:
    name = path.removeprefix("transformers/")
    return name if name.removesuffix(".py") in TRAINER_MODULES and name != path else None


class Answering:
    """A script of ours in a process of its own, which answers each JSON line with one."""

    def __init__(self, script: str, *arguments: str) -> None:
        command = [sys.executable, "-I", str(HERE / script), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def ask(self, asked: dict) -> dict:
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or "{}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
