"""The engine against the stock Trainer and against kill -9, and what it records."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import tiny
from tiny import attempt, sentence_of, train, warnings_of

from cardaudit.records import Evaluation, Plan, Schedule
from cardaudit.runs import plan_digest, read_run, write_plan

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [pytest.mark.train, pytest.mark.usefixtures("one_thread")]
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")


# --- the stock Trainer --------------------------------------------------------------------------------------------------


def stock_token_rows(base: Path, folder: Path, **arguments: Any) -> list[Evaluation]:
    """What a direct use of transformers.Trainer logs for tiny.token_plan: written without the engine's own code."""
    import numpy as np
    import seqeval.metrics as seqeval
    import transformers as hf
    from datasets import Dataset

    labels = ["O", "B-LOC", "I-LOC", "B-PER"]
    hf.set_seed(42)
    tokenizer = hf.AutoTokenizer.from_pretrained(base)

    def encode(batch: dict[str, Any]) -> Any:
        encoded = tokenizer(batch["tokens"], truncation=True, is_split_into_words=True)
        encoded["labels"] = []
        for i, tags in enumerate(batch["tags"]):
            words = encoded.word_ids(i)
            encoded["labels"].append(
                [-100 if w is None or (j and words[j - 1] == w) else labels.index(tags[w]) for j, w in enumerate(words)]
            )
        return encoded

    def metrics(prediction: Any) -> dict[str, float]:
        best = np.argmax(prediction.predictions, axis=2)
        kept = [
            [(labels[t], labels[g]) for g, t in zip(*row, strict=True) if t != -100]
            for row in zip(best, prediction.label_ids, strict=True)
        ]
        truth, guess = ([[pair[side] for pair in row] for row in kept] for side in (0, 1))
        return {name: getattr(seqeval, f"{name}_score")(truth, guess) for name in ("precision", "recall", "f1", "accuracy")}

    def load(count: int, seed: int) -> Any:
        rows = tiny.sentences(count, seed)
        table = Dataset.from_dict({"tokens": [words for words, _ in rows], "tags": [tags for _, tags in rows]})
        return table.map(encode, batched=True, remove_columns=["tokens", "tags"])

    options = {"learning_rate": 2e-3, "per_device_train_batch_size": 8, "per_device_eval_batch_size": 4, "num_train_epochs": 2}
    trainer = hf.Trainer(
        hf.AutoModelForTokenClassification.from_pretrained(base, num_labels=4),
        hf.TrainingArguments(
            str(folder),
            eval_strategy="epoch",
            save_strategy="no",
            logging_steps=3,
            weight_decay=0.01,
            seed=42,
            report_to=[],
            disable_tqdm=True,
            **{**options, **arguments},
        ),
        train_dataset=load(40, 1),
        eval_dataset=load(20, 2),
        data_collator=hf.DataCollatorForTokenClassification(tokenizer),
        processing_class=tokenizer,
        compute_metrics=metrics,
    )
    trainer.train()
    rows, loss = [], None
    for entry in trainer.state.log_history:
        loss = entry.get("loss", loss)
        if "eval_loss" in entry:
            scores = {name: entry[f"eval_{name}"] for name in ("precision", "recall", "f1", "accuracy")}
            rows.append(Evaluation(entry["epoch"], entry["step"], loss, entry["eval_loss"], scores))
    return rows


def test_rows_equal_those_of_the_stock_trainer(base: Path, data: Path, tmp_path: Path) -> None:
    run, events = train(tiny.token_plan(base, data), tmp_path)
    assert list(run.rows) == stock_token_rows(base, tmp_path / "stock")
    assert [row.step for row in run.rows] == [5, 10]
    assert run.outcome == "finished"
    assert warnings_of(events) == []


