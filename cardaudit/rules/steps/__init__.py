"""Steps, epochs, batch sizes and the number of examples that they imply."""

from cardaudit.rule import Rule
from cardaudit.rules.steps import (
    implied_training_size,
    impossible_steps,
    inconsistent_batch_size,
    shifted_row,
    too_few_updates,
)

RULES: tuple[Rule, ...] = (
    implied_training_size.check,
    impossible_steps.check,
    inconsistent_batch_size.check,
    shifted_row.check,
    too_few_updates.check,
)
