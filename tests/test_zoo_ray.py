"""A zoo on a real local Ray cluster of two node processes: the store that one machine makes, also when a node is killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import CARDS, cardaudit, surroundings
from zoo_samples import contents, write_snapshot

from cardaudit.zoo.reading import Reading

MANY = 1500
START = ("-m", "ray.scripts.scripts", "start", "--num-cpus=1", "--disable-usage-stats", "--block")


class Cluster:
    """A head and a second node on loopback, each a process group of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self.nodes = [self._node("--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={folder}")]
        self.wait_for(1)
        self.nodes.append(self._node(f"--address={self.address}"))
        self.wait_for(2)

    def _node(self, *options: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *START, *options],
            env=surroundings(OMP_NUM_THREADS="1", RAY_health_check_period_ms="500", RAY_health_check_failure_threshold="3"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_for(self, nodes: int) -> None:
        """Until so many nodes have joined."""
        question = (
            f"import ray; ray.init(address='{self.address}', log_to_driver=False, logging_level='ERROR');"
            "print(sum(node['Alive'] for node in ray.nodes()))"
        )
        for _ in range(60):
            done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
            if done.stdout.strip().endswith(str(nodes)):
                return
            time.sleep(0.5)
        raise AssertionError(f"{nodes} nodes did not come up: {done.stderr[-1000:]}")

    def kill(self, number: int) -> None:
        for process in _family(self.nodes[number].pid):
            os.kill(process, signal.SIGKILL)
        self.nodes[number].wait()


def _family(leader: int) -> list[int]:
    """The processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(path.read_text().rpartition(")")[2].split()[3])
        except OSError:
            continue
        if session == leader:
            found.append(int(path.parent.name))
    return found


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("ray", reason="Ray is not installed: the extra [ray]")
    folder = Path(tempfile.mkdtemp(prefix="ray-"))  # its sockets' paths must be short
    started = Cluster(folder)
    try:
        yield started
    finally:
        for number, _ in enumerate(started.nodes):
            started.kill(number)
        shutil.rmtree(folder, ignore_errors=True)


def zoo(source: Path, folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "cardaudit", "zoo", str(source), "-o", str(folder), "--fail-on", "never", "-q", *options]


def test_a_cluster_makes_the_store_of_one_machine_although_a_node_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", MANY)
    assert cardaudit("zoo", source, "-o", tmp_path / "alone", "--no-pages", "--fail-on", "never", "-q").returncode == 0
    command = zoo(source, tmp_path / "zoo", "--no-pages", "--ray", cluster.address)
    process = subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None and _cards(tmp_path / "zoo") < MANY // 5:
        time.sleep(0.02)
    assert process.poll() is None
    cluster.kill(1)
    _, told = process.communicate(timeout=240)
    assert process.returncode == 0, told.decode()
    assert contents(tmp_path / "zoo") == contents(tmp_path / "alone")


@pytest.mark.train
def test_a_reproduction_goes_to_a_node_and_comes_back(cluster: Cluster, tmp_path: Path) -> None:
    shutil.copytree(CARDS / "invoice-demo", tmp_path / "cards" / "demo")
    short = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1", "--seeds", "1")
    command = zoo(tmp_path / "cards", tmp_path / "zoo", "--reproduce", "demo", *short, "--ray", cluster.address)
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert sum(reading.outcomes().values()) == 1
    assert list((tmp_path / "zoo" / "cards" / "demo").glob("runs/*/*/run.json"))


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra [ray]")
    done = cardaudit("zoo", CARDS, "-o", tmp_path / "zoo", "--ray", "127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("no Ray cluster answers at 127.0.0.1:9: start one with ray start --head\n")


def _cards(folder: Path) -> int:
    import sqlite3
    from contextlib import closing, suppress

    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{folder / 'zoo.sqlite'}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM cards").fetchone()[0])
    return 0