def test_accumulated_batches_equal_one_batch_where_the_stock_trainer_sums(base: Path, data: Path, tmp_path: Path) -> None:
    """transformers 5.23: a BERT head ignores num_items_in_batch and nobody divides, so the stock loss is 4 times too large."""
    assert version("transformers") == "5.23.0", "see whether huggingface/transformers #47688 is mended here"
    plan = tiny.token_plan(base, data, train_batch_size=2, gradient_accumulation_steps=4)
    ours, events = train(plan, tmp_path / "ours")
    whole, _ = train(tiny.token_plan(base, data), tmp_path / "whole")
    stock = stock_token_rows(base, tmp_path / "stock", per_device_train_batch_size=2, gradient_accumulation_steps=4)
    kept, told = train(replace(plan, task_options={"stock_accumulation_loss": True}), tmp_path / "kept")
    assert ours.rows[0].training_loss == pytest.approx(whole.rows[0].training_loss, rel=0.05)
    assert stock[0].training_loss == pytest.approx(4 * whole.rows[0].training_loss, rel=0.1)
    assert list(kept.rows) == stock
    assert warnings_of(events) == [
        "this model's head ignores num_items_in_batch: the engine takes the mean over accumulated batches (transformers #47688)"
    ]
    assert warnings_of(told) == [
        "the loss under accumulation is left as this transformers has it: the sum over the accumulated batches, not the mean"
    ]


def test_smoothed_labels_are_accumulated_as_the_stock_trainer_does(base: Path, data: Path, tmp_path: Path) -> None:
    """transformers 5.23: the label smoother divides by num_items_in_batch, which heads ignore, so there is nothing to mend."""
    stock = stock_token_rows(
        base, tmp_path / "stock", per_device_train_batch_size=2, gradient_accumulation_steps=4, label_smoothing_factor=0.1
    )
    plan = tiny.token_plan(base, data, train_batch_size=2, gradient_accumulation_steps=4, label_smoothing_factor=0.1)
    run, events = train(plan, tmp_path / "ours")
    whole, _ = train(tiny.token_plan(base, data, label_smoothing_factor=0.1), tmp_path / "whole")
    assert list(run.rows) == stock
    assert warnings_of(events) == []
    assert run.rows[0].training_loss == pytest.approx(whole.rows[0].training_loss, rel=0.05)


def test_bf16_is_computed_on_a_cpu_too(base: Path, data: Path, tmp_path: Path) -> None:
    """transformers 5.23 refuses it where it is not told that a CPU is meant."""
    import torch

    run, events = train(tiny.token_plan(base, data, precision="bf16"), tmp_path)
    stock = stock_token_rows(base, tmp_path / "stock", bf16=True, use_cpu=not torch.cuda.is_available())
    assert list(run.rows) == stock
    assert warnings_of(events) == []


def test_arguments_are_the_plans(base: Path, data: Path, tmp_path: Path) -> None:
    from cardaudit.engine.loops.arguments import training_arguments

    plan = tiny.token_plan(
        base,
        data,
        optimizer="OptimizerNames.ADAFACTOR",
        lr_scheduler_type="cosine",
        warmup_ratio=0.1,
        label_smoothing_factor=0.2,
        max_grad_norm=0.5,
        num_epochs=None,
        max_steps=7,
        precision="fp16",
    )
    told: list[str] = []
    arguments = training_arguments(replace(plan, schedule=Schedule("steps", 4, 2)), 7, tmp_path, told.append)
    seen = {
        "optim": arguments.optim.value,
        "schedule": arguments.lr_scheduler_type.value,
        "warmup": arguments.get_warmup_steps(70),
        "smoothing": arguments.label_smoothing_factor,
        "clip": arguments.max_grad_norm,
        "steps": arguments.max_steps,
        "evaluation": (arguments.eval_strategy.value, arguments.eval_steps, arguments.logging_steps),
        "fp16": arguments.fp16,
        "seed": arguments.seed,
    }
    import torch

    on_gpu = torch.cuda.is_available()
    assert seen == {
        "optim": "adafactor",
        "schedule": "cosine",
        "warmup": 7,
        "smoothing": 0.2,
        "clip": 0.5,
        "steps": 7,
        "evaluation": ("steps", 4, 2),
        "fp16": on_gpu,
        "seed": 7,
    }
    assert told == ([] if on_gpu else ["the plan says fp16, which needs a GPU: this run computes in fp32"])


@pytest.mark.parametrize(
    ("semantics", "accumulation", "order", "groups"),
    [
        ("5.x", 4, False, False),
        ("4.24", 4, False, False),
        ("4.28", 1, True, False),
        ("4.28", 4, True, True),
        ("4.40", 1, False, False),
        ("4.40", 4, False, True),
        ("4.52", 4, False, False),
    ],
)
def test_what_is_not_emulated_is_told(
    base: Path, data: Path, semantics: str, accumulation: int, order: bool, groups: bool
) -> None:
    from cardaudit.engine.loops.period import unlike_its_release

    plan = replace(tiny.token_plan(base, data, gradient_accumulation_steps=accumulation), semantics=semantics)
    words = unlike_its_release(plan) or ""
    assert (semantics in words, "order of examples" in words, "group of micro-batches" in words) == (
        order or groups,
        order,
        groups,
    )


