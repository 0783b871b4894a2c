"""What is known of the data sets a card names: ids, sizes, splits, baselines, recipes."""

from cardaudit.rule import Rule
from cardaudit.rules.datasets import (
    dataset_refuted_by_counts,
    identified_evaluation_split,
    legacy_dataset_id,
)

RULES: tuple[Rule, ...] = (
    dataset_refuted_by_counts.check,
    identified_evaluation_split.check,
    legacy_dataset_id.check,
)
