"""Faults to plant in whole columns of a training table and in the headline: frozen, shifted, impossible beside the others."""

import random
from collections.abc import Callable
from decimal import Decimal

from mutation_operators import OPERATORS, Apply, Fault, Operator, edited, is_trainer, operator
from mutation_settings import after_headline
from mutation_tables import line_of

from cardaudit.records import Card, EpochRow, Printed, Span

Cell = Callable[[EpochRow], Printed | None]
Words = Callable[[int, list[Decimal]], str]
AVERAGED = ("precision", "recall", "f1", "accuracy")


def _metric(key: str) -> Cell:
    return lambda row: row.metrics.get(key)


def _validation(row: EpochRow) -> Printed | None:
    return row.validation_loss


def _training(row: EpochRow) -> Printed | None:
    return row.training_loss


def _column(cell: Cell, words: Words, least: int = 4) -> Apply:
    """Every number of a column anew: `words` gets the row's place and all the column's values."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        cells = [each for row in card.epochs if (each := cell(row)) is not None and each.value is not None]
        if len(cells) < least or len(cells) != len(card.epochs) or not is_trainer(card):
            return None
        values = [each.value for each in cells if each.value is not None]
        return Fault(edited(card, *((each.span, words(at, values)) for at, each in enumerate(cells))), visible=True)

    return apply


OPERATORS += [
    Operator("loss-is-nan", _column(_validation, lambda at, values: "nan" if at else f"{values[0]}")),
    Operator("loss-frozen", _column(_validation, lambda _at, values: f"{values[0]}")),
    Operator("loss-a-tenth", _column(_validation, lambda at, values: f"{values[at] / 20:.4f}"), ("validation-below-training",)),
    Operator("training-loss-reversed", _column(_training, lambda at, values: f"{values[-1 - at]}")),
    Operator("training-loss-zero", _column(_training, lambda _at, _values: "0.0")),
    Operator("training-loss-unlogged", _column(_training, lambda _at, _values: "No log"), ("never-logged-loss",)),
    Operator("training-loss-stale", _column(_training, lambda at, values: f"{values[at // 3 * 3]}"), ("stale-training-loss",)),
    Operator("accuracy-frozen", _column(_metric("accuracy"), lambda _at, values: f"{values[0]}")),
    Operator(
        "accuracy-of-few",
        _column(_metric("accuracy"), lambda at, _values: ("0.5", "0.6667", "0.8333", "0.3333")[at % 4]),
        ("small-evaluation-set",),
    ),
]


def _of_four(words: Callable[[dict[str, Decimal]], dict[str, str]], *aims: str) -> None:
    """Registers an operator on precision, recall, F1 and accuracy wherever all four stand."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        places = [dict(row.metrics) for row in card.epochs] + [dict(card.headline)]
        full = [each for each in places if all(key in each and each[key].value for key in AVERAGED)]
        if len(full) < 3 or len(full) != len(places) or not is_trainer(card) or card.model_index:
            return None
        edits = []
        for each in full:
            new = words({key: each[key].value or Decimal(0) for key in AVERAGED})
            edits += [(each[key].span, text) for key, text in new.items()]
        return Fault(edited(card, *edits), visible=True)

    OPERATORS.append(Operator("all-rows-" + aims[0], apply, aims))


_of_four(lambda of: dict.fromkeys(AVERAGED, f"{of['accuracy']}"), "micro-average-everywhere")
_of_four(lambda of: {"recall": f"{of['accuracy']}", "f1": f"{of['accuracy']}"}, "weighted-average", "averaged-f1")
_of_four(lambda of: {"f1": f"{min(of['precision'], of['recall']) * Decimal('0.97'):.4f}"}, "averaged-f1")


