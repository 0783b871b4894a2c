"""How many examples the evaluation set has, from its run time and throughput.

## What it does
Multiplies eval_runtime with eval_samples_per_second, and names the known splits of that size.

## Condition
transformers/trainer_utils.py, `speed_metrics` prints the run time t with 4 decimals and n / t with 3, so n is the whole number in
t x samples a second; the product of the two intervals is below 1 wide where t is below some minutes.

## When it stays silent
Cards without runtime and samples a second; products so wide that more than ten sizes fit; no whole number in it.

## Usual causes
A card whose author printed the whole dictionary of `trainer.evaluate()`.

## Example
Runtime 120.5431 at 26.97 samples a second: 3,251 examples, where conll2003 has 3,250 in its validation split.
"""

from collections.abc import Iterator

from cardaudit.facts import dataset_splits
from cardaudit.records import Card
from cardaudit.rule import Hit, NotCheckable, Subject, rule
from cardaudit.rules._steps import counted_in, evaluation_speed

WIDEST = 10


@rule(kind="note", severity="info", confidence="likely", needs=("metric runtime",))
def check(subject: Subject) -> Iterator[Hit]:
    card = subject.card
    speed = evaluation_speed(card)
    sizes = counted_in(speed.runtime, speed.samples_per_second)
    if not sizes or len(sizes) > WIDEST:
        raise NotCheckable("run time and throughput are too coarse to give a size")
    said = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    message = f"runtime {speed.runtime.text} at {speed.samples_per_second.text} samples a second is {said} evaluation examples"
    splits = sorted({(name, size) for name, size in _splits(card) if size in sizes})
    if splits:
        message += "; " + ", ".join(f"{name} has {size:,}" for name, size in splits[:3])
    worked = {"examples": [sizes[0], sizes[-1]], "known_sizes": dict(splits)}
    yield Hit(message, (speed.runtime.span, speed.samples_per_second.span), worked)


def _splits(card: Card) -> Iterator[tuple[str, int]]:
    for mention in card.datasets:
        for config, splits in dataset_splits(mention.id).items():
            for split, size in splits.items():
                if mention.config in (None, config):
                    yield f"the {split} split of {mention.id}", size
