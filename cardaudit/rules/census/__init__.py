"""What other authors printed who ran the same recipe: the shipped census of public cards, or another one."""

from cardaudit.rule import Rule
from cardaudit.rules.census import atypical_result, identical_table, same_numbers_other_data

RULES: tuple[Rule, ...] = (
    same_numbers_other_data.check,
    identical_table.check,
    atypical_result.check,
)
