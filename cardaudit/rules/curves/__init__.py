"""What losses and metrics do from row to row."""

from cardaudit.rule import Rule
from cardaudit.rules.curves import (
    best_epoch_not_reported,
    chance_level_loss,
    constant_metric,
    never_logged_loss,
    rising_validation_loss,
)

RULES: tuple[Rule, ...] = (
    best_epoch_not_reported.check,
    chance_level_loss.check,
    constant_metric.check,
    never_logged_loss.check,
    rising_validation_loss.check,
)
