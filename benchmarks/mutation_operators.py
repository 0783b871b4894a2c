"""Faults to plant in the numbers of honest cards, each by spans of the card's record.

An operator takes a card and a random generator and gives the text with one fault in it, or None where the card has no place for
it. `visible` is what arithmetic alone can tell (mutation_limits.py), None where that was not worked out.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

import mutation_limits as limits

from cardaudit.parse import read_card
from cardaudit.records import Card, EpochRow, Evidence, Printed, Run, Span


class Fault(NamedTuple):
    """A card's text with a fault in it. `position` is the digit that was changed ("decimal 2"), empty where none was.

    `evidence`, `runs` and `name` (a Hub id) are what the rules get beside the text; `honest` is the same without the fault, where
    it is not the card as it was.
    """

    text: str
    position: str = ""
    visible: bool | None = None
    evidence: Evidence | None = None
    runs: tuple[Run, ...] = ()
    name: str = "planted"
    honest: "Fault | None" = None


Apply = Callable[[Card, random.Random], Fault | None]


class Operator(NamedTuple):
    """`aims_at`: rules that count as catching whatever their kind. A `control` is no fault and wants silence; one that `spares`
    a rule is the neighbour of a fault, on which that rule must not speak, whatever others say.
    """

    name: str
    apply: Apply
    aims_at: tuple[str, ...] = ()
    control: bool = False
    spares: tuple[str, ...] = ()


@dataclass
class Tally:
    """Of one operator: faults planted, visible and caught, by digit position too; how many by which rules and kinds."""

    planted: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    visible: Counter[str] = field(default_factory=Counter)
    visible_caught: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


OPERATORS: list[Operator] = []


def operator(*aims_at: str, control: bool = False) -> Callable[[Apply], Apply]:
    """Registers a function as an operator under its name."""

    def register(apply: Apply) -> Apply:
        OPERATORS.append(Operator(apply.__name__.replace("_", "-"), apply, aims_at, control))
        return apply

    return register


def pair(rule: str, name: str, fault: Apply, neighbour_name: str, neighbour: Apply) -> None:
    """Registers a fault that a rule catches, and an edit next to it that this rule must not."""
    OPERATORS.append(Operator(name, fault, (rule,)))
    OPERATORS.append(Operator(neighbour_name, neighbour, control=True, spares=(rule,)))


def edited(card: Card, *edits: tuple[Span, str]) -> str:
    """The card's text with some spans replaced."""
    text = card.text
    for span, new in sorted(edits, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def is_trainer(card: Card) -> bool:
    return card.dialect.startswith("trainer")


def another_digit(text: str, rng: random.Random) -> tuple[str, str] | None:
    """A number with one of its first four decimals changed, and which one; None where it has none."""
    decimals = [at for at in range(text.find(".") + 1, len(text)) if text[at].isdigit()][:4] if "." in text else []
    if not decimals:
        return None
    at = rng.choice(decimals)
    digit = rng.choice([each for each in "0123456789" if each != text[at]])
    return text[:at] + digit + text[at + 1 :], f"decimal {decimals.index(at) + 1}"


def another_whole_digit(text: str, rng: random.Random) -> tuple[str, str]:
    """A whole number with one digit changed, and which one, counted from the end."""
    at = rng.randrange(len(text))
    digit = rng.choice([each for each in "0123456789" if each != text[at] and (at or each != "0")])
    return text[:at] + digit + text[at + 1 :], ("units", "tens", "hundreds", "thousands", "higher")[min(len(text) - 1 - at, 4)]


def reprinted(number: Printed, text: str) -> Printed:
    """The number as it reads with another text of the same precision."""
    return replace(number, text=text, value=Decimal(text))


def middle_rows(card: Card) -> list[EpochRow]:
    """Whole rows that the headline does not repeat."""
    stated = {number.text for number in card.headline.values()}
    return [
        row
        for row in card.epochs
        if row.repair is None
        and not any(number.text in stated for number in (*row.metrics.values(), row.validation_loss) if number)
    ]


def _of_triple(key: str) -> Apply:
    """A digit of one row's F1, precision or recall. Visible: F1 is no harmonic mean although all were, or exceeds it."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        names = ("precision", "recall", "f1")
        rows = [row for row in card.epochs if all(name in row.metrics and row.metrics[name].slack for name in names)]
        triples = [tuple(row.metrics[name] for name in names) for row in rows]
        if len(rows) < 2 or not is_trainer(card) or any(min(number.value or 0 for number in each) <= 0 for each in triples):
            return None
        row = rng.choice(rows[:-1])
        changed = another_digit(row.metrics[key].text, rng)
        if changed is None:
            return None
        after = {**row.metrics, key: reprinted(row.metrics[key], changed[0])}
        harmonic = all(limits.is_harmonic(*each) for each in triples)
        numbers = tuple(after[name] for name in names)
        visible = not limits.is_harmonic(*numbers) if harmonic else limits.exceeds_mean(*numbers)
        return Fault(edited(card, (row.metrics[key].span, changed[0])), changed[1], visible)

    return apply


OPERATORS += [Operator(f"{name}-digit", _of_triple(name)) for name in ("f1", "precision", "recall")]


@operator()
def accuracy_digit(card: Card, rng: random.Random) -> Fault | None:
    """Visible where the data set's sizes are known, explain all accuracies before and not the new one."""
    rows = [row for row in middle_rows(card) if "accuracy" in row.metrics and row.metrics["accuracy"].slack]
    if not rows or not is_trainer(card) or not card.task or "classification" not in card.task.text or "token" in card.task.text:
        return None
    number = rng.choice(rows).metrics["accuracy"]
    changed = another_digit(number.text, rng)
    if changed is None:
        return None
    known = limits.sizes(card.datasets[0].id, card.datasets[0].config) if card.datasets else set()
    shares = [row.metrics["accuracy"] for row in card.epochs if "accuracy" in row.metrics]
    fitting = {n for n in known if all(limits.is_a_count(share, {n}) for share in shares)}
    visible = bool(fitting) and not limits.is_a_count(reprinted(number, changed[0]), fitting)
    return Fault(edited(card, (number.span, changed[0])), changed[1], visible)


@operator("headline-not-in-table")
def headline_digit(card: Card, rng: random.Random) -> Fault | None:
    """Visible: the headline repeats a row, and no row has the new number."""
    keys = [key for key in card.headline if any(_cell_text(row, key) == card.headline[key].text for row in card.epochs)]
    if not keys or len(keys) < 2 or not is_trainer(card):
        return None
    key = rng.choice(keys)
    changed = another_digit(card.headline[key].text, rng)
    if changed is None:
        return None
    visible = not any(_cell_text(row, key) == changed[0] for row in card.epochs)
    return Fault(edited(card, (card.headline[key].span, changed[0])), changed[1], visible)


def _cell_text(row: EpochRow, key: str) -> str | None:
    cell = row.validation_loss if key == "loss" else row.metrics.get(key)
    return cell.text if cell else None


@operator()
def front_matter_digit(card: Card, rng: random.Random) -> Fault | None:
    """Visible: the new value does not round to the headline."""
    results = [result for result in card.model_index if result.metric in card.headline and not result.verified]
    if len(card.model_index) != len({result.metric for result in card.model_index}) or not results or not is_trainer(card):
        return None
    result = rng.choice(results)
    changed = another_digit(result.number.text, rng)
    if changed is None or result.number.text.startswith("-"):
        return None
    low, high = limits.ends(card.headline[result.metric])
    exact, _ = limits.ends(reprinted(result.number, changed[0]))
    return Fault(edited(card, (result.number.span, changed[0])), changed[1], not low <= exact + limits.SINGLE_PRECISION <= high)


@operator()
def loss_digit(card: Card, rng: random.Random) -> Fault | None:
    """A validation loss that nothing else repeats: arithmetic cannot see it."""
    rows = [row for row in middle_rows(card) if row.validation_loss and row.validation_loss.value is not None]
    if not rows:
        return None
    number = rng.choice(rows).validation_loss
    changed = another_digit(number.text, rng) if number else None
    return Fault(edited(card, (number.span, changed[0])), changed[1], False) if number and changed else None


def _every_update(card: Card) -> bool:
    """Whether the step law is step / batches: no accumulation, steps and epochs in every row, the run counted in epochs."""
    parameters = card.hyperparameters
    total, batch = parameters.total_train_batch_size, parameters.train_batch_size
    grouped = parameters.gradient_accumulation_steps
    plain = (grouped is None or grouped.value == 1) and (total is None or (batch is not None and total.value == batch.value))
    in_epochs = plain and is_trainer(card) and not parameters.training_steps and len(card.epochs) > 2
    return in_epochs and all(row.step and row.epoch and not row.repair for row in card.epochs)


def _of_time(which: str) -> Apply:
    """A digit of one row's step or epoch."""

    def apply(card: Card, rng: random.Random) -> Fault | None:
        if not _every_update(card):
            return None
        row = rng.choice(card.epochs)
        number = row.step if which == "step" else row.epoch
        if number is None or number.value is None:
            return None
        changed = another_whole_digit(number.text, rng) if which == "step" else another_digit(number.text, rng)
        if changed is None:
            return None
        text = edited(card, (number.span, changed[0]))
        return Fault(text, changed[1], limits.step_fault_shows(read_card(text, "")))

    return apply


OPERATORS += [Operator(f"{name}-digit", _of_time(name)) for name in ("step", "epoch")]
