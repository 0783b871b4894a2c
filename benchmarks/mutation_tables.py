"""Faults to plant in a card's tables and hyperparameters: swapped columns, lost rows, changed batch sizes, broken identities."""

import itertools
import random
import re
from decimal import Decimal

import mutation_limits as limits
from mutation_operators import OPERATORS, Apply, Fault, Operator, edited, is_trainer, middle_rows, operator

from cardaudit.records import Card, Printed, Span


def line_of(card: Card, span: Span) -> Span:
    """The whole line, with its end, that a span begins in."""
    start = card.text.rfind("\n", 0, span.start) + 1
    end = card.text.find("\n", span.start)
    return Span(start, len(card.text) if end < 0 else end + 1)


def header_cell(card: Card, cell: Printed) -> Span | None:
    """Where the name stands that heads a table cell, by counting bars; None where the header is not two lines above the rows."""
    first = line_of(card, card.epochs[0].span)
    rule = line_of(card, Span(first.start - 2, first.start - 2))
    head = line_of(card, Span(rule.start - 2, rule.start - 2))
    row = line_of(card, cell.span)
    column = card.text.count("|", row.start, cell.span.start)
    names = card.text[head.start : head.end].split("|")
    if column >= len(names) or not re.search(r"[A-Za-z]", names[column]):
        return None
    start = head.start + sum(len(name) + 1 for name in names[:column])
    stripped = names[column].strip()
    at = card.text.index(stripped, start)
    return Span(at, at + len(stripped))


@operator("headline-not-in-table")
def columns_precision_and_recall_swapped(card: Card, _: random.Random) -> Fault | None:
    """Visible: the headline names the values of a row that it repeated before, and does so the other way round."""
    rows = [row for row in card.epochs if {"precision", "recall"} <= set(row.metrics)]
    if not rows or not is_trainer(card) or not {"precision", "recall"} <= set(card.headline):
        return None
    first, second = (header_cell(card, rows[0].metrics[name]) for name in ("precision", "recall"))
    if first is None or second is None:
        return None
    names = card.text[slice(*first)], card.text[slice(*second)]
    stated = [card.headline[name].text for name in ("precision", "recall")]
    told = [[row.metrics[name].text for name in ("precision", "recall")] for row in rows]
    visible = stated[0] != stated[1] and stated in told and stated[::-1] not in told
    return Fault(edited(card, (first, names[1]), (second, names[0])), visible=visible)


@operator()
def columns_f1_and_precision_swapped(card: Card, _: random.Random) -> Fault | None:
    """In table and headline alike. Visible: some row's F1 is then above any average's bound."""
    names = ("precision", "recall", "f1")
    rows = [row for row in card.epochs if set(names) <= set(row.metrics)]
    if not rows or not is_trainer(card) or not set(names) <= set(card.headline) or card.model_index:
        return None
    first, second = (header_cell(card, rows[0].metrics[name]) for name in ("f1", "precision"))
    if first is None or second is None:
        return None
    words = card.text[slice(*first)], card.text[slice(*second)]
    stated = card.headline["f1"], card.headline["precision"]
    text = edited(card, (first, words[1]), (second, words[0]), (stated[0].span, stated[1].text), (stated[1].span, stated[0].text))
    return Fault(
        text, visible=any(limits.exceeds_mean(row.metrics["f1"], row.metrics["recall"], row.metrics["precision"]) for row in rows)
    )


@operator()
def cells_swapped(card: Card, rng: random.Random) -> Fault | None:
    """F1 and accuracy of one row. Visible: F1 is above its bound, or is no harmonic mean although all were."""
    names = ("precision", "recall", "f1")
    rows = [row for row in middle_rows(card) if {*names, "accuracy"} <= set(row.metrics)]
    if not rows or not is_trainer(card):
        return None
    row = rng.choice(rows)
    f1, accuracy = row.metrics["f1"], row.metrics["accuracy"]
    if f1.text == accuracy.text or not f1.value or not accuracy.value:
        return None
    harmonic = all(
        limits.is_harmonic(*(each.metrics[name] for name in names)) for each in card.epochs if set(names) <= set(each.metrics)
    )
    after = row.metrics["precision"], row.metrics["recall"], accuracy
    visible = not limits.is_harmonic(*after) if harmonic else limits.exceeds_mean(*after)
    return Fault(edited(card, (f1.span, accuracy.text), (accuracy.span, f1.text)), visible=visible)


