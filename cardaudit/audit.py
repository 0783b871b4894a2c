"""One card, from its text to an Audit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from cardaudit import __version__
from cardaudit.compare import compare, next_seeds
from cardaudit.policy import Policy
from cardaudit.records import Audit, Card, Checkup, Evidence, Missing, Plan, Run
from cardaudit.runs import read_runs
from cardaudit.spread import train_spread

Event = dict[str, Any]


def lint_audit(
    card: Card, missing: Sequence[Missing] = (), command: str = "", checkup: Checkup | None = None, policy: Policy | None = None
) -> Audit:
    """The audit of a card that was read and checked, and not retrained; `missing` says what a run would have needed.

    `checkup` is taken as it is where the card was checked before.
    """
    return _audit(card, None, tuple(missing), (), command, checkup=checkup or (policy or Policy()).check(card))


def reproduction(
    card: Card,
    plan: Plan,
    runs: Sequence[Run],
    replay: bool,
    command: str = "",
    policy: Policy | None = None,
    evidence: Evidence | None = None,
) -> Audit:
    """The audit of a card and the runs that were made for it so far; `evidence` of its repository where that was looked at."""
    checkup = (policy or Policy()).check(card, runs, evidence)
    return _audit(card, plan, (), tuple(runs), command, checkup, replay)


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a reproduction goes.

    `replay`: the card's own seed is run once, first. `least`: so many other seeds are run even where the claim is decided without
    them. `checkpoints`: an interrupted seed goes on where it stopped. `loop`: which loop trains, see start_engine. `devices`: an
    engine for each, see train_spread. `until`: nothing trains after this time, by time.monotonic(); None without end.
    """

    replay: bool = True
    least: int = 0
    checkpoints: bool = True
    loop: str = "auto"
    devices: tuple[str, ...] = ("",)
    until: float | None = None

    @property
    def seconds(self) -> float | None:
        """What is left of the time, not under 0; None without end."""
        return None if self.until is None else max(self.until - monotonic(), 0.0)


def train(card: Card, plan: Plan, folder: Path, on_event: Callable[[Event], None], effort: Effort) -> None:
    """Runs seeds of a plan, look by look, until the claim is decided, the plan's seeds are used up, or the time is over.

    A seed that the time did not suffice for is a run that was "stopped", and goes on another time. Runs that lie in `folder`
    already count and are not made again. Raises EngineFailed where the engine stops without finishing a seed; what it had
    finished stays.
    """
    seeds = due(card, plan, folder, effort)
    while seeds and effort.seconds != 0.0:
        for event in train_spread(plan, folder, seeds, effort.devices, effort.checkpoints, effort.loop, effort.seconds):
            on_event(event)
        before, seeds = seeds, due(card, plan, folder, effort)
        if set(seeds) & set(before):
            return


def due(card: Card, plan: Plan, folder: Path, effort: Effort) -> tuple[int, ...]:
    """The seeds up to the next look, with those that are run in any case."""
    runs = read_runs(folder, plan)
    done = {run.seed for run in runs if run.outcome != "stopped"}
    wanted = (*next_seeds(card, plan, runs, effort.replay), *plan.seeds[: effort.least])
    return tuple(seed for seed in dict.fromkeys(wanted) if seed not in done)


def _audit(
    card: Card,
    plan: Plan | None,
    missing: tuple[Missing, ...],
    runs: tuple[Run, ...],
    command: str,
    checkup: Checkup,
    replay: bool = True,
) -> Audit:
    return Audit(
        name=audit_name(card.source.name),
        card=card,
        checkup=checkup,
        plan=plan,
        missing=missing,
        runs=runs,
        verdicts=compare(card, plan, runs, replay) if plan is not None else (),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        command=command,
    )


def audit_name(source: str) -> str:
    """A name for a card's audit that is safe as a folder: its file's stem, its folder's name, or its Hub id."""
    path = Path(source)
    if source == "-":
        return "stdin"
    if path.stem.lower() in ("card", "readme") and path.parent.name:
        source = path.parent.name
    elif path.suffix:
        source = path.stem
    return "".join(_safe(source)).strip(".") or "card"


def _safe(source: str) -> Iterator[str]:
    for character in source:
        yield character if character.isalnum() or character in "-_." else "_"
