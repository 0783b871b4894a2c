"""Whole numbers behind the metrics: which evaluation set, split, labelling and confusion matrix the digits leave."""

from cardaudit.rule import Rule
from cardaudit.rules.granularity import (
    claimed_split_refuted,
    confusion_matrix_recovered,
    fraction_of_another_split,
    identified_labelling,
    impossible_fraction,
    single_precision_metric,
    subset_evaluation,
)

RULES: tuple[Rule, ...] = (
    subset_evaluation.check,
    claimed_split_refuted.check,
    fraction_of_another_split.check,
    impossible_fraction.check,
    confusion_matrix_recovered.check,
    identified_labelling.check,
    single_precision_metric.check,
)
