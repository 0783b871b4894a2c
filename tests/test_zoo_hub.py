"""A zoo out of the Hub, by its real client against a Hub on loopback: who is listed, what is asked again, and how fast."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command import surroundings
from hub_user import Hub, user
from zoo_samples import TEXTS

from cardaudit.hub.listing import Pace
from cardaudit.zoo.reading import Reading


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with user(tmp_path) as someone:
        for number, name in enumerate(("some--ner", "some--qa", "other--ner")):
            someone.put(f"models/{name}/main/README.md", TEXTS[number])
        someone.rules(downloads={"some/qa": 9, "some/ner": 5, "other/ner": 7})
        yield someone


def zoo(hub: Hub, source: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HUGGING"))}
    return subprocess.run(
        [sys.executable, "-m", "cardaudit", "zoo", source, "-o", str(folder), "--no-pages", "--fail-on", "never", *options],
        env={**inherited, **surroundings(), "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(hub.home)},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(folder: Path) -> list[tuple[str, int | None, int | None, str]]:
    with Reading(folder / "zoo.sqlite") as reading:
        return sorted((row.name, row.downloads, row.year, row.error) for row in reading.rows())


def test_an_author_s_models_are_fetched_once(hub: Hub, tmp_path: Path) -> None:
    done = zoo(hub, "author:some", tmp_path / "zoo")
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "zoo") == [("some/ner", 5, 2024, ""), ("some/qa", 9, 2024, "")]
    assert hub.asked("README.md") == 2
    assert zoo(hub, "author:some", tmp_path / "zoo").returncode == 0
    assert hub.asked("README.md") == 2
    hub.put("models/some--qa/main/README.md", TEXTS[3])
    assert zoo(hub, "author:some", tmp_path / "zoo").returncode == 0
    assert hub.asked("README.md") == 3


def test_a_search_finds_models(hub: Hub, tmp_path: Path) -> None:
    assert zoo(hub, "search:ner", tmp_path / "zoo").returncode == 0
    assert [row[:2] for row in rows(tmp_path / "zoo")] == [("other/ner", 7), ("some/ner", 5)]
    nobody = zoo(hub, "author:nobody", tmp_path / "other")
    assert (nobody.returncode, nobody.stderr) == (
        2,
        "cardaudit: the Hub lists no model for author:nobody: check the spelling\n",
    )


def test_a_list_of_ids_goes_on_past_one_that_is_not_there(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("some/qa\nsome/gone\nother/ner\n")
    done = zoo(hub, str(tmp_path / "ids.txt"), tmp_path / "zoo")
    assert done.returncode == 2
    found = rows(tmp_path / "zoo")
    assert [row[0] for row in found] == ["other/ner", "some/gone", "some/qa"]
    assert [bool(row[3]) for row in found] == [False, True, False]
    assert "some/gone" in found[1][3]


def test_the_hub_is_not_asked_where_it_is_switched_off(hub: Hub, tmp_path: Path) -> None:
    done = zoo(hub, "author:some", tmp_path / "zoo", "--offline")
    assert "asks the Hub, which is switched off" in done.stderr
    assert hub.asked("/") == 0


def test_a_pause_that_the_hub_asks_for_is_kept_by_all_and_told_once() -> None:
    told: list[float] = []
    pace, began = Pace(100, told.append), time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(pace.rest, 0.3) for _ in range(4)]:
            each.result()
        threads.submit(pace.rest, 0.3)
        time.sleep(0.05)
        pace.wait()
        assert time.monotonic() - began >= 0.6
    assert told == [0.3, 0.3]


def test_the_pace_keeps_to_a_limit_and_tells_of_waits() -> None:
    told: list[float] = []
    pace, began = Pace(5, told.append, window=0.4), time.monotonic()
    for _ in range(12):
        pace.wait()
    assert 0.8 <= time.monotonic() - began < 2.0
    assert len(told) >= 2  # more where the first five were some way apart
    assert all(0 < seconds <= 0.4 for seconds in told)
