"""What is known of the data sets a card names: ids, sizes, splits, baselines, recipes."""

from cardaudit.rule import Rule
from cardaudit.rules.datasets import (
    accuracy_beside_low_f1,
    below_majority,
    benchmark_at_chance,
    chance_accuracy,
    dataset_refuted_by_counts,
    identified_evaluation_split,
    legacy_dataset_id,
    majority_accuracy,
    prevalence_contradicts_dataset,
    recognised_training_set,
    script_only_dataset,
    unavailable_dataset,
    unnamed_config,
    validation_called_test,
)

RULES: tuple[Rule, ...] = (
    dataset_refuted_by_counts.check,
    identified_evaluation_split.check,
    validation_called_test.check,
    prevalence_contradicts_dataset.check,
    majority_accuracy.check,
    below_majority.check,
    chance_accuracy.check,
    benchmark_at_chance.check,
    accuracy_beside_low_f1.check,
    recognised_training_set.check,
    legacy_dataset_id.check,
    script_only_dataset.check,
    unavailable_dataset.check,
    unnamed_config.check,
)
