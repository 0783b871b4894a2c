"""A hyperparameter differs from the arguments that the run left behind.

## What it does
Holds each printed hyperparameter against training_args.bin, or the arguments in a TensorBoard event file.

## Condition
The printed learning rate, batch sizes, seed, accumulation, epochs, schedule or label smoothing is not that of the arguments.
Batch sizes may be a whole multiple of the argument: the Trainer prints the size over all devices of a process
(transformers/training_args.py, train_batch_size = per_device_train_batch_size * max(1, n_gpu)).

## When it stays silent
Where the repository has no such file, or was not looked at; for settings that the file does not hold; for number of epochs where
the run was bounded by max_steps.

## Usual causes
The file is of another run than the card; the card was edited; a card copied from a sibling model.

## Example
`learning_rate: 2e-05` beside a training_args.bin that holds 5e-05.
"""

from collections.abc import Iterator
from decimal import Decimal

from cardaudit.records import Evidence, Fact, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import listed
from cardaudit.rules._evidence import need_evidence

NUMBERS = ("learning_rate", "train_batch_size", "eval_batch_size", "seed", "gradient_accumulation_steps", "num_epochs")
MULTIPLES = ("train_batch_size", "eval_batch_size")
MOST_DEVICES = 64


@rule(kind="suspicious", severity="error", confidence="likely", needs=("hyperparameters",))
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    pairs = list(_pairs(subject, evidence))
    if not pairs:
        raise NotCheckable("no file of the repository holds the run's arguments")
    wrong = [(key, printed, fact) for key, printed, fact in pairs if not _agree(key, printed, fact)]
    if wrong:
        words = listed([f"{key} is printed as {printed.text} and is {fact.value}" for key, printed, fact in wrong])
        files = listed(sorted({fact.file for _, _, fact in wrong}))
        arithmetic = {key: {"printed": printed.text, "file": fact.value} for key, printed, fact in wrong}
        yield Hit(
            f"{words} in {files}; {len(pairs) - len(wrong)} other settings agree", tuple(p.span for _, p, _ in wrong), arithmetic
        )


def _pairs(subject: Subject, evidence: Evidence) -> Iterator[tuple[str, Printed, Fact]]:
    stated = subject.card.hyperparameters
    bounded = evidence.first("max_steps")
    for key in (*NUMBERS, "lr_scheduler_type", "label_smoothing_factor"):
        printed, fact = getattr(stated, key), _argument(evidence, key)
        steps = (
            key == "num_epochs" and bounded is not None and isinstance(bounded.value, int) and stated.training_steps is not None
        )
        if printed is not None and fact is not None and not steps:
            yield key, printed, fact


def _argument(evidence: Evidence, key: str) -> Fact | None:
    """The fact of a key from a file of arguments; trainer_state.json repeats only some."""
    return next((fact for fact in evidence.facts if fact.key == key and fact.file != "trainer_state.json"), None)


def _agree(key: str, printed: Printed, fact: Fact) -> bool:
    if printed.value is None:
        return str(printed.text).strip().lower() == str(fact.value).lower()
    if isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
        return False
    argument = Decimal(repr(fact.value))
    if key in MULTIPLES and argument > 0:
        times = printed.value / argument
        return times == int(times) and 1 <= times <= MOST_DEVICES
    return abs(printed.value - argument) <= printed.slack + abs(argument) * Decimal("1e-9")
