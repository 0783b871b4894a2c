"""Which evaluation a card reports: the last, or the best, as Trainer(load_best_model_at_end=True) does before a last evaluate().

Training is the same either way, so this changes no run: it says which row of a run stands beside the headline.

Semantics: training_args.py of transformers 5.23, `__post_init__` (the criterion is "loss" unless named, and greater is better
unless its name ends with "loss"), and trainer.py, `_determine_best_metric` (only what is better replaces the best so far, so the
first of equals stays). To 4.40 at least, greater is better for all but "loss" and "eval_loss", also for a loss of another name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cardaudit.facts import metric_facts
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.steps import version_of
from cardaudit.records import Best, Card, EpochRow, Printed

LOSSES = {"loss": "validation_loss", "eval_loss": "validation_loss"}
STATED = re.compile(r"\bload_best_model_at_end\W{1,8}true\b", re.I)
CRITERION = re.compile(r"\bmetric_for_best_model\W{1,8}(\w+)", re.I)
FIRST_ENDING = (4, 43)  # 4.40.2 names the two losses, 4.43.4 looks at the ending (training_args.py of both)


class Number(NamedTuple):
    """A printed number on the metric's own scale, and the interval of numbers that print like it."""

    low: float
    value: float
    high: float


def column_of(metric: str) -> str:
    """A metric's key as a column: "validation_loss" for the loss of an evaluation."""
    return LOSSES.get(metric, metric)


def number_of(metric: str, printed: Printed | None) -> Number | None:
    """A printed number with a percentage undone; None for what is no finite number."""
    if printed is None or printed.value is None or not printed.value.is_finite():
        return None
    facts, value, slack = metric_facts(metric), float(printed.value), float(printed.slack)
    if facts is not None and facts.percent and facts.high is not None and value > 1.5 * facts.high:
        value, slack = value / 100, slack / 100
    return Number(value - slack, value, value + slack)


def may_equal(one: Number, other: Number) -> bool:
    """Whether two printed numbers may be one, rounded or not."""
    return one.low <= other.high + 1e-12 and other.low <= one.high + 1e-12


def lower_is_better(column: str) -> bool:
    """Whether a lower value makes a model look better; a metric that is not known is taken for one where more is better."""
    if column.endswith("loss"):
        return True
    facts = metric_facts(column)
    return facts is not None and not facts.higher_is_better


def cells_of(row: EpochRow) -> Iterator[tuple[str, Printed | None]]:
    """The metrics of a row, the losses first."""
    yield "training_loss", row.training_loss
    yield "validation_loss", row.validation_loss
    yield from row.metrics.items()


def reported_row(card: Card) -> int | None:
    """The last row that agrees with the headline in every column that both have, 0-based; the last one without a headline."""
    told = {column_of(metric): number for metric, printed in card.headline.items() if (number := number_of(metric, printed))}
    if not told:
        return len(card.epochs) - 1 if card.epochs else None
    for place in reversed(range(len(card.epochs))):
        shared = [may_equal(told[column], number) for column, number in _numbers(card.epochs[place]).items() if column in told]
        if shared and all(shared):
            return place
    return None


def best_column(card: Card, row: int, columns: Sequence[str]) -> str | None:
    """The first of these columns whose best value this row holds; None where it holds none's."""
    table = [_numbers(each) for each in card.epochs]
    for column in columns:
        values = [cells[column].value for cells in table if column in cells]
        if column in table[row] and table[row][column].value == (min if lower_is_better(column) else max)(values):
            return column
    return None


def plan_best(ledger: Ledger, recipe: str) -> Best | None:
    """What a card's headline was chosen by: given, told by the files beside the card, stated in its text, or shown by its table.

    None: the headline is that of the last evaluation, or nothing says what it is. The card's writer takes the last evaluation
    that was logged, which is the last row's where no evaluate() follows the training (huggingface/transformers#15547).
    """
    card, row = ledger.card, reported_row(ledger.card)
    earlier = row is not None and bool(card.headline) and row < len(card.epochs) - 1
    loads = ledger.given("load_best_model_at_end")
    if loads is None:
        loads = ledger.told("load_best_model_at_end") or _stated(ledger) or None
    if loads:
        return _by_arguments(ledger, row, recipe)
    if loads is None and earlier and row is not None:
        return _by_table(ledger, row, recipe)
    return None


