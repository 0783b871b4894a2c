"""The list of results printed as a table, as authors print it: nothing may be found in the one form that is not in the other."""

import random
import re
from collections.abc import Callable
from decimal import Decimal

from mutation_operators import Apply, Fault, edited, is_trainer, operator, pair

from cardaudit.records import Card, Span

LINES = re.compile(r"(?:^- [^\n:|]+: [^\n|]+\n)+", re.MULTILINE)
INTRODUCED = "It achieves the following results on the evaluation set:"
Cells = Callable[[str, str], str]


def as_a_table(cell: Cells, in_front: Callable[[Card], list[tuple[Span, str]] | None]) -> Apply:
    """The list as a table of two columns, each number by way of `cell`, and what `in_front` changes in the front matter."""

    def apply(card: Card, _: random.Random) -> Fault | None:
        if not is_trainer(card) or card.results or INTRODUCED not in card.text or len(card.headline) < 2:
            return None
        first = min(number.span.start for number in card.headline.values())
        listed = next((found for found in LINES.finditer(card.text) if found.start() <= first < found.end()), None)
        edits = in_front(card)
        if listed is None or edits is None:
            return None
        rows = [line[2:].partition(": ") for line in listed[0].splitlines()]
        table = "\n| Metric | Value |\n|---|---|\n" + "".join(f"| {name} | {cell(name, text)} |\n" for name, _, text in rows)
        at = card.text.index(INTRODUCED)
        words = (Span(at, at + len(INTRODUCED)), "Results on the evaluation set:")
        return Fault(edited(card, words, (Span(*listed.span()), table), *edits), visible=True)

    return apply


def _as_printed(_: str, text: str) -> str:
    return text


def _untouched(_: Card) -> list[tuple[Span, str]]:
    return []


def _front(factor: str) -> Callable[[Card], list[tuple[Span, str]] | None]:
    """The front matter's one accuracy times a factor; None where it has none, or gives it to another number than the list."""

    def edits(card: Card) -> list[tuple[Span, str]] | None:
        told = [result for result in card.model_index if result.metric == "accuracy" and not result.verified]
        stated = card.headline.get("accuracy")
        if len(told) != 1 or stated is None or not (value := told[0].number.value) or not stated.value:
            return None
        if abs(value - stated.value) > stated.slack or not Decimal("0.2") < value < 1:
            return None
        return [(told[0].number.span, str(value * Decimal(factor)))]

    return edits


pair(
    "front-matter-contradicts-headline",
    "front-matter-beside-a-table-off",
    as_a_table(_as_printed, _front("0.7")),
    "front-matter-beside-a-table",
    as_a_table(_as_printed, _front("1")),
)


def _f1(number: str) -> Cells:
    return lambda name, text: number if name in ("F1", "Precision", "Recall") else text


def _with_f1(card: Card) -> list[tuple[Span, str]] | None:
    """No edit, for cards whose one F1 is above 0 and whose front matter and training table print none."""
    f1 = card.headline.get("f1")
    elsewhere = any("f1" in row.metrics for row in card.epochs) or any(result.metric == "f1" for result in card.model_index)
    return None if f1 is None or f1.label != "F1" or not f1.value or elsewhere else []


pair(
    "zero-f1",
    "f1-of-zero-in-a-table",
    as_a_table(_f1("0.0"), _with_f1),
    "f1-above-zero-in-a-table",
    as_a_table(_f1("0.0312"), _with_f1),
)


def _splits(percent: bool) -> Apply:
    def apply(card: Card, rng: random.Random) -> Fault | None:
        if card.results:
            return None
        first, second = sorted(rng.uniform(0.6, 0.9) for _ in range(2))
        below = f"{first * 100:.1f}" if percent else f"{first:.3f}"
        table = f"\n\n## By split\n\n| Split | Accuracy |\n|---|---|\n| validation | {second:.3f} |\n| test | {below} |\n"
        return Fault(card.text.rstrip() + table, visible=True)

    return apply


pair("mixed-units", "one-split-in-percent", _splits(True), "two-splits", _splits(False))


@operator("impossible-steps")
def row_of_another_length(card: Card, rng: random.Random) -> Fault | None:
    """One epoch of a run counted in training_steps raised by one, where four rows or more tell the length of the data."""
    rows = [row for row in card.epochs if row.epoch and row.epoch.value and row.step and row.repair is None]
    planned = card.hyperparameters.training_steps
    if not is_trainer(card) or planned is None or not planned.value or len(rows) < 4 or len(rows) < len(card.epochs):
        return None
    shares = [abs((row.epoch.value or 0) - (row.step.value or 0) / planned.value) for row in rows if row.epoch and row.step]
    if min(shares) < Decimal("0.02"):
        return None
    last = rows[-1].epoch
    assert last is not None
    assert last.value is not None
    return Fault(edited(card, (last.span, str(last.value + rng.choice((1, 2))))), visible=None)
