"""Every noun that the stages hand to each other.

All records are frozen and hold no behaviour beyond one-line properties. What a card prints is a `Printed`: a Decimal with the
width of its rounding. What we measure is a float. The two meet only through intervals.

A card's own nouns are imported with the package, all others when first asked for: making their classes takes longer than reading
a card.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cardaudit.records.card import (
    Card,
    DatasetMention,
    EpochRow,
    Generator,
    Hyperparameters,
    IndexResult,
    Metadata,
    OptimizerLine,
    Printed,
    Result,
    Source,
    Span,
)

if TYPE_CHECKING:
    from cardaudit.records.census import Cell, Census, CensusRun, Peers, Recipe, Spread, Standing, Twin
    from cardaudit.records.evidence import Changed, Curve, Evidence, Fact, LoggedRow
    from cardaudit.records.finding import Checkup, Confidence, Edit, Finding, Fix, Kind, Place, Severity, Suppressed, Unchecked
    from cardaudit.records.run import (
        Assumption,
        Audit,
        Best,
        DatasetPlan,
        Evaluation,
        Missing,
        ModelPlan,
        Outcome,
        Plan,
        Run,
        Rung,
        Schedule,
        Training,
        Verdict,
    )
    from cardaudit.records.zoo import Change, Rate, RuleCount, Zoo, ZooRow

__all__ = [
    "Assumption",
    "Audit",
    "Best",
    "Card",
    "Cell",
    "Census",
    "CensusRun",
    "Change",
    "Changed",
    "Checkup",
    "Confidence",
    "Curve",
    "DatasetMention",
    "DatasetPlan",
    "Edit",
    "EpochRow",
    "Evaluation",
    "Evidence",
    "Fact",
    "Finding",
    "Fix",
    "Generator",
    "Hyperparameters",
    "IndexResult",
    "Kind",
    "LoggedRow",
    "Metadata",
    "Missing",
    "ModelPlan",
    "OptimizerLine",
    "Outcome",
    "Peers",
    "Place",
    "Plan",
    "Printed",
    "Rate",
    "Recipe",
    "Result",
    "RuleCount",
    "Run",
    "Rung",
    "Schedule",
    "Severity",
    "Source",
    "Span",
    "Spread",
    "Standing",
    "Suppressed",
    "Training",
    "Twin",
    "Unchecked",
    "Verdict",
    "Zoo",
    "ZooRow",
]

_LATER = ("finding", "evidence", "run", "zoo", "census")


def __getattr__(name: str) -> Any:
    for module in _LATER if name in __all__ else ():
        if hasattr(found := import_module(f"{__name__}.{module}"), name):
            return globals().setdefault(name, getattr(found, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
