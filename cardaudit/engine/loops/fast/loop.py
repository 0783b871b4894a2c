"""One seed by the fast loop, from the first update to the last row."""

import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from transformers import set_seed

from cardaudit.codec import pack
from cardaudit.engine.base import load_model
from cardaudit.engine.checkpoints import Checkpoint, mark_checkpoint, newest_checkpoint
from cardaudit.engine.environment import describe_environment
from cardaudit.engine.events import EventLog
from cardaudit.engine.loops.accumulation import accumulation_rule
from cardaudit.engine.loops.arguments import training_arguments
from cardaudit.engine.loops.fast.batches import IGNORED, Batch
from cardaudit.engine.loops.fast.descent import Descent
from cardaudit.engine.loops.fast.evaluation import evaluate
from cardaudit.engine.loops.fast.lanes import Lane
from cardaudit.engine.loops.fast.masks import Masks
from cardaudit.engine.loops.fast.mixed import COUNT, Scaler, forward_of
from cardaudit.engine.loops.fast.network import CHECKED, build_network
from cardaudit.engine.loops.fast.order import Update, course_of
from cardaudit.engine.loops.fast.state import load_state, save_state
from cardaudit.engine.loops.period import unlike_its_release
from cardaudit.engine.loops.trained import STOPPED, Health, Trained, is_over
from cardaudit.engine.memory import in_words, labels_in, shares, slices
from cardaudit.engine.task import Task
from cardaudit.records import Evaluation, Plan

LOOP = "fast"


def train_seed(
    seed: int,
    plan: Plan,
    task: Task,
    folder: Path,
    log: EventLog,
    checkpoints: bool = True,
    micro_batch: int | None = None,
    until: float | None = None,
) -> Trained:
    """Trains one seed, from its last checkpoint where `folder` has a whole one of this loop.

    The first weights are those of the reference loop, the order of the examples too; the masks of dropout are others.
    `until`: after this time, by time.monotonic(), it stops, with a checkpoint where these are kept.
    """
    steps = in_steps(seed, plan, task, folder, log, checkpoints, micro_batch, until)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(Trained, end.value)


def in_steps(
    seed: int,
    plan: Plan,
    task: Task,
    folder: Path,
    log: EventLog,
    checkpoints: bool = True,
    micro_batch: int | None = None,
    until: float | None = None,
) -> Generator[None, None, Trained]:
    """`train_seed`, which pauses after each update: other seeds may train in the pauses and change nothing in this one."""
    lane, environment = Lane(), describe_environment() if checkpoints else None
    with lane.taken():
        start = newest_checkpoint(folder, environment, log.warn, LOOP) if environment else None
        run = Run(seed, plan, task, folder, log, micro_batch)
        if start:
            run.resume(start)
    log.tell("seed", steps=run.course.steps, resumed_at=start.step if start else None)
    outcome = None
    for update in run.course.updates(run.step):
        with lane.taken():
            outcome = _advance(run, update, environment, until)
        if outcome:
            break
        yield
    return Trained(tuple(run.rows), outcome or run.health.outcome, run.seconds, run.facts, run.step)


def _advance(run: "Run", update: Update, environment: Mapping[str, Any] | None, until: float | None) -> str | None:
    """An update and what follows it; the outcome of the run where that ends it before its time."""
    run.update(update)
    if run.is_logged(update):
        run.close_window()
    if run.is_evaluated(update) and not run.evaluate(update):
        return run.health.outcome
    stops = is_over(until) and run.step < run.course.steps
    if environment and (stops or run.is_evaluated(update)):
        run.save(environment)
    return STOPPED if stops else None


