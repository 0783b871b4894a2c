"""What works on this machine, what is missing, and the command that mends it."""

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from cardaudit import __version__

REPRODUCE = ("torch", "transformers", "datasets", "accelerate", "seqeval")
ZOO = ("pyarrow",)
GPU_PROBE = "import torch; print(torch.cuda.get_device_name(0) if torch.cuda.is_available() else '')"
GPU_FREE = ("nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits")
FREE_GIGABYTES = 5


class Check(NamedTuple):
    """One line of the doctor's report. `mend` is the command that helps; "" where all is well."""

    name: str
    state: Literal["ok", "missing", "warning"]
    seen: str
    mend: str = ""


def examine(offline: bool = False) -> list[Check]:
    """Looks at versions, GPU, cache, disk and, unless `offline`, at the Hub. Imports nothing heavy itself."""
    checks = [
        Check("cardaudit", "ok", f"{__version__}, Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    ]
    checks += [_package(name, "reproduce") for name in REPRODUCE]
    checks += [_package(name, "zoo") for name in ZOO]
    checks += [_device(), _cache(), _disk(), _hub(offline)]
    return checks


def _package(name: str, extra: str) -> Check:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, "missing", "not installed", f"pip install 'cardaudit[{extra}]'")
    wanted = _needed(name, extra)
    if wanted and _numbers(version) < _numbers(wanted):
        return Check(
            name, "warning", f"{version}, cardaudit needs {wanted} or newer", f"pip install --upgrade 'cardaudit[{extra}]'"
        )
    return Check(name, "ok", version)


def _needed(name: str, extra: str) -> str | None:
    """The lower bound that cardaudit's own metadata declare for a package of an extra."""
    try:
        requirements = metadata.requires("cardaudit") or []
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return None
    for requirement in requirements:
        match = re.match(rf"{re.escape(name)}>=([\d.]+).*extra == ['\"]{extra}['\"]", requirement)
        if match:
            return match[1]
    return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3])


def _device() -> Check:
    """Asks torch in a process of its own: importing it takes seconds and may fail loudly."""
    cores = os.cpu_count() or 1
    try:
        metadata.version("torch")
    except metadata.PackageNotFoundError:
        return Check("device", "missing", f"unknown without torch; {cores} CPU cores", "pip install 'cardaudit[reproduce]'")
    try:
        probe = subprocess.run([sys.executable, "-c", GPU_PROBE], capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return Check("device", "warning", "torch did not start within 2 minutes", "python -c 'import torch'")
    if probe.returncode:
        last = (probe.stderr.strip().splitlines() or ["no message"])[-1]
        return Check("device", "warning", f"torch cannot be imported: {last}", "pip install --force-reinstall torch")
    if probe.stdout.strip():
        return Check("device", "ok", f"GPU {probe.stdout.strip()}")
    has_card = shutil.which("nvidia-smi") is not None
    mend = "pip install a CUDA build of torch that fits the driver (nvidia-smi tells its version)" if has_card else ""
    return Check("device", "warning" if has_card else "ok", f"no GPU that torch can use; {cores} CPU cores", mend)


def free_memory() -> tuple[str, int] | None:
    """What would train, "the GPU" or "this machine", and how many of its bytes are free; None where nothing tells.

    A GPU is asked through its driver, which takes a fraction of the seconds that importing torch does.
    """
    if shutil.which(GPU_FREE[0]):
        try:
            told = subprocess.run(GPU_FREE, capture_output=True, text=True, timeout=10, check=False).stdout
        except subprocess.TimeoutExpired:
            return None
        if megabytes := re.match(r"\s*(\d+)", told):
            return "the GPU", int(megabytes[1]) << 20
    free = [size for size in (_available(), _left_to_container()) if size is not None]
    return ("this machine", min(free)) if free else None


def _available() -> int | None:
    """Linux: what could be had without swapping."""
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    except OSError:
        return None
    return int(found[1]) << 10 if found else None


def _left_to_container() -> int | None:
    """Linux: what a control group (version 2) lets its processes have beyond what they hold."""
    try:
        most, held = (Path(f"/sys/fs/cgroup/memory.{name}").read_text().strip() for name in ("max", "current"))
    except OSError:
        return None
    return max(int(most) - int(held), 0) if most.isdecimal() else None


def _cache() -> Check:
    home = os.environ.get("HF_HOME") or os.path.join(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "huggingface")
    path = Path(home).expanduser()
    existing = next(p for p in (path, *path.parents) if p.exists())
    if not os.access(existing, os.W_OK):
        return Check("cache", "warning", f"{path} cannot be written", "export HF_HOME=FOLDER with a folder of your own")
    return Check("cache", "ok", str(path) + ("" if path.exists() else ", made when first needed"))


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free < FREE_GIGABYTES:
        return Check(
            "disk",
            "warning",
            f"{free:.1f} GB free here; a base model and its checkpoints want {FREE_GIGABYTES} GB",
            "free some room",
        )
    return Check("disk", "ok", f"{free:.0f} GB free here")


def _hub(offline: bool) -> Check:
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    if offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        return Check("Hub", "ok", f"not asked, offline ({endpoint})")
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    try:
        with urlopen(endpoint, timeout=5) as answer:
            return Check("Hub", "ok", f"{endpoint} answers ({answer.status})")
    except HTTPError as error:
        return Check("Hub", "ok", f"{endpoint} answers ({error.code})")
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Check(
            "Hub", "warning", f"{endpoint} is out of reach: {reason}", "work with local files, or --offline with what is cached"
        )
