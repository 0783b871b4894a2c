"""Which examples each update sees: the Trainer's order for a seed, in its micro-batches and groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

import torch

from cardaudit.engine.loops.period import PeriodSampler, is_of_period
from cardaudit.records import Plan

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """One update of the weights.

    `step` counts from 1; `epoch` is what the Trainer would log; `batches`: the examples of each micro-batch, whose losses are
    divided by `divisor` and whose gradients add up. `ends_epoch`: the last one of an epoch.
    """

    step: int
    epoch: float
    batches: tuple[Numbers, ...]
    divisor: int
    ends_epoch: bool


@dataclass(frozen=True, slots=True)
class Course:
    """All updates of one seed. `steps` of them, `per_epoch` in a whole epoch; `batch_size` and `group` as the plan has them."""

    seed: int
    examples: int
    batch_size: int
    group: int
    per_epoch: int
    steps: int
    of_period: bool

    def updates(self, done: int = 0) -> Iterator[Update]:
        """The updates after the first `done`. Those of the period begin an epoch with what the one before left over."""
        for epoch in count(done // self.per_epoch):
            carried = self._left_over(epoch - 1) if epoch else ()
            for update in self._epoch(epoch, carried):
                if update.step > self.steps:
                    return
                if update.step > done:
                    yield update

    def _epoch(self, epoch: int, carried: Sequence[Numbers]) -> Iterator[Update]:
        batches = self._batches(epoch)
        for number in range(self.per_epoch):
            own = batches[number * self.group : (number + 1) * self.group]
            seen = min((number + 1) * self.group, len(batches))
            yield Update(
                step=epoch * self.per_epoch + number + 1,
                epoch=epoch + seen / len(batches),
                batches=(*carried, *own) if number == 0 else tuple(own),
                divisor=self.group if self.of_period else len(own),
                ends_epoch=number == self.per_epoch - 1,
            )

    def _left_over(self, epoch: int) -> Sequence[Numbers]:
        """Micro-batches without an update of their own: see loops/period.py. Today's Trainer has none."""
        return self._batches(epoch)[self.per_epoch * self.group :]

    def _batches(self, epoch: int) -> list[Numbers]:
        order = permutation(self.examples, self.seed, epoch, self.of_period)
        return [tuple(order[start : start + self.batch_size]) for start in range(0, len(order), self.batch_size)]


def course_of(plan: Plan, seed: int, examples: int) -> Course:
    """The updates that the Trainer of the plan's semantics makes (trainer.py 5.23, set_initial_training_values; period.py)."""
    training, of_period = plan.training, is_of_period(plan)
    batches, group = ceil(examples / training.train_batch_size), training.gradient_accumulation_steps
    per_epoch = max(batches // group, 1) if of_period else ceil(batches / group)
    epochs = training.num_epochs if training.num_epochs is not None else 1.0
    steps = training.max_steps or ceil(epochs * per_epoch)
    return Course(seed, examples, training.train_batch_size, group, per_epoch, steps, of_period)


def permutation(examples: int, seed: int, epoch: int, of_period: bool) -> list[int]:
    """The order of the examples in an epoch.

    Today: the first permutation of a generator seeded with seed + epoch (accelerate 1.15, data_loader.py,
    SeedableRandomSampler). Of the period: see PeriodSampler.
    """
    if of_period:
        sampler = PeriodSampler(examples, seed)
        sampler.set_epoch(epoch)
        return list(sampler)
    order: list[int] = torch.randperm(examples, generator=torch.Generator().manual_seed(seed + epoch)).tolist()
    return order
