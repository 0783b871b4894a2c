"""The optimizer's name is printed as Python's Enum.

## What it does
Says what "OptimizerNames.ADAMW_TORCH" means.

## Condition
"OptimizerNames." in the optimizer line: transformers from 4.46 on formats the member of an Enum, which Python from 3.12 on prints
with its class.

## When it stays silent
Names as TrainingArguments takes them.

## Usual causes
Training under Python 3.12 or later.

## Example
`optimizer: Use OptimizerNames.ADAMW_TORCH with betas=(0.9,0.999)` is `adamw_torch`.
"""

from collections.abc import Iterator

from cardaudit.patterns import deferred
from cardaudit.records import Span
from cardaudit.rule import Hit, Subject, rule

NAME = deferred(r"OptimizerNames\.([A-Z][A-Z0-9_]*)")


@rule(kind="note", severity="info", confidence="proven", needs=("optimizer",))
def check(subject: Subject) -> Iterator[Hit]:
    optimizer = subject.card.optimizer
    assert optimizer is not None
    found = NAME.search(optimizer.text)
    if found:
        start = optimizer.span.start + found.start()
        message = f"{found[0]} is optim={found[1].lower()}, printed by Python 3.12 or later"
        yield Hit(message, (Span(start, start + len(found[0])),), {"optim": found[1].lower()})