@pytest.mark.parametrize(
    ("optimizer", "semantics", "name"),
    [
        ("adam", "5.x", "adamw_torch_fused"),
        ("adamw", "4.24", "adamw_torch"),
        ("adamw_hf", "4.24", "adamw_torch"),
        ("OptimizerNames.ADAMW_TORCH_FUSED", "5.x", "adamw_torch_fused"),
        ("lion", "5.x", "lion_32bit"),
    ],
)
def test_optimizer_spellings(base: Path, data: Path, optimizer: str, semantics: str, name: str) -> None:
    from cardaudit.engine.loops.arguments import optimizer_name

    plan = replace(tiny.token_plan(base, data, optimizer=optimizer), semantics=semantics)
    assert optimizer_name(plan) == name


# --- interrupted --------------------------------------------------------------------------------------------------------


def engine(plan: Plan, folder: Path, *options: str, **more: Any) -> "subprocess.Popen[str]":
    """The engine as a process of its own, as runs.start_engine starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_plan(plan, folder / "plan.json")
    command = [sys.executable, "-m", "cardaudit.engine", str(folder / "plan.json"), str(folder), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, **more)


def events_until(process: "subprocess.Popen[str]", kind: str) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        yield event
        if event["event"] == kind:
            return


def long_plan(base: Path, data: Path) -> Plan:
    """Evaluations inside epochs, windows of the training loss across them, dropout on: all that resuming could get wrong."""
    plan = tiny.token_plan(base, data, num_epochs=9.0, weight_decay=0.1, lr_scheduler_type="cosine", warmup_ratio=0.1)
    return replace(plan, schedule=Schedule("steps", 7, 4))


def test_killed_runs_end_in_the_rows_of_an_uninterrupted_one(base: Path, data: Path, tmp_path: Path) -> None:
    plan, folder = long_plan(base, data), tmp_path / "killed"
    process = engine(plan, folder)
    before = [event["row"]["step"] for event in events_until(process, "evaluation") if event["event"] == "evaluation"]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert before == [7]
    assert not (folder / "42" / "run.json").exists()
    resumed, events = train(plan, folder)
    whole, _ = train(plan, tmp_path / "whole", checkpoints=False)
    started = next(event for event in events if event["event"] == "seed")
    assert started["resumed_at"] in (None, 7, 14)  # the kill came before or after the mark of the checkpoint
    assert [row.step for row in whole.rows] == [7, 14, 21, 28, 35, 42, 45]
    assert resumed.rows == whole.rows
    assert resumed.facts == whole.facts
    assert list((folder / "42").glob("checkpoint-*")) == []


@pytest.mark.parametrize("schedule", [Schedule("steps", 7, 4), Schedule("epoch", None, 4)])
def test_every_checkpoint_continues_bit_for_bit(
    base: Path, data: Path, tmp_path: Path, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stops one step after each evaluation in turn, and continues in the same folder."""
    from cardaudit.engine import events
    from cardaudit.engine.seeds import train_seeds

    class Stop(events.EventLog):
        evaluated = False

        def tell(self, event: str, **fields: Any) -> None:
            super().tell(event, **fields)
            if event == "progress" and self.evaluated:
                raise KeyboardInterrupt
            self.evaluated = self.evaluated or event == "evaluation"

    plan = replace(long_plan(base, data), schedule=schedule)
    plan = replace(plan, training=replace(plan.training, num_epochs=4.0))
    whole, _ = train(plan, tmp_path / "whole", checkpoints=False)
    monkeypatch.setattr(events, "PROGRESS_SECONDS", 0.0)
    path = tmp_path / "cut" / "plan.json"
    write_plan(plan, path)
    for _ in whole.rows[:-1]:
        with pytest.raises(KeyboardInterrupt):
            train_seeds(path, path.parent, [42], True, Stop(io.StringIO()))
    train_seeds(path, path.parent, [42], True, Stop(io.StringIO()))
    cut = read_run(path.parent / "42" / "run.json")
    assert cut.rows == whole.rows
    assert cut.facts == whole.facts


