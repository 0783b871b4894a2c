"""A card held against the files beside it: arguments, logs, results, labels, curves. They need `cardaudit verify`."""

from cardaudit.rule import Rule
from cardaudit.rules.repository import (
    adapter_contradicts_configuration,
    base_model_contradicts_configuration,
    curve_contradicts_table,
    headline_contradicts_results,
    labels_contradict_head,
    labels_in_another_order,
    number_changed_since,
    published_checkpoint_is_not_the_last,
    settings_contradict_arguments,
    table_contradicts_log,
    unnamed_labels,
)

RULES: tuple[Rule, ...] = (
    settings_contradict_arguments.check,
    table_contradicts_log.check,
    unnamed_labels.check,
    headline_contradicts_results.check,
    curve_contradicts_table.check,
    labels_contradict_head.check,
    base_model_contradicts_configuration.check,
    adapter_contradicts_configuration.check,
    published_checkpoint_is_not_the_last.check,
    number_changed_since.check,
    labels_in_another_order.check,
)
