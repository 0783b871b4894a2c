"""A Ray cluster of several node processes on this machine, of which nothing is left whatever happens."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from command import ROOT, surroundings

NODES = 3
SECONDS_TO_START, TRIES = 180, 3
HERE = "127.0.0.1"
START = ("--num-cpus=1", "--object-store-memory=100000000", f"--node-ip-address={HERE}", "--include-log-monitor=false")
QUICK = {"RAY_health_check_period_ms": "500", "RAY_health_check_failure_threshold": "3", "OMP_NUM_THREADS": "1"}
JOIN = """
import sys, time, ray
ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
while sum(node["Alive"] for node in ray.nodes()) < int(sys.argv[2]):
    time.sleep(0.1)
"""
PR_SET_PDEATHSIG = 1


class Cluster:
    """A head and further nodes of one processor each, on loopback, each a session of processes of its own."""

    def __init__(self, nodes: int = NODES) -> None:
        self.number = nodes
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # its sockets' paths must be short
        self.nodes: list[subprocess.Popen[bytes]] = []
        self.address = f"{HERE}:{_free_port()}"

    def __enter__(self) -> Self:
        try:
            port = self.address.rpartition(":")[2]
            client = f"--ray-client-server-port={_free_port()}"
            self._start("--head", f"--port={port}", client, "--include-dashboard=false", f"--temp-dir={self.folder}")
            self._until_the_head_listens(int(port))
            for number in range(2, self.number + 1):
                self._join(number)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for number, _node in enumerate(self.nodes):
            self.kill(number)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, number: int) -> None:
        """kill -9 for all processes of a node, its workers too."""
        while family := session(self.nodes[number].pid):
            for process in family:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self.nodes[number].poll()
            time.sleep(0.02)

    def _start(self, *options: str) -> None:
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats", *START, *options]
        with (self.folder / f"node-{len(self.nodes)}.log").open("wb") as log:
            self.nodes.append(
                subprocess.Popen(
                    command,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with_the_tests,
                )
            )

    def _join(self, number: int) -> None:
        """The node of this number, one after the other: two that start at a time take each other's ports, and one gives up."""
        command = [sys.executable, "-c", JOIN, self.address, str(number)]
        for _ in range(TRIES):
            self._start(f"--address={self.address}")
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(command, env=self._environment(), check=True, timeout=SECONDS_TO_START / TRIES)
                return
            self.kill(len(self.nodes) - 1)
            self.nodes.pop()
        raise AssertionError(f"node {number} did not come up: {(self.folder / f'node-{number - 1}.log').read_text()[-1000:]}")

    def _environment(self) -> dict[str, str]:
        """With the tests importable on every node, and whatever a node leaves behind in the cluster's folder."""
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        return {**surroundings(**QUICK, TMPDIR=str(self.folder)), "PYTHONPATH": path}

    def _until_the_head_listens(self, port: int) -> None:
        ends = time.monotonic() + SECONDS_TO_START
        while self.nodes[0].poll() is None and time.monotonic() < ends:
            with suppress(OSError):
                socket.create_connection((HERE, port), 1).close()
                return
            time.sleep(0.1)
        raise AssertionError(f"no head came up: {(self.folder / 'node-0.log').read_text()[-1000:]}")


def session(leader: int) -> list[int]:
    """The living processes of a session."""
    return [number for number, state, of in _processes() if of == leader and state != "Z"]


def _processes() -> Iterator[tuple[int, str, int]]:
    """Number, state and session of each process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            yield int(path.parent.name), fields[0], int(fields[3])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HERE, 0))
        return int(free.getsockname()[1])


def _end_with_the_tests() -> None:
    """SIGTERM for a node whose tests were killed: it then ends its processes."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