class Run:
    """One seed in training: `step` updates done, `rows` so far. `loss_sum` is the window's behind the next "Training Loss".

    `micro_batch`: so many examples of a batch at a time, None for all: engine/memory.py. `dtype`: of autocast, instead of the
    plan's, where a machine can compute what its stock Trainer does not.
    """

    def __init__(
        self,
        seed: int,
        plan: Plan,
        task: Task,
        folder: Path,
        log: EventLog,
        micro_batch: int | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        self._plan, self._task, self._folder, self._log = plan, task, folder, log
        self._began, self._before = time.monotonic(), 0.0
        if unlike := unlike_its_release(plan):
            log.warn(unlike)
        set_seed(seed)
        model = load_model(plan, task.auto, task.model_options).to(_device())
        self._rule = accumulation_rule(model, task, plan, log.warn)
        arguments = training_arguments(plan, seed, folder, log.warn)
        forward = forward_of(model, plan.training, dtype)
        self.scaler = Scaler(model.device) if forward.dtype is torch.float16 else None
        self.network = build_network(forward, task, Masks(seed), max(2, micro_batch or CHECKED), self.scaler, log.warn)
        if self.network.why_padded:
            log.warn(f"batches are padded, this model's sentences cannot be packed: {self.network.why_padded}")
        model.train()
        self.course = course_of(plan, seed, len(task.train))
        self._descent = Descent(model, plan, arguments, self.course.steps, self.network.recording, self.scaler)
        self._tally = task.tally(model.device) if task.tally else None
        self.step, self._logged_at = 0, 0
        self._loss_sum = torch.zeros((), device=model.device)
        self._training_loss: float | None = None
        self.rows: list[Evaluation] = []
        self.facts: Mapping[str, Any] = {"micro_batch": micro_batch} if micro_batch else {}
        self.health = Health(model.parameters(), log.warn)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began + self._before

    def resume(self, start: Checkpoint) -> None:
        self.rows, self._training_loss = load_state(start.folder, self.network.model, self._descent)
        self.step, self._logged_at, self._before, self.facts = start.step, start.logged_at, start.seconds, start.facts
        self._loss_sum.fill_(start.loss_sum)

    def update(self, update: Update) -> None:
        """Gradients of the update's batches, then a step."""
        batches = [self._parts(numbers) for numbers in update.batches]
        counted = self._rule == "count"
        more = {COUNT: _labels_in([part for parts in batches for part, _ in parts])} if counted else {}
        divisor = update.divisor if self._rule == "mean" else 1
        for number, parts in enumerate(batches):
            self.network.masks.begin(update.step, number)
            for part, share in parts:
                self._add(self.network.gradients(part, divisor / share, more))
        self._descent.step()
        self.step = update.step
        self._log.progress(step=self.step, steps=self.course.steps, epoch=update.epoch, seconds=round(self.seconds, 3))

    def _parts(self, numbers: Sequence[int]) -> list[tuple[Batch, float]]:
        """A batch, whole or as memory holds it, and how much of its loss each part is."""
        size = self.facts.get("micro_batch") or len(numbers)
        fed = [self.network.feed(self.network.train, part) for part in slices(numbers, size)]
        if len(fed) == 1 or self._rule == "count":
            return [(part, 1.0) for part in fed]
        weights = shares([labels_in(part.inputs["labels"]) for part in fed])
        return [(part, share) for part, share in zip(fed, weights, strict=True) if share]

    def _add(self, loss: torch.Tensor) -> None:
        """One micro-batch's loss to the window; one that is not finite counts as the window's mean (trainer.py, _run_epoch)."""
        self._loss_sum += torch.where(loss.isfinite(), loss, self._loss_sum / (1 + self.step - self._logged_at))

    def is_logged(self, update: Update) -> bool:
        return update.step % self._plan.schedule.logging_steps == 0

    def close_window(self) -> None:
        """The training loss as the Trainer logs it: the mean over the steps since it last did."""
        self._training_loss = self._loss_sum.item() / (self.step - self._logged_at)
        self._loss_sum.zero_()
        self._logged_at = self.step

    def is_evaluated(self, update: Update) -> bool:
        """After an epoch, or so many steps, and at the end of the run (trainer_callback.py 5.23, DefaultFlowCallback)."""
        schedule, last = self._plan.schedule, update.step == self.course.steps
        if schedule.strategy == "epoch":
            return update.ends_epoch or last
        return last or update.step % (schedule.eval_steps or schedule.logging_steps) == 0

    def evaluate(self, update: Update) -> bool:
        """Adds a row; whether the run goes on."""
        whole, key = self._plan.training.eval_batch_size, "evaluation_micro_batch"
        before = self.facts.get(key)
        loss, metrics, facts = evaluate(self.network, self._task, self._tally, whole, before)
        self.facts = {**self.facts, **facts}
        if facts.get(key) != before:
            self._log.warn(in_words(facts[key], whole, "an evaluation batch of", "its examples are taken"))
        self.rows.append(Evaluation(update.epoch, update.step, self._training_loss, loss, metrics))
        self._log.tell("evaluation", row=pack(self.rows[-1]))
        return self.health.judge(self.rows[-1])

    def save(self, environment: Mapping[str, Any]) -> None:
        checkpoint = Checkpoint(
            folder=self._folder / f"checkpoint-{self.step}",
            step=self.step,
            loss_sum=self._loss_sum.item(),
            logged_at=self._logged_at,
            seconds=self.seconds,
            facts=self.facts,
            loop=LOOP,
        )
        save_state(checkpoint.folder, self.network.model, self._descent, self.rows, self._training_loss)
        mark_checkpoint(checkpoint, environment)


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _labels_in(batches: Sequence[Batch]) -> torch.Tensor:
    return sum((batch.inputs["labels"] != IGNORED).sum() for batch in batches)
