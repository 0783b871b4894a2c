"""The reference loop: the stock transformers.Trainer, or that of the card's period, told what the card says and nothing else."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerState, set_seed
from transformers.trainer_callback import PrinterCallback

from cardaudit.codec import pack
from cardaudit.engine.base import load_model
from cardaudit.engine.checkpoints import Checkpoint, mark_checkpoint, newest_checkpoint
from cardaudit.engine.environment import describe_environment
from cardaudit.engine.events import EventLog
from cardaudit.engine.loops.accumulation import divides_by_count, mend_accumulation
from cardaudit.engine.loops.arguments import own_optimizer, training_arguments
from cardaudit.engine.loops.parts import InParts
from cardaudit.engine.loops.period import PeriodTrainer, is_of_period, leaves_batches, unlike_its_release
from cardaudit.engine.loops.trained import STOPPED, Health, Trained, is_over
from cardaudit.engine.memory import in_words
from cardaudit.engine.task import Task, Tell
from cardaudit.records import Evaluation, Plan

# What Trainer logs beside an evaluation's metrics.
TIMINGS = ("runtime", "samples_per_second", "steps_per_second", "model_preparation_time", "jit_compilation_time")


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
    """Trains one seed, from its last checkpoint where `folder` has a whole one.

    `micro_batch`: how many examples of a batch at a time, None for all; a checkpoint that was made with less goes on with less.
    `until`: after this time, by time.monotonic(), it stops, with a checkpoint where these are kept.
    """
    trainer = make_trainer(seed, plan, task, folder, log.warn)
    if checkpoints and plan.mode == "train" and leaves_batches(plan, len(task.train)):
        log.warn("no checkpoints are kept: epochs of this plan end in gradients that transformers 4.24 keeps for the next epoch")
        checkpoints = False
    environment = describe_environment() if checkpoints else None
    start = newest_checkpoint(folder, environment, log.warn) if environment else None
    facts = {"micro_batch": micro_batch} if micro_batch else {}
    desk = _Desk(trainer, task, log, start, environment, facts, until)
    _spare(trainer, plan, task, desk.facts, log.warn)
    trainer.compute_metrics = desk.score
    trainer.add_callback(desk)
    outcome = None
    try:
        _run(trainer, plan, start)
    except _Stopped:
        outcome = STOPPED
    rows = rows_of(trainer.state.log_history)
    return Trained(rows, outcome or desk.outcome, desk.seconds, desk.facts, trainer.state.global_step)


def make_trainer(seed: int, plan: Plan, task: Task, folder: Path, tell: Tell) -> Any:
    """The Trainer of one seed, its model loaded, nothing trained yet.

    The seed is set before the model is loaded, so that the head's first weights belong to it, as in run_ner.py and run_glue.py;
    the notebooks load first and leave them to chance.
    """
    set_seed(seed)
    model = load_model(plan, task.auto, task.model_options)
    if unlike := unlike_its_release(plan):
        tell(unlike)
    trainer = (PeriodTrainer if is_of_period(plan) else InParts)(
        model,
        training_arguments(plan, seed, folder, tell),
        train_dataset=task.train or None,
        eval_dataset=task.evaluation,
        data_collator=task.collator,
        processing_class=task.tokenizer,
        optimizer_cls_and_kwargs=own_optimizer(plan),
    )
    trainer.remove_callback(PrinterCallback)
    if plan.training.gradient_accumulation_steps > 1 and plan.mode == "train":
        mend_accumulation(trainer, task, plan, tell)
    return trainer


def _spare(trainer: Any, plan: Plan, task: Task, facts: Mapping[str, Any], tell: Tell) -> None:
    """Lets a trainer take its batches in the parts that `facts` name, and smaller ones where an evaluation needs it."""
    whole = plan.training.eval_batch_size
    trainer.on_less = lambda size: tell(in_words(size, whole, "an evaluation batch of", "its examples are taken"))
    trainer.evaluation_micro_batch = facts.get("evaluation_micro_batch")
    trainer.micro_batch = facts.get("micro_batch")
    trainer.counted = trainer.micro_batch is not None and divides_by_count(trainer, task)


def _run(trainer: Any, plan: Plan, start: Checkpoint | None) -> None:
    if plan.mode == "evaluate":
        trainer.evaluate()
        return
    if start is None:
        trainer.train()
        return
    state = TrainerState.load_from_json(str(start.folder / "trainer_state.json"))
    if state.global_step < state.max_steps:
        trainer.train(resume_from_checkpoint=str(start.folder))
    else:
        # Killed between the last step and run.json. Trainer 5.23 would train one step more (_run_epoch looks after the step).
        trainer.state = state


def rows_of(history: list[dict[str, Any]]) -> tuple[Evaluation, ...]:
    """The evaluations in a Trainer's log. Training loss is the last one logged so far, as transformers/modelcard.py prints it."""
    rows: list[Evaluation] = []
    training_loss = None
    for entry in history:
        if "loss" in entry:
            training_loss = float(entry["loss"])
        if "eval_loss" in entry:
            metrics = {key.removeprefix("eval_"): float(value) for key, value in entry.items() if key.startswith("eval_")}
            loss = metrics.pop("loss")
            for timing in TIMINGS:
                metrics.pop(timing, None)
            rows.append(Evaluation(float(entry.get("epoch") or 0.0), int(entry["step"]), training_loss, loss, metrics))
    return tuple(rows)


