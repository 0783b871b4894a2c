"""Somebody who asks the Hub on loopback, each time from a new process and with a cache of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub_server import serve

ROOT = Path(__file__).resolve().parents[1]
IMPORTED = os.pathsep.join(filter(None, (os.environ.get("CARDAUDIT_HUB_CLIENT"), str(ROOT), str(ROOT / "tests"))))
NOWHERE = "http://127.0.0.1:9"
PRELUDE = """
import json
from cardaudit.codec import pack
from cardaudit.errors import CardauditError
from cardaudit.hub import *
from cardaudit.plan import PlanSettings, make_plan
from plan_cards import card
{before}
try:
    answer = {question}
    print(json.dumps(answer._asdict() if hasattr(answer, "_asdict") else pack(answer)))
except CardauditError as error:
    print(json.dumps([error.exit_code, str(error)]))
"""


class Hub:
    """A served folder, its endpoint, and the cache of whoever asks it."""

    def __init__(self, root: Path, endpoint: str, home: Path) -> None:
        self.root, self.endpoint, self.home = root, endpoint, home

    def put(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def rules(self, **rules: Any) -> None:
        self.put("hub.json", json.dumps(rules))

    def asked(self, words: str) -> int:
        """How many requests, "GET /path" each, hold these words."""
        log = self.root / "asked.log"
        return sum(words in line for line in log.read_text().splitlines()) if log.is_file() else 0

    def ask(self, question: str, endpoint: str | None = None, before: str = "", told: str = "", **environment: str) -> Any:
        """The answer to a question in Python, or [exit code, sentence], from a new process: the endpoint is read on import.

        `told` is all that may stand on standard error.
        """
        here = {"HF_ENDPOINT": endpoint or self.endpoint, "HF_HOME": str(self.home), "PYTHONPATH": IMPORTED}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
        code = PRELUDE.replace("{before}", before).replace("{question}", question)
        done = subprocess.run(
            [sys.executable, "-c", code], env={**inherited, **here, **environment}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == told, done.stderr
        return json.loads(done.stdout)


@contextmanager
def user(folder: Path) -> Iterator[Hub]:
    """A user of a Hub that serves `folder`/hub."""
    root = folder / "hub"
    root.mkdir()
    with serve(root) as endpoint:
        yield Hub(root, endpoint, folder / "home")