def _by_arguments(ledger: Ledger, row: int | None, recipe: str) -> Best | None:
    """The criterion of a Trainer that keeps the best, unless the table shows that the headline is not its best row's."""
    metric, named = _criterion(ledger, row, recipe), "metric_for_best_model" in ledger.origins
    greater = ledger.given("greater_is_better")
    greater = ledger.told("greater_is_better") if greater is None else greater
    best = Best(metric, _greater(metric, ledger.card) if greater is None else greater)
    given = ledger.origins["load_best_model_at_end"].startswith("given")
    if not given and named and row is not None and ledger.card.headline and not _may_be_best(ledger.card, row, best):
        ledger.origins["load_best_model_at_end"] += "; but the headline is not that of the best row"
        return None
    return best


def _criterion(ledger: Ledger, row: int | None, recipe: str) -> str:
    """metric_for_best_model without its "eval_"; the Trainer's default, unless the table refutes that."""
    named = ledger.given("metric_for_best_model") or ledger.told("metric_for_best_model")
    if named is None and (stated := CRITERION.search(ledger.card.text)) and stated[1].lower() != "none":
        named = ledger.found("metric_for_best_model", stated[1], _line(ledger.card, stated.start(1)))
    if named is not None:
        return str(named).removeprefix("eval_")
    columns = ("validation_loss", *_leading(ledger.card, recipe))
    shown = best_column(ledger.card, row, columns) if row is not None and ledger.card.headline else None
    if shown in (None, "validation_loss"):
        return ledger.assume("metric_for_best_model", "loss", "nothing names it; the Trainer's default", *columns[1:2])
    return ledger.found("metric_for_best_model", str(shown), "the headline is that of the row with the best one")


def _by_table(ledger: Ledger, row: int, recipe: str) -> Best | None:
    """A headline that is an earlier row's, by the first column whose best that row holds, the leading metric before the loss."""
    column = best_column(ledger.card, row, (*_leading(ledger.card, recipe), "validation_loss"))
    if column is None:
        return None
    ledger.origins["load_best_model_at_end"] = f"the headline is that of row {row + 1} of {len(ledger.card.epochs)}"
    metric = "loss" if column == "validation_loss" else column
    ledger.origins["metric_for_best_model"] = f"that row has the best {metric} of the table"
    return Best(metric, not lower_is_better(column))


def _stated(ledger: Ledger) -> bool:
    """Whether the card's text says it, as code or as a line."""
    if "load_best_model" not in ledger.card.text or not (found := STATED.search(ledger.card.text)):
        return False
    return ledger.found("load_best_model_at_end", True, _line(ledger.card, found.start()))


def _line(card: Card, offset: int) -> str:
    return f"from the card, line {card.text.count(chr(10), 0, offset) + 1}"


def _greater(metric: str, card: Card) -> bool:
    version = version_of(card)
    return metric != "loss" if version is not None and version < FIRST_ENDING else not metric.endswith("loss")


def _may_be_best(card: Card, row: int, best: Best) -> bool:
    """Whether no row's interval lies beyond this row's; a table without that column cannot say."""
    column, sign = column_of(best.metric), 1 if best.greater_is_better else -1
    numbers = [cells[column] for each in card.epochs if column in (cells := _numbers(each))]
    own = _numbers(card.epochs[row]).get(column)
    return own is None or not any(sign * (each.value - own.value) > 1e-12 and not may_equal(each, own) for each in numbers)


def _leading(card: Card, recipe: str) -> tuple[str, ...]:
    """The headline's metric that counts first: entities' F1 for tokens, else the first that is no loss."""
    scores = [metric for metric in card.headline if not metric.endswith("loss")]
    return ("f1",) if "token" in recipe and "f1" in scores else tuple(scores[:1])


def _numbers(row: EpochRow) -> Mapping[str, Number]:
    return {metric: number for metric, printed in cells_of(row) if (number := number_of(metric, printed))}
