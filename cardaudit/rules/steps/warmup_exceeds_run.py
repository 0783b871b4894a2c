"""The warm-up is as long as the run, so that the learning rate never reaches its stated value.

## What it does
Compares lr_scheduler_warmup_steps, or lr_scheduler_warmup_ratio, with the updates of the run.

## Condition
Warm-up steps at or above the run's updates, or a ratio at or above 1. The run's updates are training_steps, else num_epochs
times the most updates an epoch that the table allows (step law, see impossible-steps), and never fewer than the last printed
step. The schedule multiplies the learning rate by step / warm-up steps until then (transformers/optimization.py,
`_get_linear_schedule_with_warmup_lr_lambda`), so the highest rate used is learning_rate * updates / warm-up steps.

## When it stays silent
Runs whose length the card does not give; schedules that take no warm-up ("constant", "reduce_lr_on_plateau"), which ignore the
line; warm-up steps between 0 and 1, which transformers 5 prints for a ratio.

## Usual causes
A warm-up copied from a longer run; fewer data or a larger batch than planned.

## Example
lr_scheduler_warmup_steps 500 in a run of 234 updates.
"""

from collections.abc import Iterator

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import counted, integer, is_number
from cardaudit.rules._steps import planned_updates, solve

WITHOUT_WARMUP = ("constant", "reduce_lr_on_plateau")


@rule(kind="suspicious", severity="warning", confidence="proven", needs=("hyperparameters",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    parameters = card.hyperparameters
    scheduler, ratio = parameters.lr_scheduler_type, parameters.lr_scheduler_warmup_ratio
    if scheduler and scheduler.text.strip().lower() in WITHOUT_WARMUP:
        raise NotCheckable(f"the schedule {scheduler.text} takes no warm-up")
    if ratio is not None and ratio.value is not None and is_number(ratio) and ratio.value >= 1:
        yield Hit(f"lr_scheduler_warmup_ratio {ratio.text} leaves no update after the warm-up", (ratio.span,), {})
        return
    warmup = parameters.lr_scheduler_warmup_steps
    steps = integer(warmup)
    if warmup is None or steps is None:
        raise NotCheckable("no warm-up steps are stated")
    updates = _updates(card)
    if steps >= updates:
        rate = _highest_rate(parameters.learning_rate, updates, steps)
        most = "" if parameters.training_steps else "at most "
        message = f"lr_scheduler_warmup_steps {warmup.text} in a run of {most}{counted(updates, 'update')}{rate}"
        yield Hit(message, (warmup.span,), {"warmup_steps": steps, "updates": updates})


def _updates(card: Card) -> int:
    """The most updates that the run can have had."""
    stated = integer(card.hyperparameters.training_steps)
    last = max((integer(row.step) or 0 for row in card.epochs), default=0)
    if stated:
        return max(stated, last)
    length = solve(card)
    planned = planned_updates(card, length) if length else 0
    if not planned:
        raise NotCheckable("the card does not give the length of the run")
    return max(planned, last)


def _highest_rate(rate: Printed | None, updates: int, steps: int) -> str:
    if rate is None or rate.value is None or updates == steps:
        return ""
    return f": the learning rate reached {float(rate.value) * updates / steps:.3g} of {rate.text}"
