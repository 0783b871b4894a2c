"""A hyperparameter differs from the arguments that the run left behind.

## What it does
Holds each printed hyperparameter against training_args.bin, or the arguments in a TensorBoard event file.

## Condition
The printed learning rate, batch sizes, seed, accumulation, epochs, schedule or label smoothing is not that of the arguments.
Batch sizes may be a whole multiple of the argument: the Trainer prints the size over all devices of a process
(transformers/training_args.py, train_batch_size = per_device_train_batch_size * max(1, n_gpu)). Where training_args.bin agrees
and no event file does, that is a warning: the logs are of other runs.

## When it stays silent
Where the repository has no such file, or was not looked at; for settings that the file does not hold; for number of epochs where
the run was bounded by max_steps. Of several event files one that agrees is enough.

## Usual causes
The file is of another run than the card; the card was edited; a card copied from a sibling model.

## Example
`learning_rate: 2e-05` beside a training_args.bin that holds 5e-05.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from cardaudit.plurals import listed
from cardaudit.records import Printed, Severity
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._evidence import need_evidence

if TYPE_CHECKING:
    from cardaudit.records import Evidence, Fact

NUMBERS = ("learning_rate", "train_batch_size", "eval_batch_size", "seed", "gradient_accumulation_steps", "num_epochs")
ARGUMENTS = "training_args.bin"
MULTIPLES = ("train_batch_size", "eval_batch_size")
MOST_DEVICES = 64


Pair = tuple[str, Printed, "Fact"]


@rule(kind="suspicious", severity="error", confidence="likely", needs=("hyperparameters", "evidence"))
def check(subject: Subject) -> Iterator[Hit]:
    evidence = need_evidence(subject)
    by_file = {file: pairs for file in _files(evidence) if (pairs := list(_pairs(subject, evidence, file)))}
    if not by_file:
        raise NotCheckable("no file of the repository holds the run's arguments")
    own = by_file.pop(ARGUMENTS, None)
    if own is not None and (wrong := _differing(own)):
        yield _hit(wrong, own)
        return
    logs = [(pairs, _differing(pairs)) for pairs in by_file.values()]
    if not logs or not all(wrong for _, wrong in logs):
        return
    pairs, wrong = min(logs, key=lambda each: len(each[1]))
    if own is None:
        yield _hit(wrong, pairs)
    else:
        yield _hit(wrong, pairs, f", as in every event file; {ARGUMENTS} agrees with the card", "warning")


def _hit(wrong: list[Pair], pairs: list[Pair], more: str = "", severity: Severity | None = None) -> Hit:
    words = listed([f"{key} is printed as {printed.text} and is {fact.value}" for key, printed, fact in wrong])
    arithmetic = {key: {"printed": printed.text, "file": fact.value} for key, printed, fact in wrong}
    message = f"{words} in {wrong[0][2].file}{more}; {len(pairs) - len(wrong)} other settings agree"
    return Hit(message, tuple(printed.span for _, printed, _ in wrong), arithmetic, severity=severity)


def _differing(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if not _agree(*pair)]


def _files(evidence: "Evidence") -> list[str]:
    """The files that hold arguments; trainer_state.json repeats only some."""
    told = dict.fromkeys(fact.file for fact in evidence.facts if fact.key in ("learning_rate", "seed", *MULTIPLES))
    return [file for file in told if file != "trainer_state.json"]


def _pairs(subject: Subject, evidence: "Evidence", file: str) -> Iterator[Pair]:
    stated = subject.card.hyperparameters
    facts = {fact.key: fact for fact in evidence.facts if fact.file == file}
    bound = facts.get("max_steps")
    for key in (*NUMBERS, "lr_scheduler_type", "label_smoothing_factor"):
        printed, fact = getattr(stated, key), facts.get(key)
        steps = key == "num_epochs" and bound is not None and isinstance(bound.value, int) and stated.training_steps is not None
        if printed is not None and fact is not None and not steps:
            yield key, printed, fact


def _agree(key: str, printed: Printed, fact: "Fact") -> bool:
    if printed.value is None:
        return str(printed.text).strip().lower() == str(fact.value).lower()
    if isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
        return False
    argument = Decimal(repr(fact.value))
    if key in MULTIPLES and argument > 0:
        times = printed.value / argument
        return times == int(times) and 1 <= times <= MOST_DEVICES
    return abs(printed.value - argument) <= printed.slack + abs(argument) * Decimal("1e-9")