def _everywhere(new: dict[str, str]) -> Apply:
    """Loss or metrics set to one value in every row and in the headline."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        places = [{**row.metrics, **({"loss": row.validation_loss} if row.validation_loss else {})} for row in card.epochs]
        places.append(dict(card.headline))
        if len(places) < 4 or not is_trainer(card) or card.model_index or any(not set(new) <= set(each) for each in places):
            return None
        return Fault(edited(card, *((each[key].span, text) for each in places for key, text in new.items())), visible=True)

    return apply


OPERATORS += [
    Operator("loss-and-accuracy-at-chance", _everywhere({"loss": "0.6932", "accuracy": "0.5012"}), ("chance-level-loss",)),
    Operator("wer-frozen", _everywhere({"wer": "1.0"})),
]


@operator("zero-f1", "capability-contradicts-zero")
def f1_zero(card: Card, _: random.Random) -> Fault | None:
    """F1 is 0 in the last row and the headline, and a sentence praises the model."""
    at, stated = after_headline(card), card.headline.get("f1")
    cell = card.epochs[-1].metrics.get("f1") if card.epochs else None
    if at is None or stated is None or cell is None or not stated.value or card.model_index:
        return None
    praise = "\nThe model excels at identifying entities.\n"
    return Fault(edited(card, (at, praise), (stated.span, "0.0"), (cell.span, "0.0")), visible=True)


@operator()
def accuracy_perfect(card: Card, _: random.Random) -> Fault | None:
    """Accuracy is 1 in the last row and the headline."""
    stated, cell = card.headline.get("accuracy"), card.epochs[-1].metrics.get("accuracy") if card.epochs else None
    if stated is None or cell is None or cell.text != stated.text or card.model_index or not is_trainer(card):
        return None
    return Fault(edited(card, (stated.span, "1.0"), (cell.span, "1.0")), visible=True)


@operator()
def epoch_and_step_swapped(card: Card, rng: random.Random) -> Fault | None:
    """In one row."""
    rows = [row for row in card.epochs if row.epoch and row.step and row.epoch.text != row.step.text]
    if not rows or not is_trainer(card):
        return None
    row = rng.choice(rows)
    epoch, step = row.epoch, row.step
    return Fault(edited(card, (epoch.span, step.text), (step.span, epoch.text)), visible=True) if epoch and step else None


@operator()
def decimals_added_in_one_cell(card: Card, rng: random.Random) -> Fault | None:
    """Seven decimals where the Trainer prints four at most."""
    cells = [number for row in card.epochs for number in row.metrics.values() if len(number.text.partition(".")[2]) == 4]
    cell = rng.choice(cells) if len(cells) > 3 and is_trainer(card) else None
    return Fault(edited(card, (cell.span, cell.text + "317")), visible=True) if cell else None


def _stated(name: str, needs: tuple[str, ...], words: Callable[[dict[str, Decimal]], str], *aims: str) -> Operator:
    """One more line of the headline that contradicts others of it."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        at = after_headline(card)
        values = {key: number.value for key, number in card.headline.items() if number.value and 0 < number.value < 1}
        if at is None or not set(needs) <= set(values) or name in card.text or at.start == len(card.text):
            return None
        numbers = {key: value for key, value in values.items() if value is not None}
        return Fault(edited(card, (Span(at.start, at.start), f"- {name}: {words(numbers)}\n")), visible=True)

    return Operator("false-" + name.lower().replace(" ", "-"), apply, aims)


OPERATORS += [
    _stated("Specificity", ("accuracy", "recall"), lambda of: f"{min(of['accuracy'], of['recall']) * Decimal('0.9'):.4f}"),
    _stated("Error Rate", ("accuracy",), lambda of: f"{(1 - of['accuracy']) / 2 + Decimal('0.3'):.4f}"),
    _stated("Top 5 Accuracy", ("accuracy",), lambda of: f"{of['accuracy'] * Decimal('0.9'):.4f}"),
    _stated("Jaccard", ("f1",), lambda of: f"{(of['f1'] + 1) / 2:.4f}"),
    _stated("Mae", ("rmse",), lambda of: f"{of['rmse'] * 2:.4f}"),
    _stated("Matthews Correlation", AVERAGED, lambda of: f"{-of['accuracy']:.4f}"),
    _stated("Mer", ("wer",), lambda of: f"{(of['wer'] + 1) / 2:.4f}"),
]


@operator()
def first_line_of_headline_cut_short(card: Card, _: random.Random) -> Fault | None:
    """A four-digit accuracy cut to two, where the front matter still holds the whole one."""
    stated = card.headline.get("accuracy")
    exact = next((result.number for result in card.model_index if result.metric == "accuracy"), None)
    if stated is None or exact is None or len(stated.text) != 6 or len(exact.text) < 12 or not is_trainer(card):
        return None
    return Fault(edited(card, (stated.span, stated.text[:4])), visible=not stated.text.endswith("00"))


@operator()
def card_doubled(card: Card, _: random.Random) -> Fault | None:
    """The whole text twice."""
    return Fault(card.text.rstrip("\n") + "\n\n" + card.text, visible=True) if is_trainer(card) and card.front_matter else None


@operator("no-results")
def results_cut(card: Card, _: random.Random) -> Fault | None:
    """Neither headline nor table."""
    if not card.headline or not is_trainer(card) or card.model_index or card.results:
        return None
    lines = [line_of(card, number.span) for number in card.headline.values()] + [line_of(card, row.span) for row in card.epochs]
    return Fault(edited(card, *((line, "") for line in dict.fromkeys(lines))), visible=True)
