"""What in a card could harm those who read it or run its code."""

from cardaudit.rule import Rule
from cardaudit.rules.safety import (
    active_html,
    hidden_characters,
    instruction_to_language_model,
    leaked_secret,
    misleading_link,
    near_miss_base_model,
    unsafe_loading_code,
)

RULES: tuple[Rule, ...] = (
    active_html.check,
    hidden_characters.check,
    instruction_to_language_model.check,
    leaked_secret.check,
    misleading_link.check,
    near_miss_base_model.check,
    unsafe_loading_code.check,
)
