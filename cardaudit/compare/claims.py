"""What a card claims: every printed cell, which row it reports, and which of its numbers leads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cardaudit.facts import is_timing
from cardaudit.plan.best import LOSSES, best_column, cells_of, column_of, number_of, reported_row
from cardaudit.plan.best import lower_is_better as lower_flatters
from cardaudit.records import Card, Plan, Printed

__all__ = ["LOSSES", "Claim", "Claims", "Selection", "at_full_length", "lower_flatters", "read_claims"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One printed number. `column` is "training_loss", "validation_loss" or a metric's key; `row` is 0-based, None off the table.

    `low`, `value`, `high`: the interval of numbers that print like this, in the metric's own range (a percentage is undone).
    `also`: the same claim elsewhere on the card, as printed there; `exact`: that print where its digits are taken.
    """

    metric: str
    where: str
    column: str
    row: int | None
    printed: Printed
    low: float
    value: float
    high: float
    also: str | None = None
    exact: Printed | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which evaluation the headline reports: the last, a row of its own, or the best by `column`.

    `row` is the 0-based row of the table that the headline equals, None where it equals none. `column`: None is each number's
    own; `greater`: whether greater is better there, None as the column is known.
    """

    kind: Literal["last", "row", "best"]
    row: int | None
    column: str | None = None
    greater: bool | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """A card's claims: `endpoint` (what it reports in the end, the leading one first), `cells` (the table), how it selected."""

    endpoint: tuple[Claim, ...]
    cells: tuple[Claim, ...]
    selection: Selection


def read_claims(card: Card, plan: Plan) -> Claims:
    """Everything that a card claims about its evaluations; verified entries of the front matter are other evaluations."""
    headline = tuple(_headline(card))
    cells = tuple(_cells(card))
    reported = reported_row(card)
    endpoint = headline or tuple(cell for cell in cells if cell.row == reported)
    endpoint += tuple(_index_only(card, headline))
    if headline:
        endpoint += tuple(cell for cell in cells if cell.row == reported and cell.column == "training_loss")
    lead = _leading(endpoint, plan.recipe)
    if lead is None:
        return Claims((), cells, Selection("last", reported))
    ordered = (lead, *(claim for claim in endpoint if claim is not lead))
    return Claims(ordered, cells, _selection(card, plan, reported, lead.column))


def at_full_length(card: Card, claims: Claims) -> Claims:
    """The claims with the digits that the front matter has for the same numbers: floats there, four decimals in the text."""
    index = list(_index(card))
    return replace(claims, endpoint=tuple(_longest(claim, index) for claim in claims.endpoint))


def _longest(claim: Claim, index: list[Claim]) -> Claim:
    twins = [twin for twin in index if _same(claim, twin) and twin.high - twin.low < claim.high - claim.low]
    if not twins:
        return claim
    best = min(twins, key=lambda twin: twin.high - twin.low)
    return replace(claim, low=best.low, value=best.value, high=best.high, exact=best.printed)


def _claim(metric: str, where: str, row: int | None, printed: Printed | None, also: str | None = None) -> Claim | None:
    number = number_of(metric, printed)
    return None if number is None or printed is None else Claim(metric, where, column_of(metric), row, printed, *number, also)


def _headline(card: Card) -> Iterator[Claim]:
    for metric, printed in card.headline.items():
        claim = _claim(metric, "headline", None, printed)
        if claim:
            also = next((twin.printed.text for twin in _index(card) if _same(claim, twin)), None)
            yield claim if also is None else _claim(metric, "headline", None, printed, also) or claim


def _index(card: Card) -> Iterator[Claim]:
    for entry in card.model_index:
        claim = None if entry.verified else _claim(entry.metric, "model-index", None, entry.number)
        if claim:
            yield claim


def _index_only(card: Card, headline: tuple[Claim, ...]) -> Iterator[Claim]:
    """Entries of the front matter that the headline does not repeat; none where they are about several data sets."""
    about = {(entry.dataset_type, entry.config, entry.split) for entry in card.model_index if not entry.verified}
    if len(about) == 1:
        yield from (claim for claim in _index(card) if not any(_same(told, claim) for told in headline))


def _same(one: Claim, other: Claim) -> bool:
    """Whether two claims of a column may be the same number, rounded or not."""
    return one.column == other.column and one.low <= other.high + 1e-12 and other.low <= one.high + 1e-12


def _cells(card: Card) -> Iterator[Claim]:
    for number, row in enumerate(card.epochs):
        for metric, printed in cells_of(row):
            claim = _claim(metric, f"row {number + 1}", number, printed)
            if claim:
                yield claim


def _leading(endpoint: tuple[Claim, ...], recipe: str) -> Claim | None:
    """The task's own metric where it has one, else the first on the card that is no loss, else the evaluation loss."""
    scores = [claim for claim in endpoint if not claim.column.endswith("loss") and not is_timing(claim.column)]
    entities = [claim for claim in scores if claim.column == "f1" and "token" in recipe]
    losses = [claim for claim in endpoint if claim.column == "validation_loss"]
    return next(iter(entities + scores + losses), None)


def _selection(card: Card, plan: Plan, reported: int | None, lead: str) -> Selection:
    """How the reported row was chosen: as the plan says; else a last row as the last, and one before it by the first column whose
    best it holds.

    Where only the table shows it, the leading metric is asked before the loss, because it gives the claim more room.
    """
    if plan.best is not None:
        return Selection("best", reported, column_of(plan.best.metric), plan.best.greater_is_better)
    if reported is None:
        return Selection("best" if card.epochs else "last", None)
    if reported == len(card.epochs) - 1:
        return Selection("last", reported)
    denied = plan.origins.get("load_best_model_at_end", "").startswith("given")
    column = None if denied else best_column(card, reported, (lead, "validation_loss"))
    return Selection("row", reported) if column is None else Selection("best", reported, column)
