"""A zoo on a real local Ray cluster of three node processes: the store that one machine makes, also when nodes are killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import CARDS, cardaudit, surroundings
from ray_nodes import NODES, Cluster
from test_zoo_store import cards_in
from test_zoo_workers import Deadly, Once, plain, results, tasks
from zoo_samples import contents, engines, write_snapshot

from cardaudit.zoo.linting import Task
from cardaudit.zoo.ray_cluster import AHEAD, connect, leave, work_on_ray
from cardaudit.zoo.ray_cluster import CARDS as CARDS_OF_A_BATCH
from cardaudit.zoo.reading import Reading
from cardaudit.zoo.workers import work

ray = pytest.importorskip("ray", reason="Ray is not installed: the extra [ray]")
MANY = 1500
SECONDS = 300


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as started:
        yield started


def zoo(source: Path, folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cardaudit", "zoo", str(source), "-o", str(folder), "--fail-on", "never", "-q", *options]
    return subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_card_that_ends_its_worker_is_given_up_alone_and_no_batch_is_sent_before_its_turn(
    cluster: Cluster, tmp_path: Path
) -> None:
    count, taken, ahead = 1000, [], []

    def watched() -> Iterator[Task]:
        for task in tasks(count, {7: Once(tmp_path / "died"), 700: Deadly("row")}):
            taken.append(task.ticket)
            yield task

    def received() -> Iterator[list]:  # type: ignore[type-arg]
        for some in work_on_ray(watched(), connect(cluster.address)["CPU"], retries=0):
            ahead.append(len(taken) - sum(map(len, done)))
            done.append(some)
            yield some

    done: list[list] = []  # type: ignore[type-arg]
    try:
        found = results(received())
    finally:
        leave()
    assert {ticket: plain(each) for ticket, each in found.items() if ticket != 700} == {
        linted.ticket: plain(linted) for some in work(tasks(count), 1) for linted in some if linted.ticket != 700
    }
    assert found[700].error == "the process that read it ended on the cluster (WorkerCrashedError)"
    assert max(ahead) <= AHEAD * NODES * CARDS_OF_A_BATCH < count


def test_a_cluster_makes_the_store_of_one_machine_although_a_node_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", MANY)
    assert cardaudit("zoo", source, "-o", tmp_path / "alone", "--no-pages", "--fail-on", "never", "-q").returncode == 0
    process = zoo(source, tmp_path / "zoo", "--no-pages", "--ray", cluster.address)
    while process.poll() is None and cards_in(tmp_path / "zoo") < MANY // 5:
        time.sleep(0.02)
    assert process.poll() is None  # results are in the store while others are still on their way
    cluster.kill(1)
    _, told = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, told.decode()
    assert contents(tmp_path / "zoo") == contents(tmp_path / "alone")


@pytest.mark.train
def test_a_reproduction_comes_back_from_its_node_although_its_worker_is_killed(cluster: Cluster, tmp_path: Path) -> None:
    shutil.copytree(CARDS / "invoice-demo", tmp_path / "cards" / "demo")
    short = ("--set", "train_limit=64", "--set", "eval_limit=32", "--set", "num_epochs=1", "--seeds", "1")
    process = zoo(tmp_path / "cards", tmp_path / "zoo", "--reproduce", "demo", *short, "--ray", cluster.address)
    while process.poll() is None and not (training := engines(cluster.folder)):
        time.sleep(0.02)
    for engine in training:
        os.kill(int(Path(f"/proc/{engine}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)
    _, told = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, told.decode()
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert sum(reading.outcomes().values()) == 1
        assert reading.connection.execute("SELECT state, tries FROM work").fetchall() == [("done", 1)]
    assert len(list((tmp_path / "zoo" / "cards" / "demo").glob("runs/*/*/run.json"))) == 1
    more = (*short[:-2], "--seeds", "5", "--min-seeds", "5", "--budget", "3s")  # less than the engine takes to start
    _, told = zoo(tmp_path / "cards", tmp_path / "zoo", "--reproduce", "demo", *more, "--ray", cluster.address).communicate()
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        ((state, because),) = reading.connection.execute("SELECT state, because FROM work").fetchall()
    assert (state, because.rpartition(":")[0]) == ("cut", "the budget ended while it was retrained"), told.decode()


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = cardaudit("zoo", CARDS, "-o", tmp_path / "zoo", "--ray", "127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("no Ray cluster answers at 127.0.0.1:9: start one with ray start --head\n")