class _Stopped(Exception):
    """Leaves the Trainer in the midst of its training."""


class _Desk(TrainerCallback):  # type: ignore[misc]
    """Watches one seed: tells its progress and rows, saves after each evaluation, ends a run that cannot recover.

    `environment` goes into the checkpoints; None means that none are kept. `facts` are the run's so far, before a checkpoint's.
    """

    def __init__(
        self,
        trainer: Any,
        task: Task,
        log: EventLog,
        start: Checkpoint | None,
        environment: Mapping[str, Any] | None,
        facts: Mapping[str, Any],
        until: float | None,
    ) -> None:
        self._trainer, self._task, self._log, self._start, self._environment = trainer, task, log, start, environment
        self._began, self._until = time.monotonic(), until
        self._health = Health(trainer.model.parameters(), log.warn)
        self.facts: dict[str, Any] = {**facts, **(start.facts if start else {})}

    @property
    def outcome(self) -> str:
        return self._health.outcome

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began + (self._start.seconds if self._start else 0.0)

    def score(self, prediction: Any) -> dict[str, float]:
        metrics, facts = self._task.score(prediction.predictions, prediction.label_ids)
        self.facts.update(facts)
        if self._trainer.evaluation_micro_batch:
            self.facts["evaluation_micro_batch"] = self._trainer.evaluation_micro_batch
        return metrics

    def on_train_begin(self, _arguments: Any, state: Any, _control: Any, **_: Any) -> None:
        if self._start:
            # Trainer 5.23 starts the window of "Training Loss" anew on resuming; a run in one piece does not.
            self._trainer._tr_loss += self._start.loss_sum
            self._trainer._globalstep_last_logged = self._start.logged_at
        self._log.tell("seed", steps=state.max_steps, resumed_at=self._start.step if self._start else None)

    def on_step_end(self, arguments: Any, state: Any, control: Any, **_: Any) -> None:
        self._log.progress(step=state.global_step, steps=state.max_steps, epoch=state.epoch, seconds=round(self.seconds, 3))
        # A checkpoint of an epoch's last step would go on without the evaluation that follows; that one's will do.
        if self._is_late(state) and not (arguments.eval_strategy == "epoch" and state.epoch == int(state.epoch)):
            if self._environment is None:
                raise _Stopped
            control.should_save = True

    def on_evaluate(self, _arguments: Any, state: Any, control: Any, **_: Any) -> None:
        row = rows_of(state.log_history)[-1]
        self._log.tell("evaluation", row=pack(row))
        if not self._health.judge(row):
            control.should_training_stop = True
        elif self._environment is not None and self._trainer.is_in_train:
            control.should_save = True

    def on_save(self, arguments: Any, state: Any, _control: Any, **_: Any) -> None:
        if self._environment is None:
            return
        checkpoint = Checkpoint(
            folder=Path(arguments.output_dir) / f"checkpoint-{state.global_step}",
            step=state.global_step,
            loss_sum=self._trainer._tr_loss.item(),
            logged_at=self._trainer._globalstep_last_logged,
            seconds=self.seconds,
            facts=self.facts,
        )
        mark_checkpoint(checkpoint, self._environment)
        if self._is_late(state):
            raise _Stopped

    def _is_late(self, state: Any) -> bool:
        """Whether the time is over and the run is not."""
        return is_over(self._until) and bool(state.global_step < state.max_steps)