@operator()
def percent_in_one_cell(card: Card, rng: random.Random) -> Fault | None:
    cells = [
        number
        for row in middle_rows(card)
        for key, number in row.metrics.items()
        if key in ("accuracy", "f1", "precision", "recall") and number.value is not None and Decimal("0.1") < number.value < 1
    ]
    if not cells:
        return None
    cell = rng.choice(cells)
    return Fault(edited(card, (cell.span, f"{(cell.value or Decimal(0)) * 100:.2f}")), visible=True)


@operator()
def decimals_lost_in_one_cell(card: Card, rng: random.Random) -> Fault | None:
    """A four-decimal cell cut to two: a short print must be exact. Visible where a known size has no such fraction."""
    cells = [
        number for row in middle_rows(card) if (number := row.metrics.get("accuracy")) and re.fullmatch(r"0\.\d{4}", number.text)
    ]
    if not cells or not is_trainer(card):
        return None
    cell = rng.choice(cells)
    short = cell.text[:4]
    known = limits.sizes(card.datasets[0].id, card.datasets[0].config) if card.datasets else set()
    visible = bool(known) and not any((Decimal(short) * n) % 1 == 0 for n in known)
    return Fault(edited(card, (cell.span, short)), visible=visible) if not short.endswith("0") else None


@operator("rows-left-out")
def rows_dropped(card: Card, rng: random.Random) -> Fault | None:
    """One row of the middle. Visible: the others are evenly spaced."""
    steps = [int(row.step.value) for row in card.epochs if row.step and row.step.value is not None]
    if len(steps) < 5 or len(steps) != len(card.epochs) or not is_trainer(card):
        return None
    even = len({after - before for before, after in itertools.pairwise(steps)}) == 1
    row = rng.choice(card.epochs[1:-1])
    return Fault(edited(card, (line_of(card, row.span), "")), visible=even)


@operator()
def rows_swapped(card: Card, rng: random.Random) -> Fault | None:
    if len(card.epochs) < 3 or not is_trainer(card) or not all(row.step and row.epoch for row in card.epochs):
        return None
    at = rng.randrange(len(card.epochs) - 1)
    lines = [line_of(card, row.span) for row in card.epochs[at : at + 2]]
    words = [card.text[slice(*line)].rstrip("\n") + "\n" for line in lines]
    return Fault(edited(card, (lines[0], words[1]), (lines[1], words[0])), visible=True)


@operator()
def row_repeated(card: Card, rng: random.Random) -> Fault | None:
    """The same line twice: step and epoch stand still."""
    if len(card.epochs) < 2 or not is_trainer(card) or not all(row.step and row.epoch for row in card.epochs):
        return None
    line = line_of(card, rng.choice(card.epochs).span)
    words = card.text[slice(*line)].rstrip("\n") + "\n"
    return Fault(edited(card, (line, words * 2)), visible=True)


@operator()
def row_made_up(card: Card, rng: random.Random) -> Fault | None:
    """A later row that copies another row's losses and metrics."""
    rows = card.epochs
    steps = [int(row.step.value) for row in rows if row.step and row.step.value is not None]
    if len(steps) < 4 or len(steps) != len(rows) or not is_trainer(card) or not rows[-1].epoch or not rows[-1].epoch.value:
        return None
    last, copied = rows[-1], rng.choice(rows[:-1])
    if last.step is None or last.epoch is None or copied.step is None or copied.epoch is None or not copied.validation_loss:
        return None
    line, own = line_of(card, last.span), line_of(card, copied.span)
    words = card.text[slice(*own)].rstrip("\n")
    edits = sorted([(copied.epoch.span, last.epoch.text), (copied.step.span, last.step.text)], reverse=True)
    for span, new in edits:
        words = words[: span.start - own.start] + new + words[span.end - own.start :]
    return Fault(edited(card, (line, words + "\n")), visible=True)


