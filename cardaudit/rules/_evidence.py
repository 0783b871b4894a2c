"""What rules ask of a repository's evidence. Not a rule."""

from decimal import Decimal
from typing import TYPE_CHECKING

from cardaudit.records import Printed
from cardaudit.rule import NotCheckable, Subject

if TYPE_CHECKING:
    from cardaudit.records import Evidence, Fact, LoggedRow

LEAST_SLACK = Decimal("0.00005")
CLOSE = Decimal("1e-9")


def need_evidence(subject: Subject) -> "Evidence":
    """The evidence; raises NotCheckable where the repository was not looked at."""
    if subject.evidence is None:
        raise NotCheckable("the repository's files were not looked at (cardaudit verify does)")
    return subject.evidence


def need_fact(evidence: "Evidence", key: str, file: str) -> "Fact":
    """The fact of a key; raises NotCheckable where no file says it."""
    fact = evidence.first(key)
    if fact is None:
        raise NotCheckable(f"the repository has no {file} that says it")
    return fact


def prints(cell: Printed, value: float) -> bool:
    """Whether a number prints like the cell, which the Trainer rounds to 4 decimals (transformers/modelcard.py, _maybe_round)."""
    if cell.value is None or value != value or value in (float("inf"), float("-inf")):
        return cell.value is None
    return abs(cell.value - Decimal(repr(value))) <= max(cell.slack, LEAST_SLACK) + CLOSE


def as_printed(value: float) -> str:
    """A measured number as the Trainer would print it."""
    return f"{value:.4f}" if len(str(value)) > len(f"{value:.4f}") else str(value)


def logged_at(evidence: "Evidence", step: int) -> "LoggedRow | None":
    """The evaluation that the Trainer logged at a step, None where it has none there."""
    return next((row for row in evidence.rows if row.step == step), None)
