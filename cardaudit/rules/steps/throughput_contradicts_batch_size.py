"""Run time and throughput of the evaluation do not give whole batches of the stated size.

## What it does
Recomputes the number of evaluation examples and batches from eval_runtime, eval_samples_per_second and eval_steps_per_second.

## Condition
transformers/trainer_utils.py, `speed_metrics` prints runtime t to 4 decimals, n / t and ceil(n / batch) / t to 3, with the
batch of all devices together (trainer.py, `evaluate`). So t x samples a second holds a whole n, t x steps a second a whole
number of batches, and the two must agree for total_eval_batch_size, else eval_batch_size x num_devices. `inconsistent` never:
with several processes or a loop of one's own the samples are counted otherwise.

## When it stays silent
Cards without all of runtime, samples a second and steps a second; unknown numbers of devices; run times too long for the digits
to tell whole numbers; IPUs and TPUs.

## Usual causes
eval_batch_size edited, or found by auto_find_batch_size; numbers of two evaluations side by side.

## Example
Runtime 10.0, 100.0 samples and 12.5 steps a second with eval_batch_size 16: 1,000 examples in 125 batches, where 16 give 63.
"""

from collections.abc import Iterator

from cardaudit.records import Card, Printed
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._columns import integer
from cardaudit.rules._steps import counted_in, evaluation_speed, is_ipu, spread


@rule(kind="suspicious", severity="warning", confidence="likely", needs=("metric runtime",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    speed = evaluation_speed(card)
    label, batch, at = _eval_batch(card)
    if speed.steps_per_second is None:
        raise NotCheckable("no steps a second are stated")
    examples, batches = counted_in(speed.runtime, speed.samples_per_second), counted_in(speed.runtime, speed.steps_per_second)
    spans = (speed.runtime.span, speed.samples_per_second.span, speed.steps_per_second.span, at.span)
    for name, whole, rate in (("samples", examples, speed.samples_per_second), ("steps", batches, speed.steps_per_second)):
        if not whole:
            message = f"runtime {speed.runtime.text} at {rate.text} {name} a second holds no whole number of {name}"
            yield Hit(message, spans, {})
            return
    fewest, most = -(-examples[0] // batch), -(-examples[-1] // batch)
    if batches[-1] < fewest or batches[0] > most:
        message = f"{spread(examples[0], examples[-1])} examples in {spread(batches[0], batches[-1])} batches by run time and "
        message += f"throughput, but {label} {at.text} gives {spread(fewest, most)}"
        yield Hit(message, spans, {"examples": [examples[0], examples[-1]], "batches": [batches[0], batches[-1]]})


def _eval_batch(card: Card) -> tuple[str, int, Printed]:
    parameters = card.hyperparameters
    total, each = parameters.total_eval_batch_size, parameters.eval_batch_size
    if is_ipu(card):
        raise NotCheckable("the run was on IPUs, whose replication the card does not state")
    if total is not None and (size := integer(total)):
        return "total_eval_batch_size", size, total
    if parameters.distributed_type or parameters.num_devices:
        raise NotCheckable("the total evaluation batch size is not stated")
    if each is None or (size := integer(each)) is None:
        raise NotCheckable("no evaluation batch size is stated")
    return "eval_batch_size", size, each
