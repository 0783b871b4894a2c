"""What a card says in words or in one place, held against what it prints in another."""

from cardaudit.rule import Rule
from cardaudit.rules.claims import (
    code_contradicts_card,
    false_trend_claim,
    front_matter_contradicts_headline,
    headline_not_in_table,
)

RULES: tuple[Rule, ...] = (
    code_contradicts_card.check,
    false_trend_claim.check,
    front_matter_contradicts_headline.check,
    headline_not_in_table.check,
)
