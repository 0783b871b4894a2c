"""When the card's run evaluated and logged, read off its table."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from math import gcd
from typing import Literal, NamedTuple

from cardaudit.plan.ledger import Ledger
from cardaudit.plan.steps import printed_steps_per_epoch
from cardaudit.records import Card, Schedule

DEFAULT_LOGGING_STEPS = 500
USUAL_LOGGING_STEPS = (100, 50, 10, 200, 250, 25, 20, 5, 1, 1000)
TABLE = "read off the table"
WIDEST = 10_000  # intervals worth trying


class _Row(NamedTuple):
    epoch: Decimal | None
    step: int
    training_loss: str | None
    logged: bool | None  # None where the table has no such cell


def plan_schedule(ledger: Ledger) -> Schedule:
    """The evaluation and logging schedule: given, else read off the table, else once an epoch."""
    rows = _rows(ledger.card)
    strategy = _strategy(ledger, rows)
    eval_steps = _eval_steps(ledger, rows) if strategy == "steps" else None
    return Schedule(strategy, eval_steps, _logging_steps(ledger, rows, eval_steps))


def _rows(card: Card) -> tuple[_Row, ...]:
    found = []
    for row in card.epochs:
        if row.step is None or row.step.value is None or row.step.value < 1:
            continue
        loss = row.training_loss
        found.append(
            _Row(
                epoch=row.epoch.value if row.epoch else None,
                step=int(row.step.value),
                training_loss=loss.text if loss else None,
                logged=None if loss is None else "no log" not in loss.text.lower(),
            )
        )
    return tuple(sorted(found, key=lambda row: row.step))


def _strategy(ledger: Ledger, rows: Sequence[_Row]) -> Literal["epoch", "steps"]:
    given: Literal["epoch", "steps"] | None = ledger.given("eval_strategy")
    if given is not None:
        return given
    if ledger.given("eval_steps") is not None:
        return ledger.found("eval_strategy", "steps", "follows from eval_steps")
    if not rows:
        return ledger.assume("eval_strategy", "epoch", "the card has no table with steps", "steps")
    return ledger.found("eval_strategy", "epoch" if _by_epoch(rows) else "steps", TABLE)


def _by_epoch(rows: Sequence[_Row]) -> bool:
    """Whether the rows end epochs, the last of which num_epochs may cut (1.0, 2.0, 2.75)."""
    epochs = [row.epoch for row in rows if row.epoch is not None]
    if _end_epochs(epochs):
        return True
    if len(epochs) < 2 or rows[-1].step - rows[-2].step >= rows[0].step or not 0 < epochs[-1] - epochs[-2] < 1:
        return False
    *whole, last = epochs
    return _end_epochs(whole) or (len(whole) == 1 and Decimal("0.5") < whole[0] < Decimal("1.05") and last > 1)


def _end_epochs(epochs: Sequence[Decimal]) -> bool:
    """Whether all are whole, or one apart (accumulation leaves 0.99, 1.99, ... or 0.57, 1.57, ...)."""
    if not epochs:
        return False
    if all(epoch == epoch.to_integral_value() for epoch in epochs):
        return True
    spaced = all(abs(b - a - 1) <= Decimal("0.05") for a, b in pairwise(epochs))
    return len(epochs) > 1 and spaced and epochs[0] <= Decimal("1.05")


def _eval_steps(ledger: Ledger, rows: Sequence[_Row]) -> int | None:
    given: int | None = ledger.given("eval_steps")
    if given is not None:
        return given
    if not rows:
        ledger.lack("eval_steps", "evaluation goes by steps, and the card has no table that says how many", "--set eval_steps=N")
        return None
    steps = [row.step for row in rows]
    divisor = gcd(*steps)
    if steps == list(range(divisor, steps[-1] + 1, divisor)):
        return ledger.found("eval_steps", divisor, TABLE)
    left_out = "rows are left out of the table" if ledger.card.elided else "the steps of the table are not evenly spaced"
    return ledger.assume("eval_steps", divisor, f"{left_out}; this is the largest distance that meets all of its steps")


def _logging_steps(ledger: Ledger, rows: Sequence[_Row], eval_steps: int | None) -> int:
    given: int | None = ledger.given("logging_steps")
    if given is not None:
        return given
    epoch = printed_steps_per_epoch(ledger.card)
    natural = [n for n in (eval_steps, epoch.low if epoch and epoch.low == epoch.high else None) if n]
    candidates = list(dict.fromkeys([DEFAULT_LOGGING_STEPS, *natural, *USUAL_LOGGING_STEPS]))
    fitting = [n for n in candidates if _fits(n, rows, _follows)] or [n for n in candidates if _fits(n, rows, _allows)]
    if not any(row.logged is not None for row in rows):
        reason = "the Trainer's default; the card has no training loss by step"
        return ledger.assume("logging_steps", DEFAULT_LOGGING_STEPS, reason, *natural)
    if not fitting:
        return _unusual_logging_steps(ledger, rows, natural)
    value, *others = fitting
    if value == DEFAULT_LOGGING_STEPS:
        return ledger.assume("logging_steps", value, "the Trainer's default, which the Training Loss column allows", *others[:4])
    first = next((row.step for row in rows if row.logged), None)
    bound = f"the first logged row is at step {first:,}" if first else "the rows that print No log bound it"
    return ledger.assume(
        "logging_steps", value, f"the Trainer's default of {DEFAULT_LOGGING_STEPS} does not fit: {bound}", *others[:4]
    )


def _unusual_logging_steps(ledger: Ledger, rows: Sequence[_Row], natural: Sequence[int]) -> int:
    """The largest interval between the last row that prints No log and the first that does not, with which the others agree."""
    first = next((row.step for row in rows if row.logged), 0)
    last = max((row.step for row in rows if row.logged is False), default=0)
    value = next((n for n in range(first, max(last, first - WIDEST), -1) if _fits(n, rows, _allows)), None)
    if value is None:
        reason = "the Trainer's default, although no interval meets every row's Training Loss"
        return ledger.assume("logging_steps", DEFAULT_LOGGING_STEPS, reason, *natural)
    reason = f"the largest that the Training Loss column allows, whose first number is at step {first:,}"
    return ledger.assume("logging_steps", value, reason)


def _fits(logging_steps: int, rows: Sequence[_Row], pair: Callable[[int, _Row, _Row], bool]) -> bool:
    """Whether logs every so many steps give this column: No log before the first, and between two rows what `pair` asks."""
    told = [row for row in rows if row.logged is not None]
    if any(row.logged != (row.step >= logging_steps) for row in told):
        return False
    logged = [row for row in told if row.logged]
    return all(pair(logging_steps, a, b) for a, b in pairwise(logged))


def _follows(logging_steps: int, a: _Row, b: _Row) -> bool:
    """A new value exactly after a new log."""
    return (a.training_loss != b.training_loss) == (a.step // logging_steps != b.step // logging_steps)


def _allows(logging_steps: int, a: _Row, b: _Row) -> bool:
    """A new value only after a new log; a mean that stayed the same is possible."""
    return a.training_loss == b.training_loss or a.step // logging_steps != b.step // logging_steps
