"""Errors that a user can mend, each with its exit code.

CardauditError              one sentence: the thing, what was seen, what to do; exit code 2
├── NotEnoughFacts          the card does not say what a run needs; exit code 3
├── NotScored               weights of a kind that is not scored; exit code 3
├── MissingExtra            an optional package is not installed; exit code 2
└── EngineFailed            the engine process ended without finishing; exit code 2
"""

from typing import Any


class CardauditError(Exception):
    """What a user can mend. The message is one sentence that names the thing and the way out; no traceback is shown."""

    exit_code = 2


class NotEnoughFacts(CardauditError):
    """The card does not say enough for a run; the message lists what is missing and the flags that fill it.

    `missing`: the records.Missing of each fact.
    """

    exit_code = 3

    def __init__(self, message: str, missing: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class NotScored(CardauditError):
    """The published weights are of a kind that cannot be scored: nothing is measured, and nothing went wrong."""

    exit_code = 3


class MissingExtra(CardauditError):
    """A command needs packages of an extra that is not installed; the message holds the pip command."""


class EngineFailed(CardauditError):
    """The engine stopped before the plan was done; what it finished is kept and continues on the next call."""
