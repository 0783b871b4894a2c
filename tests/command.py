"""The command line as a user meets it: a process, its exit code, its two streams."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CARDS = ROOT / "cards"
SECONDS = 120


def cardaudit(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """One call of `cardaudit`, with the checkout importable from whatever folder it runs in."""
    command = [sys.executable, "-m", "cardaudit", *map(str, arguments)]
    done = subprocess.run(
        command, input=stdin, capture_output=True, timeout=SECONDS, env=surroundings(**environment), cwd=cwd, check=False
    )
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def hear_ctrl_c() -> None:
    """For a child's preexec_fn: shells start background jobs, and so perhaps all of a CI, with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def surroundings(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}
