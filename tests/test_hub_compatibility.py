"""The Hub by another client and another server: huggingface_hub of the lower bound, and olah, a mirror that serves git folders.

Both come from PyPI, once, into `.older_generators/`, which git ignores; without PyPI the tests are skipped.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from hub_user import PRELUDE
from plan_cards import make_model
from test_hub import parquet

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("CARDAUDIT_OLDER_GENERATORS") or ROOT / ".older_generators")
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout=10", "--retries=1"]
OLAH = "olah==0.5.4"
ASKED = (
    *("renamed", "refusals", "rate_limit", "slow_and_broken", "twice", "traceback", "bare_ids_alone"),
    *("all_shards", "long_header", "last_ten"),
)
UP_WITHIN = 30  # seconds
GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]


def installed(requirement: str) -> Path:
    """The folder of a package from PyPI with all that it needs; skips the test where it cannot be had."""
    folder = KEPT / requirement.replace("==", "-")
    if not folder.is_dir():
        KEPT.mkdir(parents=True, exist_ok=True)
        made = folder.with_name(f"{folder.name}.{os.getpid()}")
        done = subprocess.run([*PIP, f"--target={made}", requirement], capture_output=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"{requirement} cannot be had from PyPI")
        made.rename(folder)
    return folder


def lower_bound() -> str:
    """ "0.34.0", the oldest huggingface_hub that pyproject.toml allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bound = next(each for each in project["dependencies"] if each.startswith("huggingface_hub"))
    found = re.fullmatch(r"huggingface_hub>=(\d+\.\d+)", bound)
    assert found, bound
    return f"{found[1]}.0"


def test_the_oldest_client_that_is_allowed() -> None:
    """The tests of the Hub whose answers hang on the client: its calls, its kinds of errors, its cache."""
    client = installed(f"huggingface_hub=={lower_bound()}")
    environment = {**os.environ, "CARDAUDIT_HUB_CLIENT": str(client)}
    tests = [str(ROOT / "tests" / name) for name in ("test_hub.py", "test_hub_evidence.py")]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests, "-k", " or ".join(ASKED)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@contextmanager
def mirror(root: Path, log: Path) -> Iterator[str]:
    """The endpoint of an olah that serves the git folders below `root`, and asks nobody else."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rules = "\n".join(f'[[accessibility.{what}]]\nrepo = "*"\nallow = true' for what in ("proxy", "cache"))
    settings = f'host = "127.0.0.1"\nport = {port}\nrepos-path = "{root.parent / "repos"}"\nmirrors-path = ["{root}"]'
    config = root.parent / "olah.toml"
    config.write_text(f"[basic]\n{settings}\n[accessibility]\noffline = true\n{rules}\n")
    command = [sys.executable, "-c", "from olah.server import cli; cli()", "-c", str(config), "--log-path", str(root.parent)]
    environment = {**os.environ, "PYTHONPATH": str(installed(OLAH))}
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        if not answers(endpoint, server):
            pytest.skip(f"{OLAH} does not start here: {log.read_text()[-300:]}")
        yield endpoint
    finally:
        server.terminate()
        server.wait()


def answers(endpoint: str, server: "subprocess.Popen[bytes]") -> bool:
    """Whether a server comes up in time."""
    end = time.monotonic() + UP_WITHIN
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(endpoint, timeout=1)
        except HTTPError:
            return True
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return True
    return False


def git(folder: Path, *command: str) -> str:
    return subprocess.run([*GIT, *command], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def committed(folder: Path) -> str:
    """The commit of a folder made a repository."""
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return git(folder, "rev-parse", "HEAD")


def converted(folder: Path) -> str:
    """A loading script with its conversion at refs/convert/parquet, whose commit it gives."""
    folder.mkdir(parents=True)
    (folder / "conll2003.py").write_text("raise SystemExit('a loading script was run')")
    committed(folder)
    git(folder, "checkout", "-q", "--orphan", "convert")
    git(folder, "rm", "-rqf", ".")
    for split, rows in (("train", 9), ("validation", 5)):
        parquet(folder / f"conll2003/{split}/0000.parquet", rows)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "convert")
    git(folder, "update-ref", "refs/convert/parquet", "HEAD")
    commit = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "-q", "main")
    return commit


def test_a_mirror_of_git_folders(tmp_path: Path) -> None:
    """What olah serves without an upstream: by id and by commit, with a bare id that it does not redirect, and not found."""
    installed(OLAH)
    model = make_model(tmp_path / "m/models/user/base")
    (model / "README.md").write_text("# base\n")
    commit, conversion = committed(model), converted(tmp_path / "m/datasets/eriktks/conll2003")
    with mirror(tmp_path / "m", tmp_path / "log.txt") as endpoint:

        def ask(question: str) -> Any:
            here = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
            code = PRELUDE.replace("{before}", "").replace("{question}", question)
            done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **here}, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        assert ask("fetch_card('user/base')") == {"text": "# base\n", "revision": commit, "name": "user/base"}
        assert ask(f"resolve_model('user/base', {commit!r})")["revision"] == commit
        plan = ask("make_plan(card(base='user/base', dataset='conll2003'))")
        sentence = "model no/body is not on the Hub, or is private: check the id, or log in with `hf auth login`"
        assert ask("fetch_card('no/body')") == [2, sentence]
    assert (plan["model"]["revision"], plan["dataset"]["revision"]) == (commit, conversion)
    assert (plan["dataset"]["id"], plan["dataset"]["config"]) == ("eriktks/conll2003", "conll2003")
    assert (plan["estimate"]["train_examples"], plan["estimate"]["eval_examples"]) == (9, 5)
