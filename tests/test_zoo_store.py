"""A zoo's store: an unchanged card costs a look-up, a new rule reruns alone, and nothing that ends a run loses what was done."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from command import CARDS, cardaudit, hear_ctrl_c, surroundings
from zoo_samples import TEXTS, contents, write_snapshot

from cardaudit.errors import CardauditError
from cardaudit.policy import Policy
from cardaudit.records import Card
from cardaudit.zoo.lint_stage import Progress, lint_stage
from cardaudit.zoo.linting import Linted, Task
from cardaudit.zoo.reading import Reading
from cardaudit.zoo.schema import read_database
from cardaudit.zoo.sources import read_source
from cardaudit.zoo.store import Store
from cardaudit.zoo.versions import RuleSet, outdated, rule_set
from cardaudit.zoo.workers import Work, work

KILLS = 5
CARDS_TO_KILL = 300


class Watched:
    """One process that does the work, and remembers what it was given."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def __call__(self, tasks: Work) -> Generator[list[Linted], None, None]:
        def seen() -> Iterator[Task | None]:
            for task in tasks:
                if task is not None:
                    self.tasks.append(task)
                yield task

        return work(seen(), 1)


def session(folder: Path, source: Path | str, policy: Policy | None = None, watched: Watched | None = None) -> Progress:
    store = Store(folder, str(source))
    try:
        progress = lint_stage(store, read_source(str(source)), policy or Policy(), watched or Watched())
        store.end("finished")
        return progress
    finally:
        store.close()


def counts(progress: Progress) -> tuple[int, int, int]:
    return progress.cards, progress.linted, progress.unchanged


# What is looked at again


def test_only_what_changed_is_checked_again(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 40)
    assert counts(session(tmp_path / "zoo", source)) == (40, 40, 0)
    first = contents(tmp_path / "zoo")
    assert counts(session(tmp_path / "zoo", source)) == (40, 0, 40)
    assert contents(tmp_path / "zoo") == first
    lines = source.read_text().splitlines()
    edited = json.loads(lines[3])
    edited["card"] += "A new sentence.\n"
    source.write_text("\n".join([*lines[:3], json.dumps(edited), *lines[5:]]))
    watched = Watched()
    assert counts(session(tmp_path / "zoo", source, watched=watched)) == (39, 1, 38)
    assert [task.name for task in watched.tasks] == [edited["modelId"]]
    session(tmp_path / "fresh", source)
    assert contents(tmp_path / "zoo") == contents(tmp_path / "fresh")


def test_what_the_hub_says_of_a_model_is_renewed_without_a_check(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 3, downloads=5, likes=1, last_modified="2023-01-02")
    session(tmp_path / "zoo", source)
    write_snapshot(source, 3, downloads=7, likes=1, last_modified="2024-01-02")
    assert counts(session(tmp_path / "zoo", source)) == (3, 0, 3)
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert {(row.downloads, row.year) for row in reading.rows()} == {(7, 2024)}


@pytest.mark.parametrize("rule", ["zero-f1", "unnamed-dataset", "nan-metric", "unused-suppression"])
def test_a_changed_rule_reruns_with_those_that_depend_on_it_alone(tmp_path: Path, rule: str) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 14)
    session(tmp_path / "zoo", source)
    fresh = contents(tmp_path / "zoo")
    with sqlite3.connect(tmp_path / "zoo" / "zoo.sqlite") as db:  # as an older cardaudit, whose rule found something else
        db.execute("UPDATE rulesets SET digest = 'older', rules = json_set(rules, ?, 'older')", (f'$."{rule}"',))
        db.execute("UPDATE findings SET message = 'an older message' WHERE rule = ?", (rule,))
    watched = Watched()
    assert counts(session(tmp_path / "zoo", source, watched=watched)) == (14, 14, 0)
    old = RuleSet(rule_set().reader, {**rule_set().rules, rule: "older"})
    assert {task.again for task in watched.tasks} == {outdated(old, rule_set())}
    assert rule in watched.tasks[0].again
    assert len(watched.tasks[0].again) < 12
    assert contents(tmp_path / "zoo") == fresh


def test_a_rule_that_is_left_out_and_comes_back_is_as_it_was(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 14)
    session(tmp_path / "zoo", source)
    fresh = contents(tmp_path / "zoo")
    session(tmp_path / "zoo", source, Policy(ignore=("arithmetic", "zero-f1")))
    session(tmp_path / "other", source, Policy(ignore=("arithmetic", "zero-f1")))
    assert contents(tmp_path / "zoo") == contents(tmp_path / "other")
    assert contents(tmp_path / "zoo") != fresh
    session(tmp_path / "zoo", source)
    assert contents(tmp_path / "zoo") == fresh


