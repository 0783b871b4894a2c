"""Counts beside what follows from them: right answers beside their accuracy, a training's examples beside its steps."""

import random
from collections.abc import Callable

from mutation_beside import section
from mutation_operators import pair

BANNER = """## Log

```
***** Running training *****
  Num examples = {examples:,}
  Num Epochs = {epochs}
  Instantaneous batch size per device = {batch}
  Total train batch size (w. parallel, distributed & accumulation) = {total}
  Gradient Accumulation steps = {accumulation}
  Total optimization steps = {steps:,}
```"""


def _counted(off: float) -> Callable[[random.Random], str]:
    """A sentence with an accuracy and the counts behind it, these a share of `off` above it."""

    def words(rng: random.Random) -> str:
        examples = rng.randrange(2_003, 9_990)
        right = round(examples * rng.uniform(0.6, 0.85))
        counts = f"({right + round(off * examples):,}/{examples:,})"
        return f"## On our own letters\n\nOn these the model has an accuracy of {right / examples * 100:.2f} % {counts}."

    return words


def _banner(factor: float) -> Callable[[random.Random], str]:
    """The Trainer's banner, whose steps are those of `factor` as many examples."""

    def words(rng: random.Random) -> str:
        examples, epochs, batch, accumulation = rng.randrange(9_000, 40_000), rng.randint(1, 4), rng.choice((2, 4, 8)), 4
        steps = int(-(-examples // batch) // accumulation * epochs * factor)
        total = batch * accumulation
        return BANNER.format(examples=examples, epochs=epochs, batch=batch, total=total, accumulation=accumulation, steps=steps)

    return words


pair(
    "count-contradicts-accuracy",
    "counts-of-another-accuracy",
    section(_counted(0.02)),
    "counts-of-the-accuracy",
    section(_counted(0)),
)
pair("stated-size-contradicts-steps", "banner-of-other-steps", section(_banner(1.7)), "banner-of-its-steps", section(_banner(1)))
