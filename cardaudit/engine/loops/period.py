"""The Trainer of transformers 4.6 to 4.26 on top of the installed one: its order of examples and what it did with cut groups.

Held against transformers 4.24.0 in tests/test_period.py; that the lines in question are the same from 4.6.1 to 4.26.1 was read in
the wheels. 4.27 to 4.46 count micro-batches through the epochs, which is not emulated. What remains different: the masks of
dropout, and a training loss that was logged with four decimals.
"""

from collections.abc import Iterator
from math import ceil
from typing import Any

import torch
from torch.utils.data import Sampler

from cardaudit.engine.loops.parts import InParts
from cardaudit.records import Plan

FIRST, LAST = (4, 6), (4, 26)


def is_of_period(plan: Plan) -> bool:
    """Whether the plan's semantics are those that this loop has."""
    return FIRST <= _release(plan) <= LAST


def unlike_its_release(plan: Plan) -> str | None:
    """What the installed Trainer does otherwise than the one of the plan's release, in words; None where nothing is known.

    Sampler: trainer.py to 4.30 as in PeriodSampler. Cut groups: trainer.py 4.27 to 4.46, `total_batched_samples`, which is not
    set back at the end of an epoch; see cardaudit/step_law.py.
    """
    release, accumulates = _release(plan), plan.training.gradient_accumulation_steps > 1
    if not LAST < release <= (4, 46) or not (accumulates or release <= (4, 30)):
        return None
    order = "draws another order of examples" if release <= (4, 30) else ""
    groups = "lets a group of micro-batches run on into the next epoch" if accumulates else ""
    return (
        f"transformers {plan.semantics} {' and '.join(filter(None, (order, groups)))}; today's Trainer does not, and is what runs"
    )


def _release(plan: Plan) -> tuple[int, int]:
    """Major and minor version of the plan's semantics; (0, 0) for "5.x"."""
    major, _, minor = plan.semantics.partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)


def leaves_batches(plan: Plan, examples: int) -> bool:
    """Whether an epoch ends in micro-batches without an update of their own, whose gradients go into the next epoch's first."""
    batches, group = ceil(examples / plan.training.train_batch_size), plan.training.gradient_accumulation_steps
    return is_of_period(plan) and batches > group and batches % group != 0


class PeriodSampler(Sampler[int]):  # type: ignore[misc]
    """The order of the examples, epoch by epoch, that a seed gave.

    trainer.py 4.24.0, `_get_train_sampler`: a generator seeded with the first number that the global one gives after
    `set_seed`. torch's RandomSampler draws a second permutation at the end of each epoch and uses none of it
    (torch/utils/data/sampler.py 2.13; another torch of the period may not have).
    """

    def __init__(self, examples: int, seed: int) -> None:
        self._examples, self._epoch = examples, 0
        first = torch.empty((), dtype=torch.int64).random_(generator=torch.Generator().manual_seed(seed))
        self._seed = int(first)

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self._seed)
        for _ in range(2 * self._epoch):
            torch.randperm(self._examples, generator=generator)
        yield from torch.randperm(self._examples, generator=generator).tolist()

    def __len__(self) -> int:
        return self._examples


class PeriodTrainer(InParts):
    """A Trainer that follows 4.24.0 in its order, its number of updates and its groups.

    An epoch of L micro-batches, G to an update, has max(L // G, 1) updates; the loss is divided by G however many there are; the
    micro-batches left over add to the gradients of the next epoch's first update and to the window of its training loss.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.model_accepts_loss_kwargs = False
        self._rest: Iterator[Any] = iter(())

    def _get_train_sampler(self, train_dataset: Any = None) -> PeriodSampler:
        return PeriodSampler(len(train_dataset or self.train_dataset), self.args.seed)

    def set_initial_training_values(self, args: Any, dataloader: Any) -> tuple[Any, ...]:
        """As the installed Trainer counts, with the updates of a cut group left out."""
        _, _, examples, _, per_update, batches, _ = super().set_initial_training_values(args, dataloader)
        per_epoch = max(batches // args.gradient_accumulation_steps, 1)
        steps = args.max_steps if args.max_steps > 0 else ceil(args.num_train_epochs * per_epoch)
        epochs = ceil(steps / per_epoch) if args.max_steps > 0 else ceil(args.num_train_epochs)
        return epochs, per_epoch, examples, examples * epochs, per_update, batches, steps

    def get_batch_samples(self, epoch_iterator: Any, num_batches: int, device: Any) -> tuple[list[Any], Any]:  # noqa: ARG002
        """A whole group, where the installed Trainer would take the cut one as the epoch's last."""
        self._rest = epoch_iterator
        batches, _ = super().get_batch_samples(epoch_iterator, self.args.gradient_accumulation_steps, device)
        return batches, None

    def training_step(self, *arguments: Any, **options: Any) -> Any:
        self.current_gradient_accumulation_steps = self.args.gradient_accumulation_steps
        return super().training_step(*arguments, **options)

    def _run_epoch(self, *arguments: Any, **options: Any) -> None:
        """An epoch as the installed Trainer runs it, then the batches left over; the run's last update leaves them unread."""
        super()._run_epoch(*arguments, **options)
        while not self.control.should_training_stop and (batch := next(self._rest, None)) is not None:
            self._tr_loss += self.training_step(self.model, batch)