def test_another_reader_reads_every_card_again(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", 5)
    session(tmp_path / "zoo", source)
    with sqlite3.connect(tmp_path / "zoo" / "zoo.sqlite") as db:
        db.execute("UPDATE rulesets SET digest = 'older', reader = 'older'")
        db.execute("UPDATE cards SET title = 'as the older reader had it'")
    watched = Watched()
    assert counts(session(tmp_path / "zoo", source, watched=watched)) == (5, 5, 0)
    assert {task.again for task in watched.tasks} == {()}
    session(tmp_path / "fresh", source)
    assert contents(tmp_path / "zoo") == contents(tmp_path / "fresh")


def test_equals_by_name_stay_apart_in_the_order_of_the_source(tmp_path: Path) -> None:
    source = tmp_path / "cards.jsonl"
    rows = [{"hub_id": "a/b", "card": TEXTS[0]}, {"hub_id": "a/b", "card": TEXTS[1]}, {"hub_id": "a/b", "card": TEXTS[0]}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    session(tmp_path / "zoo", source)
    assert counts(session(tmp_path / "zoo", source)) == (3, 0, 3)
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert sorted(row.name for row in reading.rows()) == ["a/b", "a/b (2)", "a/b (3)"]


def test_a_card_that_could_not_be_read_is_tried_again(tmp_path: Path) -> None:
    source = tmp_path / "cards.jsonl"
    source.write_text(json.dumps({"hub_id": "a/b", "card": ""}) + "\n" + json.dumps({"hub_id": "c/d", "card": TEXTS[0]}) + "\n")
    assert session(tmp_path / "zoo", source).unreadable == 1
    assert counts(session(tmp_path / "zoo", source)) == (2, 1, 1)
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert {row.name: row.error for row in reading.rows()} == {"a/b": "the card is empty", "c/d": ""}


# What the store says is what the linter says


def test_a_stored_checkup_is_the_linter_s(tmp_path: Path) -> None:
    from dataclasses import replace

    from cardaudit.lint import check_card

    session(tmp_path / "zoo", CARDS)
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        for (card_id,) in reading.connection.execute("SELECT id FROM current").fetchall():
            card = reading.card(card_id)
            told, kept = check_card(card), reading.checkup(card_id)
            assert kept.findings == tuple(replace(finding, fix=None) for finding in told.findings)
            assert set(kept.clear) == set(told.clear)
            assert set(kept.unchecked) == set(told.unchecked)
            assert card.source.sha256 == _sha256(reading, card_id)


def test_counts_over_a_zoo_are_those_of_its_checkups(tmp_path: Path) -> None:
    from cardaudit.lint import check_card
    from cardaudit.targets import read_target
    from cardaudit.zoo import zoo_of

    session(tmp_path / "zoo", CARDS)
    checkups = [check_card(card) for card in read_target(str(CARDS)) if isinstance(card, Card)]
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert set(reading.rule_counts()) == set(zoo_of("", (), checkups).rules)
        severities = Counter(finding.severity for checkup in checkups for finding in checkup.findings)
        assert reading.severities() == {severity: severities[severity] for severity in ("error", "warning", "info")}
        assert [row.numbers_read for row in reading.rows()].count(0) == 0


def _sha256(reading: Reading, card_id: int) -> str:
    return str(reading.connection.execute("SELECT sha256 FROM cards WHERE id = ?", (card_id,)).fetchone()[0])


# Killed, interrupted, in company


def started(folder: Path, source: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cardaudit", "zoo", str(source), "-o", str(folder), "--no-pages", "-q", *options]
    return subprocess.Popen(
        command,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )


def cards_in(folder: Path) -> int:
    try:
        db = read_database(folder / "zoo.sqlite")
    except CardauditError:
        return 0
    try:
        return int(db.execute("SELECT count(*) FROM cards").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        db.close()


def wait_for(cards: int, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Until the store holds so many cards, or the process is over."""
    while process.poll() is None and cards_in(folder) < cards:
        time.sleep(0.005)


def process_stats() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield path.read_text()


def all_gone(leader: int) -> bool:
    """Whether every process of a session ends, within 20 seconds."""
    for _ in range(400):
        stats = list(process_stats())
        if not any(int(stat.rpartition(")")[2].split()[3]) == leader for stat in stats):
            return True
        time.sleep(0.05)
    return False


def test_killed_at_any_point_nothing_is_lost_and_the_end_is_the_same(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", CARDS_TO_KILL)
    session(tmp_path / "undisturbed", source)
    chance, before = random.Random(5), 0
    for at in sorted(chance.sample(range(10, CARDS_TO_KILL - 40), KILLS)):
        process = started(tmp_path / "zoo", source, "--jobs", "2")
        wait_for(at, tmp_path / "zoo", process)
        time.sleep(chance.random() / 50)
        process.kill()
        process.communicate()
        assert cards_in(tmp_path / "zoo") >= max(before, at)
        assert all_gone(process.pid)
        before = cards_in(tmp_path / "zoo")
    last = session(tmp_path / "zoo", source)
    assert last.unchanged == before
    assert contents(tmp_path / "zoo") == contents(tmp_path / "undisturbed")


def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(tmp_path: Path) -> None:
    source = write_snapshot(tmp_path / "cards.jsonl", CARDS_TO_KILL)
    process = started(tmp_path / "zoo", source, "--jobs", "2")
    wait_for(20, tmp_path / "zoo", process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert told.decode().lstrip() == "cardaudit: interrupted; what was done is saved, and the same command goes on from there\n"
    done = cards_in(tmp_path / "zoo")
    assert 20 <= done < CARDS_TO_KILL
    assert session(tmp_path / "zoo", source).unchanged == done
    with Reading(tmp_path / "zoo" / "zoo.sqlite") as reading:
        assert [each.outcome for each in reading.sessions()] == ["interrupted", "finished"]


def test_two_do_not_write_one_zoo_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "zoo")
    done = cardaudit("zoo", CARDS, "-o", tmp_path / "zoo")
    store.close()
    assert done.returncode == 2
    assert done.stderr == (
        f"cardaudit: another cardaudit zoo is writing {tmp_path / 'zoo'}: wait for it, or give another folder with -o\n"
    )
