"""Comments and files that allow findings; they run last, since they look at what the others found."""

from cardaudit.rule import Rule
from cardaudit.rules.suppressions import (
    invalid_suppression,
    unused_suppression,
)

RULES: tuple[Rule, ...] = (
    invalid_suppression.check,
    unused_suppression.check,
)
