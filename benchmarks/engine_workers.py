"""Processes that train so many steps when asked: the stock Trainer's script, the reference loop and the fast loop.

    python benchmarks/engine_workers.py LOOP PLAN.json FOLDER

Each line on standard input is a number of steps; each answer a JSON object with steps, seconds, processor seconds and peak
memory, from the fast loop also the tokens of these steps, what padding would make of them, and the floor of a step's seconds.
"""

import io
import json
import resource
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANY_STEPS = 10**6
BYTES_A_WEIGHT = 28  # AdamW reads weight, gradient and two moments, and writes all but the gradient


class Worker:
    """One such process."""

    def __init__(self, loop: str, plan: Path, folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), loop, str(plan), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def train(self, steps: int) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Gate:
    """Lets steps through as asked for, and says how long they took."""

    def __init__(self) -> None:
        self._answers = sys.stdout
        self._left = self._steps = 0
        self._began = self._processor = 0.0
        self.facts: dict[str, Any] = {}

    def open(self) -> None:
        """Waits for the next order where the last one is done; ends the process at the end of orders."""
        if self._left:
            return
        if self._steps:
            self._answer()
        line = sys.stdin.readline()
        if not line:
            sys.exit(0)
        self._left = self._steps = int(line)
        settle()
        self._began, self._processor = time.perf_counter(), time.process_time()

    def passed(self) -> None:
        self._left -= 1

    def _answer(self) -> None:
        settle()
        seconds, processor = time.perf_counter() - self._began, time.process_time() - self._processor
        answer = {"steps": self._steps, "seconds": seconds, "processor": processor, "peak_mb": peak_mb(), **self.facts}
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()


def settle() -> None:
    """Waits for what a GPU still has to do."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()


def peak_mb() -> float:
    import torch

    if torch.cuda.is_available():
        return float(torch.cuda.max_memory_allocated() / 1e6)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def steps_of(plan: Any, blocks: Any) -> int:
    """The steps of a whole run of the plan."""
    return int(plan.training.max_steps or blocks[-1].get("course") or plan.estimate.get("steps") or 0)


def stock(plan: Any, task: Any, folder: Path, gate: Gate) -> None:
    """What a script has: the model, the arguments that the card prints, a datasets.Dataset, a collator."""
    import transformers as hf
    from datasets import Dataset

    hf.set_seed(42)
    training = plan.training
    hf.Trainer(
        task.auto.from_pretrained(plan.model.path, **task.model_options),
        hf.TrainingArguments(
            str(folder),
            learning_rate=training.learning_rate,
            per_device_train_batch_size=training.train_batch_size,
            gradient_accumulation_steps=training.gradient_accumulation_steps,
            weight_decay=training.weight_decay,
            max_steps=MANY_STEPS,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list(task.train),
        data_collator=task.collator,
        processing_class=task.tokenizer,
        callbacks=[_callback(gate)],
    ).train()


def reference(plan: Any, task: Any, folder: Path, gate: Gate) -> None:
    from dataclasses import replace

    from cardaudit.engine.loops.reference import make_trainer

    trainer = make_trainer(42, replace(plan, training=replace(plan.training, max_steps=MANY_STEPS)), task, folder, _silent)
    trainer.add_callback(_callback(gate))
    trainer.train()


def fast(plan: Any, task: Any, folder: Path, gate: Gate) -> None:
    from dataclasses import replace

    from cardaudit.engine.events import EventLog
    from cardaudit.engine.loops.fast import Run
    from cardaudit.engine.loops.fast.lanes import Lane

    plan = replace(plan, training=replace(plan.training, max_steps=MANY_STEPS))
    stack = ExitStack()
    stack.enter_context(Lane().taken())  # to the end of this function
    run = Run(42, plan, task, folder, EventLog(io.StringIO()))
    lengths = [len(features["input_ids"]) for features in task.train]
    rates = speeds()
    tokens = padded = updates = 0
    for update in run.course.updates():
        gate.open()
        if not gate.facts or gate._left == gate._steps:
            tokens = padded = updates = 0
        run.update(update)
        updates += 1
        tokens += sum(lengths[number] for numbers in update.batches for number in numbers)
        padded += sum(len(numbers) * max(lengths[number] for number in numbers) for numbers in update.batches)
        gate.facts = {"tokens": tokens, "padded": padded, "floor": floor(run.network.model, tokens / updates, *rates)}
        gate.passed()


def _callback(gate: Gate) -> Any:
    from transformers import TrainerCallback

    class Steps(TrainerCallback):  # type: ignore[misc]
        def on_step_begin(self, *_: Any, **__: Any) -> None:
            gate.open()

        def on_step_end(self, *_: Any, **__: Any) -> None:
            gate.passed()

    return Steps()


def _silent(_words: str) -> None:
    pass


def speeds() -> tuple[float, float]:
    """Operations a second of a large matrix product, by the faster library, and bytes a second of a large copy; best of some."""
    import torch

    from cardaudit.engine.loops.fast.products import use_onednn

    device = "cuda" if torch.cuda.is_available() else "cpu"
    rows, layers = torch.randn(1024, 1024, device=device), [torch.nn.Linear(1024, 1024, device=device) for _ in range(2)]
    if device == "cpu":
        use_onednn(layers[1])
    with torch.no_grad():
        products = min(_seconds(lambda layer=layer: layer(rows), device) for layer in layers for _ in range(20))
    source = torch.empty(2**24, device=device)
    target = torch.empty_like(source)
    copies = min(_seconds(lambda: target.copy_(source), device) for _ in range(10))
    return 2 * 1024**3 / products, 2 * 4 * 2**24 / copies


def _seconds(work: Any, device: str) -> float:
    import torch

    begin = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - begin


def floor(model: Any, tokens: float, operations: float, transfers: float) -> float:
    """Seconds of a step's arithmetic: the linear layers forward and backward, and one pass of AdamW over all weights."""
    from torch import nn

    linear = sum(module.weight.numel() for module in model.modules() if isinstance(module, nn.Linear))
    weights = sum(parameter.numel() for parameter in model.parameters())
    return 6 * linear * tokens / operations + BYTES_A_WEIGHT * weights / transfers


def main() -> None:
    loop, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    from cardaudit.engine.__main__ import _close_the_doors

    _close_the_doors()
    from cardaudit.engine.environment import set_products
    from cardaudit.engine.recipes import prepare_task
    from cardaudit.engine.seeds import quiet
    from cardaudit.runs import read_plan

    quiet()
    plan = read_plan(path)
    set_products(plan.training.precision)
    {"stock": stock, "reference": reference, "fast": fast}[loop](plan, prepare_task(plan, _silent), folder, Gate())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
