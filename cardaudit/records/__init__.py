"""Every noun that the stages hand to each other.

All records are frozen and hold no behaviour beyond one-line properties. What a card prints is a `Printed`: a Decimal with the
width of its rounding. What we measure is a float. The two meet only through intervals.
"""

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
from cardaudit.records.evidence import Curve, Evidence, Fact, LoggedRow
from cardaudit.records.finding import Checkup, Confidence, Edit, Finding, Fix, Kind, Place, Severity, Suppressed, Unchecked
from cardaudit.records.run import (
    Assumption,
    Audit,
    DatasetPlan,
    Evaluation,
    Missing,
    ModelPlan,
    Outcome,
    Plan,
    Run,
    Schedule,
    Training,
    Verdict,
)
from cardaudit.records.zoo import RuleCount, Zoo, ZooRow

__all__ = [
    "Assumption",
    "Audit",
    "Card",
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
    "Place",
    "Plan",
    "Printed",
    "Result",
    "RuleCount",
    "Run",
    "Schedule",
    "Severity",
    "Source",
    "Span",
    "Suppressed",
    "Training",
    "Unchecked",
    "Verdict",
    "Zoo",
    "ZooRow",
]
