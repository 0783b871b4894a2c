"""The pages of cards on all cores: each process writes its share and tells of each page when it is on disk."""

import shlex
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from cardaudit.audit import lint_audit
from cardaudit.policy import Policy
from cardaudit.records import Audit
from cardaudit.zoo.linting import Form
from cardaudit.zoo.reading import Reading
from cardaudit.zoo.rows import kept

FEW = 64  # pages that are sooner written here than a process is started


class Due(NamedTuple):
    """A card whose page is not there or not as it would be now."""

    card_id: int
    name: str
    form: Form
    folder: Path
    key: str


def write_all(due: Sequence[Due], store: Path, policy: Policy, jobs: int) -> Iterator[Due]:
    """Writes these pages with so many processes; gives each once it is whole. What one that dies leaves is written here."""
    left = {each.card_id: each for each in due}
    if jobs > 1 and len(due) > FEW:
        for each in _apart([due[start::jobs] for start in range(jobs)], store, policy):
            del left[each.card_id]
            yield each
    with Reading(store) as reading:
        for each in left.values():
            _write(each, reading, policy)
            yield each


def stored_audit(due: Due, reading: Reading) -> Audit:
    """The audit of a card as the store has it: linted only, without reading the rules again."""
    again = f"cardaudit reproduce {shlex.quote(due.name)}"
    return lint_audit(reading.card(due.card_id), reading.missing(due.card_id), again, reading.checkup(due.card_id))


def _write(due: Due, reading: Reading, policy: Policy) -> None:
    from cardaudit.report import save_audit

    save_audit(kept(reading.card(due.card_id), due.folder, policy) or stored_audit(due, reading), due.folder)


def _apart(shares: Sequence[Sequence[Due]], store: Path, policy: Policy) -> Iterator[Due]:
    """What the processes tell, as it comes; the first error of one ends all."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["cardaudit.report", "cardaudit.zoo.page_writers"])
    pipes = [context.Pipe(duplex=False) for _ in shares]
    processes = [
        context.Process(target=_serve, args=(theirs, share, store, policy), daemon=True)
        for (_, theirs), share in zip(pipes, shares, strict=True)
    ]
    try:
        for process, (_, theirs) in zip(processes, pipes, strict=True):
            process.start()
            theirs.close()
        telling: list[Connection] = [ours for ours, _ in pipes]
        while telling:
            for ready in wait(telling):
                assert isinstance(ready, Connection)
                try:
                    told: Due | Exception = ready.recv()
                except EOFError:
                    telling.remove(ready)
                    continue
                if isinstance(told, Exception):
                    raise told
                yield told
    finally:
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def _serve(told: Connection, share: Sequence[Due], store: Path, policy: Policy) -> None:
    """A process's life: its share of the pages, or until the other end is gone. Ctrl-C is for the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError), Reading(store) as reading:
        for due in share:
            try:
                _write(due, reading, policy)
            except Exception as error:
                told.send(error)
                return
            told.send(due)
