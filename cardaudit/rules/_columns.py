"""A card's numbers as columns: what several rules ask of the table and the headline. Not a rule."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from cardaudit.facts import metric_facts
from cardaudit.records import Card, EpochRow, Printed, Span
from cardaudit.rule import NotCheckable
from cardaudit.rule import spoken as spoken
from cardaudit.rules._remembered import remembered

WHOLE = Span(0, 0)


class Triple(NamedTuple):
    """Precision, recall and F1 that are printed together; `name` is F1's key, `where` the place in words."""

    where: str
    name: str
    precision: Printed
    recall: Printed
    f1: Printed


class Column(NamedTuple):
    """One quantity over the table's rows, gaps left out. `key` is "training_loss", "validation_loss" or a metric's key."""

    key: str
    label: str
    cells: tuple[Printed, ...]

    @property
    def values(self) -> tuple[Decimal, ...]:
        return tuple([cell.value for cell in self.cells if cell.value is not None])


@remembered
def whole_rows(card: Card) -> tuple[EpochRow, ...]:
    """The rows that fit their header as they stand."""
    return tuple([row for row in card.epochs if row.repair is None])


@remembered
def stepped_rows(card: Card) -> tuple[tuple[int, EpochRow], ...]:
    """The whole rows that print a step, each behind it."""
    return tuple([(step, row) for row in whole_rows(card) if (step := integer(row.step))])


def row_name(card: Card, index: int) -> str:
    """A row in words, by its epoch where it has one."""
    epoch = card.epochs[index].epoch
    return f"epoch {epoch.text}" if epoch else f"row {index + 1}"


def cell(row: EpochRow, key: str) -> Printed | None:
    """A row's cell by key."""
    if key == "training_loss":
        return row.training_loss
    if key in ("validation_loss", "loss"):
        return row.validation_loss
    return row.metrics.get(key)


def column(card: Card, key: str) -> Column:
    """The numbers of one column, from every row that has one (repaired rows too)."""
    known = _known_columns(card)
    if key not in known:
        known[key] = _column(card, key)
    return known[key]


@remembered
def _known_columns(_: Card) -> dict[str, Column]:
    """The columns that a rule has asked for."""
    return {}


def _column(card: Card, key: str) -> Column:
    if key == "training_loss":
        printed = [row.training_loss for row in card.epochs]
    elif key in ("validation_loss", "loss"):
        printed = [row.validation_loss for row in card.epochs]
    else:
        printed = [row.metrics.get(key) for row in card.epochs]
    cells = tuple([each for each in printed if each is not None and is_number(each)])
    label = cells[0].label if cells and cells[0].label else spoken(key)
    return Column(key, label, cells)


@remembered
def metric_keys(card: Card) -> tuple[str, ...]:
    """The table's metric columns in their order."""
    return tuple(dict.fromkeys(key for row in card.epochs for key in row.metrics))


def columns(card: Card) -> tuple[Column, ...]:
    """Training loss, validation loss and all metrics that hold a number."""
    keys = ("training_loss", "validation_loss", *metric_keys(card))
    return tuple(each for each in (column(card, key) for key in keys) if each.cells)


def is_number(number: Printed) -> bool:
    """Whether the print is a finite number."""
    value = number.value
    return value is not None and value.is_finite()


@remembered
def sets(card: Card) -> tuple[tuple[str, Mapping[str, Printed]], ...]:
    """Every set of metrics printed together: headline, each table row, the front matter's results by data set."""
    headline = [("the headline", card.headline)] if card.headline else []
    rows = [(row_name(card, index), row.metrics) for index, row in enumerate(card.epochs) if row.metrics]
    return (*headline, *rows, *(("the front matter", group) for group in _index_groups(card)))


def triples(card: Card) -> Iterator[Triple]:
    """Precision, recall and F1 whose names differ in that word only (f1_macro with precision_macro and recall_macro)."""
    for where, metrics in sets(card):
        for name, f1 in metrics.items():
            if "f1" not in name or not (companions := _companions(name)) or not is_number(f1):
                continue
            precision, recall = (metrics.get(companion) for companion in companions)
            if precision and recall and is_number(precision) and is_number(recall):
                yield Triple(where, name, precision, recall, f1)


@lru_cache(maxsize=1024)
def _companions(f1: str) -> tuple[str, ...]:
    """The names of the precision and the recall that go with an F1; none where the key is that of no F1."""
    words = f1.split("_")
    if "f1" not in words:
        return ()
    return tuple("_".join(other if word == "f1" else word for word in words) for other in ("precision", "recall"))


def higher_is_better(key: str) -> bool | None:
    """The direction of a metric, None where it is not known."""
    if key == "loss" or key.endswith("_loss"):
        return False
    facts = metric_facts(key)
    return facts.higher_is_better if facts else None


def need_rows(card: Card, least: int = 1) -> tuple[EpochRow, ...]:
    """The table's rows; raises NotCheckable where there are fewer than `least`."""
    if not card.epochs:
        raise NotCheckable("the card has no training table")
    if len(card.epochs) < least:
        raise NotCheckable(f"the training table has {counted(len(card.epochs), 'row')}")
    return card.epochs


def integer(number: Printed | None) -> int | None:
    """A printed whole number above 0 and below 10**15, else None: nothing counted here is larger, and arithmetic stays fast."""
    value = number.value if number is not None else None
    if value is None or not value.is_finite() or value.adjusted() >= 15:
        return None
    whole = int(value)
    return whole if whole > 0 and whole == value else None


def is_whole(value: Decimal) -> bool:
    """Whether a finite number has no fraction. `value % 1` raises for numbers of more digits than the context has."""
    return value == value.to_integral_value()


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 row", "2 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _index_groups(card: Card) -> list[dict[str, Printed]]:
    groups: dict[tuple[object, ...], dict[str, Printed]] = {}
    for result in card.model_index:
        group = groups.setdefault((result.task, result.dataset_type, result.dataset_name, result.config, result.split), {})
        group.setdefault(result.metric, result.number)
    return list(groups.values())
