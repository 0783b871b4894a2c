"""How precisely the Trainer prints (transformers/modelcard.py, `_maybe_round`, 4.6 to 5.23).

A float of at most four decimals is printed as it is, any other with four: so among four-digit neighbours a shorter print is
exact. A column that is short everywhere was rounded by its author, but 0.0 and 1.0 alone are no rounding. "Training Loss" was
rounded to four decimals before (to 4.57), so its 0.794 means 0.7940; the epoch to two (to 4.39).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from cardaudit.dialects.parts.numbers import HALF, ZERO, decimals, is_integer
from cardaudit.records import EpochRow, Printed

PRINTED_DECIMALS = 4
FOUR_DIGITS = Decimal("0.00005")
LOSSES = ("loss", "train_loss", "training_loss", "validation_loss")
TWO_DIGITS = Decimal("0.005")
ENDS = (Decimal(0), Decimal(1))
FIRST_UNROUNDED_EPOCH = (4, 40)


class Prints(NamedTuple):
    """The rows of a training table and the headline beside it."""

    rows: tuple[EpochRow, ...]
    headline: dict[str, Printed]


def as_trainer_prints(rows: Sequence[EpochRow], headline: Mapping[str, Printed], transformers: str | None) -> Prints:
    """Rows and headline with the slack of a Trainer's print. `transformers` is the version that the card names."""
    slack = _slacks(rows, headline)
    return Prints(_trainer_rows(rows, slack, transformers), _trainer_headline(headline, slack))


def _trainer_rows(
    rows: Sequence[EpochRow], slack: Mapping[str, Decimal | None], transformers: str | None
) -> tuple[EpochRow, ...]:
    epoch_is_full = _unrounded_epochs(rows, transformers)
    return tuple(
        EpochRow(
            row.span,
            row.epoch and _with(row.epoch, _epoch_slack(row.epoch, epoch_is_full)),
            row.step and _with(row.step, ZERO),
            row.training_loss and _with(row.training_loss, _loss_slack(row.training_loss)),
            row.validation_loss and _with(row.validation_loss, _loss_slack(row.validation_loss)),
            {key: _with(number, _metric_slack(number, slack[key])) for key, number in row.metrics.items()},
            row.repair,
        )
        for row in rows
    )


def _trainer_headline(headline: Mapping[str, Printed], slack: Mapping[str, Decimal | None]) -> dict[str, Printed]:
    return {
        key: _with(number, _loss_slack(number) if key in LOSSES else _metric_slack(number, slack[key]))
        for key, number in headline.items()
    }


def plain_rows(rows: Sequence[EpochRow]) -> tuple[EpochRow, ...]:
    """Rows of any other table: half a unit of the last digit; steps and whole epochs are exact."""
    return tuple(
        replace(
            row,
            epoch=row.epoch and _with(row.epoch, ZERO if is_integer(row.epoch) else min(row.epoch.slack, TWO_DIGITS)),
            step=row.step and _with(row.step, ZERO),
        )
        for row in rows
    )


def _loss_slack(loss: Printed) -> Decimal:
    """A loss is a mean of many: a short print of it is no exact one."""
    return FOUR_DIGITS if decimals(loss) <= PRINTED_DECIMALS else loss.slack


def _slacks(rows: Sequence[EpochRow], headline: Mapping[str, Printed]) -> dict[str, Decimal | None]:
    """The slack of a short print by metric, see `_short_slack`."""
    prints: dict[str, list[Printed]] = {}
    for row in rows:
        for key, number in row.metrics.items():
            prints.setdefault(key, []).append(number)
    for key, number in headline.items():
        prints.setdefault(key, []).append(number)
    return {key: _short_slack(numbers) for key, numbers in prints.items()}


def _short_slack(numbers: Iterable[Printed]) -> Decimal | None:
    """0 where the metric is printed with four decimals elsewhere, or is 0 or 1 throughout; None where no Trainer wrote it."""
    finite = [number for number in numbers if number.value is not None]
    longest = max((decimals(number) for number in finite), default=0)
    if longest > PRINTED_DECIMALS:
        return None
    if longest == PRINTED_DECIMALS or all(number.value in ENDS for number in finite):
        return ZERO
    return HALF.scaleb(-longest - 1)


def _metric_slack(number: Printed, short: Decimal | None) -> Decimal:
    if is_integer(number) or number.value is None:
        return ZERO
    if decimals(number) >= PRINTED_DECIMALS or short is None:
        return number.slack
    return short


def _epoch_slack(epoch: Printed, full: bool) -> Decimal:
    if is_integer(epoch):
        return ZERO
    if not full:
        return TWO_DIGITS
    return FOUR_DIGITS if decimals(epoch) >= PRINTED_DECIMALS else ZERO


def _unrounded_epochs(rows: Sequence[EpochRow], transformers: str | None) -> bool:
    if any(row.epoch and decimals(row.epoch) > 2 for row in rows):
        return True
    parts = (transformers or "").split(".")
    known = len(parts) > 1 and parts[0].isdigit() and parts[1].isdigit()
    return known and (int(parts[0]), int(parts[1])) >= FIRST_UNROUNDED_EPOCH


def _with(number: Printed, slack: Decimal) -> Printed:
    if number.value is None or number.slack == slack or number.text.endswith("%"):
        return number
    return Printed(number.text, number.value, slack, number.span, number.label)
