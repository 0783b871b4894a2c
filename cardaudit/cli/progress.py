"""How a reproduction shows itself while it runs: bars on a terminal, one line an evaluation in a pipe. All on standard error."""

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cardaudit.escaping import one_line
from cardaudit.output.columns import fold, terminal_columns

if TYPE_CHECKING:
    from cardaudit.records import Card, Plan, Printed

HEARTBEAT_SECONDS = 30


def watch(card: "Card", plan: "Plan", quiet: bool) -> "Lines":
    """The display that fits: none where quiet, bars where standard error is a terminal, else lines."""
    if quiet:
        return Quiet(card, plan)
    return Bars(card, plan) if sys.stderr.isatty() else Lines(card, plan)


def watch_events(card: "Card", quiet: bool) -> "Lines":
    """The display of a scoring, whose steps are not known."""
    return Quiet(card, None) if quiet else Scoring(card, None)


class Lines:
    """One line for each thing that happened, and a heartbeat, so that a log shows life."""

    def __init__(self, card: "Card", plan: "Plan | None") -> None:
        self.rows = {row.step.value: row for row in card.epochs if row.step is not None}
        self.total = int(plan.estimate.get("steps") or 0) if plan else 0
        self.spoken = time.monotonic()

    def __call__(self, event: Mapping[str, Any]) -> None:
        show = getattr(self, f"on_{event.get('event')}", None)
        if show is not None:
            show(event)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def say(self, line: str) -> None:
        self.spoken = time.monotonic()
        click.echo(fold(one_line(line), terminal_columns(sys.stderr), "  "), err=True)

    def on_seed(self, event: Mapping[str, Any]) -> None:
        self.total = int(event.get("steps") or self.total)
        resumed = f", continued from step {event['resumed_at']}" if event.get("resumed_at") else ""
        self.say(f"seed {event.get('seed')}: {self.total or '?'} steps{resumed}")

    def on_progress(self, event: Mapping[str, Any]) -> None:
        if time.monotonic() - self.spoken > HEARTBEAT_SECONDS:
            self.say(f"seed {event.get('seed')}: step {event.get('step')} of {event.get('steps', self.total)}")

    def on_evaluation(self, event: Mapping[str, Any]) -> None:
        row = event["row"]
        self.say(f"seed {event.get('seed')}: epoch {row['epoch']:g}, step {row['step']}  " + "  ".join(self.cells(row)))

    def on_finished(self, event: Mapping[str, Any]) -> None:
        ended = "finished in" if event.get("outcome", "finished") == "finished" else "ended after"
        self.say(f"seed {event.get('seed')}: {ended} {event.get('seconds', 0):.0f} s")

    def on_stopped(self, event: Mapping[str, Any]) -> None:
        self.say(f"seed {event.get('seed')}: stopped at step {event.get('step')}, its time being over")

    def on_warning(self, event: Mapping[str, Any]) -> None:
        self.say(f"{_seed(event)}{event.get('message')}")

    def on_failed(self, event: Mapping[str, Any]) -> None:
        self.say(f"{_seed(event)}{event.get('message')}")

    def cells(self, row: Mapping[str, Any]) -> list[str]:
        """Each measured number of a row beside the claimed one of the same step."""
        claimed = self.rows.get(row["step"])
        cells = []
        for name, value in (("loss", row["validation_loss"]), *row["metrics"].items()):
            printed = None if claimed is None else claimed.validation_loss if name == "loss" else claimed.metrics.get(name)
            cells.append(f"{name} {_shown(value)}{_beside(printed)}")
        return cells


class Scoring(Lines):
    """One line for each evaluation of weights that are not trained."""

    def on_environment(self, _event: Mapping[str, Any]) -> None:
        self.say("scoring the published weights")

    def on_seed(self, _event: Mapping[str, Any]) -> None:
        pass

    def on_finished(self, _event: Mapping[str, Any]) -> None:
        pass

    def on_evaluation(self, event: Mapping[str, Any]) -> None:
        self.say("scored: " + "  ".join(self.cells(event["row"])))


class Quiet(Lines):
    """Says nothing but what went wrong."""

    def say(self, line: str) -> None:
        pass

    def on_failed(self, event: Mapping[str, Any]) -> None:
        click.echo(fold(one_line(f"{_seed(event)}{event.get('message')}"), terminal_columns(sys.stderr), "  "), err=True)


class Bars(Lines):
    """One bar for each seed in hand, with the rows measured so far above them."""

    def __enter__(self) -> "Bars":
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("seed {task.fields[seed]}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("steps"),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self.progress.start()
        self.tasks: dict[int | None, Any] = {None: self.progress.add_task("", total=self.total or None, seed="")}
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def say(self, line: str) -> None:
        self.progress.console.print(one_line(line), markup=False, highlight=False)

    def on_seed(self, event: Mapping[str, Any]) -> None:
        self.total = int(event.get("steps") or self.total)
        seed, begun = event.get("seed"), int(event.get("resumed_at") or 0)
        self._remove(None)
        self._remove(seed)
        self.tasks[seed] = self.progress.add_task("", total=self.total or None, completed=begun, seed=seed)

    def on_progress(self, event: Mapping[str, Any]) -> None:
        if (task := self.tasks.get(event.get("seed"))) is not None:
            self.progress.update(task, completed=event.get("step", 0), total=event.get("steps") or self.total or None)

    def on_finished(self, event: Mapping[str, Any]) -> None:
        super().on_finished(event)
        self._remove(event.get("seed"))

    def on_stopped(self, event: Mapping[str, Any]) -> None:
        super().on_stopped(event)
        self._remove(event.get("seed"))

    def _remove(self, seed: int | None) -> None:
        if (task := self.tasks.pop(seed, None)) is not None:
            self.progress.remove_task(task)


def _seed(event: Mapping[str, Any]) -> str:
    return f"seed {event['seed']}: " if event.get("seed") is not None else ""


def _shown(value: Any) -> str:
    """A measured number with four decimals; one that is none is told as text, "nan" or "inf" (codec.pack)."""
    return "nan" if value is None else value if isinstance(value, str) else f"{value:.4f}"


def _beside(printed: "Printed | None") -> str:
    return f" ({printed.text} claimed)" if printed is not None else ""
