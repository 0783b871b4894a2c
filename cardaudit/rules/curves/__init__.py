"""What losses and metrics do from row to row."""

from cardaudit.rule import Rule
from cardaudit.rules.curves import (
    accumulation_inflated_loss,
    best_epoch_not_reported,
    chance_level_loss,
    constant_loss,
    constant_metric,
    loss_spike,
    nan_loss,
    never_logged_loss,
    perfect_score,
    rising_training_loss,
    rising_validation_loss,
    stale_training_loss,
    validation_below_training,
    wer_stuck_at_one,
    zero_training_loss,
)

RULES: tuple[Rule, ...] = (
    accumulation_inflated_loss.check,
    best_epoch_not_reported.check,
    chance_level_loss.check,
    constant_loss.check,
    constant_metric.check,
    loss_spike.check,
    nan_loss.check,
    never_logged_loss.check,
    perfect_score.check,
    rising_training_loss.check,
    rising_validation_loss.check,
    stale_training_loss.check,
    validation_below_training.check,
    wer_stuck_at_one.check,
    zero_training_loss.check,
)
