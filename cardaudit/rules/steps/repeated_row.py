"""Two rows of different steps print the same losses and metrics.

## What it does
Looks for rows that repeat another one's numbers at another step.

## Condition
Training loss, validation loss and every metric of two rows are the same text, and chance does not explain it: where the nearest
neighbouring row's number lies r units of the fourth decimal away, it agrees by chance in about 1 of r. The product over both
losses and the metric that moves most, times the pairs of rows, is below 1 in 10. Metrics of one row hang together and on the
loss, so only one of them counts, as 1 in 20 at most: on 20,231 cards, of 732 pairs of rows that print one validation loss and
whose metric lies 4 units or more from its neighbours', 7 print one metric. Of the 272 repeated rows there the least expected by
chance is 5.

## When it stays silent
Fewer than four rows; rows at one step (falling-step); flat curves, where r is small; a training loss that repeats from row to
row because it was logged less often (stale-training-loss), which then lies 0 from its neighbour and does not count.

## Usual causes
A row pasted twice and renumbered; an evaluation that loaded the same checkpoint again.

## Example
Rows of step 1000 and step 1500 that both read 0.3121, 0.4012, 0.8733.
"""

from collections.abc import Iterator, Sequence

from cardaudit.records import EpochRow, Printed
from cardaudit.rule import Hit, Subject, rule
from cardaudit.rules._columns import is_number, need_rows, whole_rows

CHANCE = 0.1
MOST_OF_A_METRIC = 20.0


@rule(kind="suspicious", severity="warning", confidence="likely", yields_to=("constant-loss",), needs=("training table",))
def check(subject: Subject) -> Iterator[Hit]:
    need_rows(subject.card, 4)
    rows = whole_rows(subject.card)
    seen: dict[tuple[str, ...], int] = {}
    for index, row in enumerate(rows):
        numbers = _numbers(row)
        first = seen.setdefault(numbers, index)
        other = rows[first]
        if first == index or not row.step or not other.step or row.step.value == other.step.value:
            continue
        chance = _chance(rows, first, index) * len(rows) * (len(rows) - 1) / 2
        if chance < CHANCE:
            message = f"step {row.step.text} prints the same numbers as step {other.step.text}: {', '.join(numbers)}"
            yield Hit(message, (row.span, other.span), {"numbers": list(numbers), "expected_by_chance": float(f"{chance:.2g}")})
            return


def _numbers(row: EpochRow) -> tuple[str, ...]:
    cells = (row.training_loss, row.validation_loss, *row.metrics.values())
    return tuple(cell.text for cell in cells if cell is not None)


def _chance(rows: Sequence[EpochRow], first: int, second: int) -> float:
    """How likely the two rows' numbers agree by chance, from the spread of those beside them."""
    beside = [rows[index] for at in (first, second) for index in (at - 1, at + 1) if 0 <= index < len(rows)]
    validation = _spread(rows[first].validation_loss, [row.validation_loss for row in beside])
    training = _spread(rows[first].training_loss, [row.training_loss for row in beside])
    metrics = (_spread(own, [row.metrics.get(key) for row in beside]) for key, own in rows[first].metrics.items())
    return 1 / validation / training / min(max(metrics, default=1.0), MOST_OF_A_METRIC)


def _spread(own: Printed | None, beside: Sequence[Printed | None]) -> float:
    """Units of the fourth decimal to the nearest neighbour, at least 1; 1 where there is no number."""
    if own is None or not is_number(own):
        return 1.0
    distances = [abs(float((each.value or 0) - (own.value or 0))) for each in beside if each is not None and is_number(each)]
    return max(min(distances, default=0.0) * 10_000, 1.0)
