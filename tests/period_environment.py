"""An environment of the period: transformers 4.24.0 with the torch that is installed, made once in `.period/`, which git ignores.

`python tests/period_environment.py` makes it and prints its folder. The old wheels come from PyPI; torch and what it requires are
links to the running environment, so that both sides of a comparison compute with the same kernels. Nothing else of the running
environment is seen: the folder is the only one on the path of `python -I -S`, to which a script adds it (period_trainer.py does).
datasets and accelerate are left out, as 4.24.0 does without them.
"""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

TRANSFORMERS = "4.24.0"
# tokenizers and huggingface_hub as of the release's own bounds; torch takes either numpy, the release's code only the old one.
PINNED = (f"transformers=={TRANSFORMERS}", "tokenizers==0.13.3", "huggingface_hub==0.16.4", "numpy==1.26.4")
HERE = Path(__file__).resolve().parent
KEPT = Path(os.environ.get("CARDAUDIT_PERIOD") or HERE.parent / ".period")
SECONDS = 300
REQUIREMENT = re.compile(r"[\w.-]+")
NOT_NEEDED = ("setuptools", "pip")


class Unreachable(Exception):
    """PyPI gave no wheel that fits this Python."""


@cache
def environment() -> Path:
    """The folder to put on the path. Raises Unreachable where it is not there and cannot be made."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = KEPT / f"transformers-{TRANSFORMERS}-python-{python}-torch-{distribution('torch').version}"
    if _whole(folder):
        return folder
    part = KEPT / f"part-{os.getpid()}"
    try:
        _install(part)
        _link("torch", part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError:
        if not _whole(folder):  # else another process was first
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _whole(folder: Path) -> bool:
    """Whether an environment is there, and its torch is still the running one."""
    torch = distribution("torch").locate_file("torch")
    return (folder / "transformers").is_dir() and (folder / "torch").resolve() == Path(str(torch)).resolve()


def _install(folder: Path) -> None:
    """Puts the old wheels and what they require into `folder`."""
    folder.mkdir(parents=True)
    options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:", "--timeout=10", "--retries=1"]
    command = [sys.executable, "-m", "pip", "install", *options, f"--target={folder}", *PINNED]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as slow:
        raise Unreachable(f"PyPI took more than {SECONDS} s") from slow
    if done.returncode:
        raise Unreachable((done.stderr.strip().splitlines() or ["pip failed"])[-1])


def _link(package: str, folder: Path) -> None:
    """Links an installed package and all that it requires into `folder`; what is there already stays."""
    try:
        found = distribution(package)
    except PackageNotFoundError:  # for another platform, or an extra
        return
    for name in _top_level(found):
        target = folder / name
        if not target.exists():
            target.symlink_to(str(found.locate_file(name)))
    for requirement in found.requires or ():
        name = REQUIREMENT.match(requirement)
        if name and "extra ==" not in requirement and name[0] not in NOT_NEEDED and not (folder / f".{name[0]}").exists():
            (folder / f".{name[0]}").touch()
            _link(name[0], folder)


def _top_level(found: Distribution) -> set[str]:
    """The names that a distribution put into site-packages."""
    return {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}


if __name__ == "__main__":
    print(environment())
