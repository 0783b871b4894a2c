"""What a card says in words or in one place, held against what it prints in another."""

from cardaudit.rule import Rule
from cardaudit.rules.claims import (
    capability_contradicts_zero,
    code_contradicts_card,
    false_best_claim,
    false_bound_claim,
    false_trend_claim,
    front_matter_contradicts_headline,
    headline_not_in_table,
    prose_contradicts_results,
    task_contradicts_metrics,
)

RULES: tuple[Rule, ...] = (
    capability_contradicts_zero.check,
    code_contradicts_card.check,
    false_best_claim.check,
    false_bound_claim.check,
    false_trend_claim.check,
    front_matter_contradicts_headline.check,
    headline_not_in_table.check,
    prose_contradicts_results.check,
    task_contradicts_metrics.check,
)