@operator()
def loss_spiked(card: Card, rng: random.Random) -> Fault | None:
    """A validation loss ten times too large. Not impossible, so arithmetic alone says nothing."""
    rows = [row for row in middle_rows(card)[1:-1] if row.validation_loss and row.validation_loss.value]
    if len(card.epochs) < 6 or not rows or not is_trainer(card):
        return None
    loss = rng.choice(rows).validation_loss
    return Fault(edited(card, (loss.span, f"{loss.value * 10:.4f}")), visible=False) if loss and loss.value else None


@operator()
def loss_below_zero(card: Card, rng: random.Random) -> Fault | None:
    rows = [row for row in card.epochs if row.validation_loss and row.validation_loss.value and "accuracy" in row.metrics]
    if not rows:
        return None
    loss = rng.choice(rows).validation_loss
    return Fault(edited(card, (loss.span, "-" + loss.text)), visible=True) if loss else None


@operator()
def metric_is_nan(card: Card, rng: random.Random) -> Fault | None:
    cells = [number for row in card.epochs for number in row.metrics.values()]
    return Fault(edited(card, (rng.choice(cells).span, "nan")), visible=True) if cells and is_trainer(card) else None


@operator()
def whole_part_added(card: Card, rng: random.Random) -> Fault | None:
    """0.91 becomes 1.91."""
    cells = [
        number
        for row in card.epochs
        for key, number in row.metrics.items()
        if key in ("accuracy", "f1", "precision", "recall") and number.text.startswith("0.") and number.value
    ]
    cell = rng.choice(cells) if cells and is_trainer(card) else None
    return Fault(edited(card, (cell.span, "1" + cell.text[1:])), visible=True) if cell else None


def _pair(upper: tuple[str, ...], lower: tuple[str, ...]) -> Apply:
    """Swaps two metrics of one row whose order is fixed, the lawful larger one first."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        places = [*(row.metrics for row in middle_rows(card)), *([] if card.epochs else [card.headline])]
        pairs = [
            (numbers[first], numbers[second])
            for numbers in places
            for first in upper
            for second in lower
            if first in numbers and second in numbers
        ]
        pairs = [(a, b) for a, b in pairs if a.value is not None and b.value is not None and a.value > b.value]
        if not pairs:
            return None
        first, second = rng.choice(pairs)
        visible = (first.value or 0) - first.slack > (second.value or 0) + second.slack
        return Fault(edited(card, (first.span, second.text), (second.span, first.text)), visible=visible)

    return apply


PAIRS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "wer-and-cer-swapped": (("wer",), ("cer",)),
    "exact-match-and-f1-swapped": (("f1",), ("exact_match", "exact")),
    "rmse-and-mae-swapped": (("rmse",), ("mae",)),
    "rouge1-and-rouge2-swapped": (("rouge1",), ("rouge2",)),
    "accuracy-and-iou-swapped": (("mean_accuracy",), ("mean_iou",)),
    "uas-and-las-swapped": (("uas",), ("las",)),
    "map-50-and-map-75-swapped": (("map_50",), ("map_75", "map")),
}
OPERATORS += [Operator(name, _pair(*keys)) for name, keys in PAIRS.items()]


def _beside(first: str, others: tuple[str, ...]) -> Apply:
    """A digit of a metric that others of its row determine. Visible: the second decimal or a higher one."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        places = [{**row.metrics, **({"loss": row.validation_loss} if row.validation_loss else {})} for row in card.epochs]
        places += [dict(card.headline)] if not card.epochs else []
        numbers = [each[first] for each in places if first in each and all(other in each for other in others)]
        numbers = [number for number in numbers if re.fullmatch(r"\d+\.\d+", number.text)]
        if not numbers:
            return None
        number = rng.choice(numbers)
        at = next((at for at, digit in enumerate(number.text) if digit in "123456789"), None)
        if at is None:
            return None
        new = number.text[:at] + str(int(number.text[at]) % 9 + 1) + number.text[at + 1 :]
        return Fault(edited(card, (number.span, new)), visible=True)

    return apply


BESIDE = {
    "perplexity-digit": ("perplexity", ("loss",)),
    "mse-digit": ("mse", ("rmse",)),
    "combined-score-digit": ("combined_score", ("f1", "accuracy")),
    "reward-margin-digit": ("rewards_margins", ("rewards_chosen", "rewards_rejected")),
}
OPERATORS += [Operator(name, _beside(*keys)) for name, keys in BESIDE.items()]
