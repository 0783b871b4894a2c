"""What a card leaves out, or writes where no program can read it."""

from cardaudit.rule import Rule
from cardaudit.rules.metadata import (
    invalid_front_matter,
    missing_metadata,
    placeholder_text,
    unnamed_base_model,
    unnamed_dataset,
)

RULES: tuple[Rule, ...] = (
    invalid_front_matter.check,
    missing_metadata.check,
    placeholder_text.check,
    unnamed_base_model.check,
    unnamed_dataset.check,
)