def test_a_half_written_checkpoint_is_not_resumed_from(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data)
    half = tmp_path / "42" / "checkpoint-5"
    half.mkdir(parents=True)
    (half / "model.safetensors").write_bytes(b"cut off")
    (half / "trainer_state.json").write_text('{"global_step": 5')
    run, events = train(plan, tmp_path)
    assert next(event for event in events if event["event"] == "seed")["resumed_at"] is None
    assert run.rows == train(plan, tmp_path / "whole")[0].rows
    assert not half.exists()


def test_a_finished_seed_is_kept_and_a_broken_record_is_made_again(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data)
    first, _ = train(plan, tmp_path)
    again = attempt(plan, tmp_path)
    assert [event["event"] for event in again] == ["start", "environment", "end"]
    assert again[0]["done"] == [42]
    (tmp_path / "42" / "run.json").write_text("{")
    second, events = train(plan, tmp_path)
    assert second.rows == first.rows
    assert len(warnings_of(events)) == 1
    assert warnings_of(events)[0].endswith("; seed 42 is trained again")


def test_two_engines_do_not_share_a_folder(base: Path, data: Path, tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert (
            sentence_of(tiny.token_plan(base, data), tmp_path)
            == f"another engine is training in {tmp_path}: wait for it or end it"
        )


def test_a_full_disk_is_one_sentence(base: Path, data: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: writing fails in the same places."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, usual[1]))
    try:
        sentence = sentence_of(tiny.token_plan(base, data), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert sentence == (
        f"the disk of {tmp_path} takes no more: free some space and give the same command again, or add --no-checkpoints; "
        "what is done is kept"
    )


def test_divergence_is_recorded_and_told(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data, learning_rate=1e38, max_grad_norm=0.0, num_epochs=5.0)
    run, events = train(plan, tmp_path)
    assert run.outcome == "failed: the training diverged, its weights are not finite at step 5 (epoch 1)"
    assert [row.step for row in run.rows] == [5]
    assert run.rows[0].validation_loss != run.rows[0].validation_loss
    assert warnings_of(events) == [run.outcome]
    assert json.loads((tmp_path / "42" / "events.jsonl").read_text().splitlines()[-1])["event"] == "finished"


# --- what is recorded ---------------------------------------------------------------------------------------------------


def test_events_and_environment(base: Path, data: Path, tmp_path: Path) -> None:
    import platform

    plan = tiny.token_plan(base, data)
    run, events = train(plan, tmp_path)
    kept = [json.loads(line) for line in (tmp_path / "42" / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events if event["event"] != "progress"] == [
        *("start", "environment", "seed", "evaluation", "evaluation", "finished", "end")
    ]
    assert kept == events[:-1]
    assert events[0] == {"event": "start", "plan_digest": plan_digest(plan), "seeds": [42], "done": [], "process": os.getpid()}
    assert {key: value for key, value in events[1].items() if key != "event"} == run.environment
    assert set(run.environment["versions"]) >= {"torch", "transformers", "datasets", "tokenizers", "seqeval"}
    assert platform.node() not in json.dumps(run.environment)
    assert run.facts == {
        "loop": "reference",
        "train_examples": 40,
        "evaluation_examples": 20,
        "max_length": 64,
        "labels": ["O", "B-LOC", "I-LOC", "B-PER"],
        "evaluation_words": 115,
        "evaluation_word_entities": 40,
        "gold_entities": 40,
        "predicted_entities": run.facts["predicted_entities"],
        "correct_entities": round(run.rows[-1].metrics["recall"] * 40),
        "evaluation_tokens": 115,
        "correct_tokens": round(run.rows[-1].metrics["accuracy"] * 115),
    }


def test_evaluation_only_scores_the_model_as_it_is(base: Path, data: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    labels = ["O", "B-LOC", "I-LOC", "B-PER"]
    published = tmp_path / "published"
    AutoModelForTokenClassification.from_pretrained(base, num_labels=4, id2label=dict(enumerate(labels))).save_pretrained(
        published
    )
    AutoTokenizer.from_pretrained(base).save_pretrained(published)
    run, _ = train(replace(tiny.token_plan(published, data), mode="evaluate"), tmp_path / "runs")
    assert [(row.step, row.epoch, row.training_loss) for row in run.rows] == [(0, 0.0, None)]
    assert run.facts["labels"] == labels
