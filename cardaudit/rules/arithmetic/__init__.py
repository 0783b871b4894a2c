"""What printed metrics can and cannot be at once: ranges, averages, counts, fractions."""

from cardaudit.rule import Rule
from cardaudit.rules.arithmetic import (
    inconsistent_f1,
    labels_without_entities,
    out_of_range_metric,
    small_evaluation_set,
    zero_f1,
)

RULES: tuple[Rule, ...] = (
    inconsistent_f1.check,
    labels_without_entities.check,
    out_of_range_metric.check,
    small_evaluation_set.check,
    zero_f1.check,
)
