"""Workers: the same results as one process, no card lost when one dies, and only the card that kills is given up."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from zoo_samples import TEXTS

from cardaudit.zoo.linting import MOST_TOLD, Linted, Task, lint
from cardaudit.zoo.workers import work


class Deadly(str):
    """A form of card whose reading ends the process, as a fault in a library would."""

    def __eq__(self, other: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    __hash__ = str.__hash__


class Endless(str):
    """A form of card whose reading never ends."""

    def __eq__(self, other: object) -> bool:
        time.sleep(600)
        return False

    __hash__ = str.__hash__


class Once(str):
    """A form of card whose reading ends the process the first time: the file that it names tells of it."""

    def __eq__(self, other: object) -> bool:
        path = Path(str.__str__(self))
        if path.exists():
            return str.__eq__("row", other)
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    __hash__ = str.__hash__


def tasks(count: int, forms: dict[int, str] | None = None) -> Iterator[Task]:
    for number in range(count):
        text = f"{TEXTS[number % len(TEXTS)]}\n\nCopy {number}.\n"
        yield Task(number, f"user/model-{number}", (forms or {}).get(number, "row"), text.encode())  # type: ignore[arg-type]


def results(rounds: Iterator[list[Linted]]) -> dict[int, Linted]:
    found: dict[int, Linted] = {}
    for linted in (each for some in rounds for each in some):
        assert linted.ticket not in found
        found[linted.ticket] = linted
    return found


def plain(linted: Linted) -> tuple[object, ...]:
    """Without the texts of the checks, which are told once only."""
    return (linted.error, linted.header, linted.findings, linted.numbers, linted.text, linted.checks and linted.checks.digest)


def test_processes_give_what_one_gives() -> None:
    alone, together = results(work(tasks(60), 1)), results(work(tasks(60), 2, few=0))
    assert {ticket: plain(each) for ticket, each in together.items()} == {ticket: plain(each) for ticket, each in alone.items()}
    told = {each.checks for each in together.values() if each.checks and each.checks.clear}
    assert {each.checks.digest for each in together.values() if each.checks} == {each.digest for each in told}


def test_a_card_that_kills_its_process_is_given_up_alone_and_the_reason_told() -> None:
    found = results(work(tasks(60, {0: Deadly("row"), 17: Deadly("row"), 59: Deadly("row")}), 2, few=0))
    assert sorted(found) == list(range(60))
    told = {ticket: each.error for ticket, each in found.items() if each.error}
    assert told == dict.fromkeys((0, 17, 59), "the process that read it ended while it was read, 2 times (signal 9)")


def test_a_card_whose_process_died_by_chance_is_read_after_all(tmp_path: Path) -> None:
    found = results(work(tasks(30, {5: Once(tmp_path / "died")}), 2, few=0))
    assert sorted(found) == list(range(30))
    assert not any(each.error for each in found.values())


def test_a_card_that_takes_for_ever_is_given_up() -> None:
    found = results(work(tasks(20, {3: Endless("row")}), 2, few=0, patience=1.0))
    assert sorted(found) == list(range(20))
    told = {ticket: each.error for ticket, each in found.items() if each.error}
    assert told == {3: "the process that read it took longer than 1 seconds and was ended, 2 times (signal 9)"}


def test_tasks_are_taken_no_faster_than_they_are_done() -> None:
    taken = []

    def watched() -> Iterator[Task]:
        for task in tasks(400):
            taken.append(task.ticket)
            yield task

    rounds, done = work(watched(), 2, few=0), 0
    for some in rounds:
        done += len(some)
        assert len(taken) - done <= 2 * 16
    assert done == 400


def test_a_process_keeps_a_limited_number_of_checks_in_mind_and_then_tells_them_again() -> None:
    told: set[str] = set()
    first, second = (lint(Task(number, "u/m", "row", TEXTS[0].encode()), told).checks for number in range(2))
    assert first
    assert first.clear
    assert first.unchecked
    assert second == first._replace(clear="", unchecked="")
    told.update(f"another {number}" for number in range(MOST_TOLD - len(told)))
    told.remove(first.digest)
    told.add("one more")
    assert lint(Task(2, "u/m", "row", TEXTS[0].encode()), told).checks == first
    assert told == {first.digest}
