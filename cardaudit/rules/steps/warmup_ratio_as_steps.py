"""The warm-up steps are a share of the run, not a count.

## What it does
States how a fraction under lr_scheduler_warmup_steps is read.

## Condition
lr_scheduler_warmup_steps lies between 0 and 1, ends excluded. transformers 5 takes a ratio under `warmup_steps` and prints it
there (transformers/modelcard.py 5.23, `extract_hyperparameters_from_trainer`; training_args.py, `get_warmup_steps`); earlier
versions print lr_scheduler_warmup_ratio.

## When it stays silent
Whole numbers of steps; cards without a warm-up.

## Usual causes
A card of transformers 5.

## Example
lr_scheduler_warmup_steps: 0.1
"""

from collections.abc import Iterator

from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import is_number


@rule(kind="note", severity="info", confidence="proven", needs=("hyperparameters", "warm-up steps"))
def check(subject: Subject) -> Iterator[Hit]:
    warmup = subject.card.hyperparameters.lr_scheduler_warmup_steps
    if warmup is None or warmup.value is None or not is_number(warmup):
        raise NotCheckable("no warm-up steps are stated")
    if 0 < warmup.value < 1:
        share = float(warmup.value)
        yield Hit(
            f"lr_scheduler_warmup_steps {warmup.text} is a share of the run, {share:.3g} of its updates", (warmup.span,), {}
        )
