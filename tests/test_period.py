"""Cards and runs of the period: transformers 4.24.0 itself, in an environment of its own, as the oracle of what we say about it.

Its Trainer trains a tiny BERT (period_trainer.py), beside today's where the two differ. What is held against them: the step law,
the plan's arithmetic and schedule, the reader, the linter, and, as pinned facts, the order of the examples, the updates under
accumulation, the optimizer and the logs.
"""

import io
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import period_environment
import pytest
import tiny
from period_environment import HERE, environment

from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.plan import PlanSettings, make_plan
from cardaudit.plan.steps import printed_steps_per_epoch, steps_per_epoch
from cardaudit.records import Card, EpochRow, Plan, Schedule
from cardaudit.rules._steps import row_times, solve
from cardaudit.runs import write_plan
from cardaudit.step_law import TAILS, law_holds, training_sizes, updates_per_epoch

torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

import period_trainer  # noqa: E402

from cardaudit.engine.loops.adamw_hf import HfAdamW  # noqa: E402
from cardaudit.engine.loops.period import PeriodTrainer  # noqa: E402

pytestmark = pytest.mark.train
PERIOD = (4, 24)
RUNS = 40
METRICS = ("accuracy", "precision", "recall", "f1")

# 27 examples in batches of 4 are 7 batches: groups of 4 leave 3 over.
CUT = {"examples": 27, "gradient_accumulation_steps": 4, "num_train_epochs": 3.0}
STILL = {"dropout": 0.0, "weights": True, "logging_steps": 1, "weight_decay": 0.1, "warmup_steps": 2}


class Trained(NamedTuple):
    """A run as period_trainer.py tells it; `asked` is whole."""

    asked: dict[str, Any]
    told: dict[str, Any]

    @property
    def card(self) -> Card:
        return read_card(self.told["card"], "README.md")

    @property
    def batches(self) -> int:
        """Micro-batches of an epoch."""
        return math.ceil(self.asked["examples"] / self.asked["train_batch_size"])

    @property
    def per_epoch(self) -> int:
        """Updates of an epoch, as 4.24 counts them."""
        return steps_per_epoch(
            self.asked["examples"], self.asked["train_batch_size"], self.asked["gradient_accumulation_steps"], PERIOD
        )

    @property
    def evaluations(self) -> list[dict[str, Any]]:
        return [entry for entry in self.told["log"] if "eval_loss" in entry]


class Library:
    """Runs of one version, in a process of its own, which starts at once and is asked later."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-W", "ignore", "-I", *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._version: str | None = None

    @property
    def version(self) -> str:
        if self._version is None:
            self._version = self._answer()["transformers"]
        return self._version

    def run(self, asked: dict[str, Any]) -> Trained:
        assert self.version
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = self._answer()
        return Trained(told.pop("asked"), told)

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        assert line, "the Trainer's process ended"
        return json.loads(line)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Libraries(NamedTuple):
    old: Library
    new: Library


@pytest.fixture(scope="module")
def libraries() -> Iterator[Libraries]:
    try:
        folder = environment()
    except period_environment.Unreachable as because:
        pytest.skip(f"no environment with transformers {period_environment.TRANSFORMERS}: {because}")
    script = str(HERE / "period_trainer.py")
    started = Libraries(Library("-S", script, str(folder)), Library(script))
    yield started
    for library in started:
        library.close()


@pytest.fixture(scope="module")
def period(libraries: Libraries) -> list[Trained]:
    """Runs of 4.24.0 with settings drawn by lot."""
    draw = random.Random(424)
    return [libraries.old.run(_settings(draw)) for _ in range(RUNS)]


def _settings(draw: random.Random) -> dict[str, Any]:
    return {
        "examples": draw.randint(1, 60),
        "eval_examples": draw.choice((5, 12, 40)),
        "train_batch_size": draw.randint(1, 9),
        "eval_batch_size": draw.randint(1, 9),
        "gradient_accumulation_steps": draw.choice((1, 1, 2, 3, 4, 5)),
        "num_train_epochs": draw.choice((1.0, 2.0, 3.0, 0.5, 1.5, 2.75)),
        "max_steps": draw.choice((-1, -1, -1, -1, 7)),
        "eval_steps": draw.choice((None, None, 1, 2, 3, 5, 7)),
        "logging_steps": draw.choice((500, 500, 1, 2, 3, 5, 8)),
        "warmup_steps": draw.choice((0, 0, 3)),
        "warmup_ratio": draw.choice((0.0, 0.0, 0.1)),
        "seed": draw.randint(0, 10**6),
    }


# --- the step law and the plan's arithmetic -------------------------------------------------------------------------------


def test_the_versions_are_those_that_are_compared(libraries: Libraries) -> None:
    assert libraries.old.version == "4.24.0"
    assert libraries.new.version.startswith("5.")


def test_a_run_is_as_long_as_the_plan_says(period: list[Trained]) -> None:
    for run in period:
        accumulation, epochs = run.asked["gradient_accumulation_steps"], run.asked["num_train_epochs"]
        assert run.per_epoch == updates_per_epoch(run.batches, accumulation, ceiling=False)
        first = [made for made in run.told["updates"] if made <= run.batches]
        assert len(first) == min(run.per_epoch, run.told["max_steps"])
        bounded = run.asked["max_steps"] > 0
        assert run.told["max_steps"] == (7 if bounded else math.ceil(epochs * run.per_epoch))
        assert len(run.told["updates"]) == run.told["max_steps"]


def test_every_row_obeys_the_step_law_of_the_version(period: list[Trained]) -> None:
    refuted = dict.fromkeys(TAILS, 0)
    for run in period:
        for row in row_times(run.card):
            for tail in TAILS:
                refuted[tail] += not law_holds(row, run.batches, run.asked["gradient_accumulation_steps"], tail)
    assert refuted["dropped"] == 0
    assert refuted["carried"] > 10  # else these runs could not tell the laws apart
    assert refuted["kept"] > 10


def test_the_steps_of_a_card_give_back_the_training_set(period: list[Trained]) -> None:
    told = 0
    for run in period:
        rows = row_times(run.card)
        if not rows or run.asked["max_steps"] > 0:
            continue
        told += 1
        length = solve(run.card)
        assert length is not None
        assert length.low <= run.batches <= length.high
        low, high = training_sizes(length, run.asked["train_batch_size"])
        assert low <= run.asked["examples"] <= high
    assert told > RUNS // 2


def test_the_epochs_of_a_table_bound_the_steps_an_epoch(period: list[Trained]) -> None:
    """Where groups are cut, a row at "0.57" ends an epoch of one update: the plan then knows the steps to one update only."""
    for run in period:
        found = printed_steps_per_epoch(run.card)
        if found is None:
            continue
        cut = run.batches % run.asked["gradient_accumulation_steps"] != 0
        assert found.low - cut <= run.per_epoch <= found.high, (run.asked, found)


def test_the_schedule_read_off_the_table_gives_its_rows(period: list[Trained]) -> None:
    """The rows of the card again, with "No log" where the card has it. Rows at whole epochs are taken for those of epochs."""
    for run in period:
        card = run.card
        if not card.epochs:
            continue
        overrides = {"task": "text-classification", "base_model": "a/b", "dataset": "a/b"}
        plan = make_plan(card, PlanSettings(resolve=False, overrides=overrides))
        assert plan.semantics == "4.24"
        steps = [int(row.step.value) for row in card.epochs]
        planned = _evaluated(plan.schedule, run.per_epoch, run.told["max_steps"])
        by_epoch = all(row.epoch.value == int(row.epoch.value) for row in card.epochs)
        assert set(steps) <= set(planned) if by_epoch else steps == planned, run.asked
        for row in card.epochs:
            assert (row.training_loss.text == "No log") == (int(row.step.value) < plan.schedule.logging_steps), run.asked


def _evaluated(schedule: Schedule, per_epoch: int, last: int) -> list[int]:
    """The steps at which a run by this schedule is evaluated."""
    if schedule.strategy == "steps":
        assert schedule.eval_steps
        return list(range(schedule.eval_steps, last + 1, schedule.eval_steps))
    return sorted({*range(per_epoch, last + 1, per_epoch), last})


# --- the card -------------------------------------------------------------------------------------------------------------


def test_a_card_is_read_back_exactly(period: list[Trained]) -> None:
    for run in period:
        card = run.card
        assert len(card.epochs) == len(run.evaluations)
        for row, entry in zip(card.epochs, run.evaluations, strict=True):
            assert _cells(row) == _printed(entry, run.told["log"])
        stated = {"learning_rate": "learning_rate", "train_batch_size": "train_batch_size", "eval_batch_size": "eval_batch_size"}
        for field, key in (stated | {"seed": "seed"}).items():
            assert getattr(card.hyperparameters, field).value == Decimal(str(run.asked[key]))
        accumulation = card.hyperparameters.gradient_accumulation_steps
        assert (accumulation.value if accumulation else 1) == run.asked["gradient_accumulation_steps"]
        assert card.framework_versions["transformers"].text == "4.24.0"


def _cells(row: EpochRow) -> dict[str, str]:
    cells = {"loss": row.training_loss, "epoch": row.epoch, "step": row.step, "eval_loss": row.validation_loss, **row.metrics}
    return {name: cell.text for name, cell in cells.items() if cell}


def _printed(entry: dict[str, Any], log: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A log entry as modelcard.py prints it: at most four decimals, and the training loss that was logged last before it."""
    before = [each["loss"] for each in log[: log.index(entry)] if "loss" in each]
    values = {"epoch": entry["epoch"], "step": entry["step"], "eval_loss": entry["eval_loss"]}
    values |= {name: entry[f"eval_{name}"] for name in METRICS}
    shown = {name: f"{value:.4f}" if len(str(value).partition(".")[2]) > 4 else str(value) for name, value in values.items()}
    return {"loss": str(before[-1]) if before else "No log", **shown}


def test_the_version_is_among_those_that_the_text_allows(period: list[Trained]) -> None:
    for run in period:
        generator = run.card.generator
        assert generator.name == "transformers.Trainer"
        bounds = [generator.earliest or "0.0", "4.24", generator.latest or "99.0"]
        assert bounds == sorted(bounds, key=lambda text: [int(part) for part in text.split(".")])


def test_an_honest_card_is_accused_of_no_contradiction(period: list[Trained]) -> None:
    for run in period:
        checkup = check_card(run.card)
        assert [finding for finding in checkup.findings if finding.kind == "inconsistent"] == [], run.asked
        assert [each for each in checkup.unchecked if "internal error" in each.because] == []


# --- what 4.24.0 does otherwise than today's version: pinned facts ----------------------------------------------------------


def epochs_of(run: Trained) -> list[list[int]]:
    """The examples in their order, epoch by epoch."""
    flat, count = [number for batch in run.told["batches"] for number in batch], run.asked["examples"]
    return [flat[start : start + count] for start in range(0, len(flat), count)]


def test_the_order_of_the_examples(libraries: Libraries) -> None:
    """A constant for every seed and size, in both; transformers 4.24.0 and 5.23.0, accelerate 1.15.0, torch 2.13."""
    asked = {"examples": 8, "train_batch_size": 1, "num_train_epochs": 3.0, "evaluates": False}
    assert epochs_of(libraries.old.run(asked)) == [
        [0, 2, 6, 4, 3, 7, 1, 5],
        [5, 3, 1, 0, 4, 6, 7, 2],
        [6, 2, 5, 1, 0, 7, 3, 4],
    ]
    assert epochs_of(libraries.new.run(asked)) == [
        [6, 3, 0, 7, 2, 1, 4, 5],
        [4, 5, 7, 1, 3, 2, 6, 0],
        [4, 7, 3, 2, 1, 5, 6, 0],
    ]


@pytest.mark.parametrize("asked", [{"seed": 7}, {"seed": 1042, "train_batch_size": 5}, {"seed": 3, **CUT}], ids=str)
def test_where_the_order_comes_from(libraries: Libraries, asked: dict[str, Any]) -> None:
    """Old: one generator, seeded with the first number after the seed; each epoch uses one permutation and draws another.

    New: each epoch its own, so that epoch 1 of a seed is epoch 0 of the next. Dropout, evaluations and batches play no part.
    """
    old, new = libraries.old.run(asked), libraries.new.run(asked)
    count, seed, epochs = old.asked["examples"], old.asked["seed"], math.ceil(old.asked["num_train_epochs"])
    drawn = int(torch.empty((), dtype=torch.int64).random_(generator=torch.Generator().manual_seed(seed)))
    generator = torch.Generator().manual_seed(drawn)
    permutations = [torch.randperm(count, generator=generator).tolist() for _ in range(2 * epochs)]
    for found, expected in zip(epochs_of(old), permutations[::2], strict=True):
        assert found == expected[: len(found)]
    expected = [torch.randperm(count, generator=torch.Generator().manual_seed(seed + epoch)).tolist() for epoch in range(epochs)]
    assert epochs_of(new) == expected


def test_the_updates_of_cut_groups(libraries: Libraries) -> None:
    """Micro-batches passed at each update. Old: the last 3 of 7 make none, and are not even run in the last epoch."""
    old, new = libraries.old.run(CUT), libraries.new.run(CUT)
    assert (old.told["updates"], len(old.told["batches"])) == ([4, 11, 18], 18)
    assert (new.told["updates"], len(new.told["batches"])) == ([4, 7, 11, 14, 18, 21], 21)
    assert [entry["epoch"] for entry in old.evaluations] == [0.57, 1.57, 2.57]
    assert [entry["epoch"] for entry in new.evaluations] == [1.0, 2.0, 3.0]
    for run in (old, new):
        steps = len(run.told["updates"])
        assert run.told["rates"] == pytest.approx([1e-3 * (steps - done) / steps for done in range(steps)])


def test_the_learning_rate_that_is_logged(libraries: Libraries) -> None:
    """Old: that of the next update. New: that of the update logged. The loss is rounded to four decimals in the old log only."""
    asked = {"logging_steps": 1, "num_train_epochs": 1.0}
    for library, rates in ((libraries.old, [8e-4, 6e-4, 4e-4, 2e-4, 0.0]), (libraries.new, [1e-3, 8e-4, 6e-4, 4e-4, 2e-4])):
        logged = [entry for entry in library.run(asked).told["log"] if "loss" in entry]
        assert [entry["learning_rate"] for entry in logged] == pytest.approx(rates)
        assert all(entry["loss"] == round(entry["loss"], 4) for entry in logged) == (library is libraries.old)


def test_the_default_optimizer_of_the_period_is_not_torchs(libraries: Libraries) -> None:
    """Three updates from the same start in the same order: the default is adamw_hf, and moves the weights otherwise."""
    asked = STILL | {"examples": 12, "num_train_epochs": 1.0}
    default, own, torchs = (libraries.old.run(asked | {"optim": name}) for name in (None, "adamw_hf", "adamw_torch"))
    assert default.told["end"] == own.told["end"]
    apart = difference(movement(own.told), movement(torchs.told))
    assert 1e-3 < apart["bert.embeddings.word_embeddings.weight"] < 1e-2


# --- the engine's loop of the period ------------------------------------------------------------------------------------------


def movement(told: dict[str, Any]) -> dict[str, Any]:
    """What each parameter has moved. The bias of keys is left out: its gradient is nothing but rounding."""
    names = [name for name in told["start"] if not name.endswith("key.bias")]
    return {name: torch.tensor(told["end"][name]) - torch.tensor(told["start"][name]) for name in names}


def difference(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """|ours - theirs| / |theirs| of each tensor."""
    return {name: float((ours[name] - theirs[name]).norm() / theirs[name].norm()) for name in theirs}


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"examples": 40}, id="20 updates"),
        pytest.param(
            {"examples": 38, "gradient_accumulation_steps": 2, "num_train_epochs": 4.0, "eval_steps": 3}, id="whole groups"
        ),
        pytest.param(CUT | {"num_train_epochs": 20.0, "seed": 7}, id="cut groups"),
        pytest.param(CUT | {"num_train_epochs": 5.5, "lr_scheduler_type": "cosine"}, id="half an epoch"),
        pytest.param({"examples": 9, "gradient_accumulation_steps": 4, "num_train_epochs": 9.0}, id="epochs shorter than groups"),
        pytest.param(CUT | {"max_steps": 5, "gradient_accumulation_steps": 3}, id="max_steps"),
    ],
)
def test_the_loop_of_the_period_does_the_same_updates(libraries: Libraries, asked: dict[str, Any], tmp_path: Path) -> None:
    whole = period_trainer.RUN | STILL | asked
    own = {"lr": whole["learning_rate"], "betas": (0.9, 0.999), "eps": 1e-8}
    theirs = libraries.old.run(whole).told
    ours = period_trainer.run(whole, str(tmp_path), PeriodTrainer, optimizer_cls_and_kwargs=(HfAdamW, own))
    assert ours["batches"] == theirs["batches"]
    assert (ours["updates"], ours["max_steps"]) == (theirs["updates"], theirs["max_steps"])
    assert ours["rates"] == pytest.approx(theirs["rates"])
    assert max(difference(movement(ours), movement(theirs)).values()) < 1e-4
    losses = [[entry["loss"] for entry in told["log"] if "loss" in entry] for told in (ours, theirs)]
    assert losses[0] == pytest.approx(losses[1], abs=6e-5)


def test_the_engine_repeats_a_run_of_the_period(libraries: Libraries, tmp_path: Path) -> None:
    """A plan of 4.24 through the whole engine, on the same examples and first weights as 4.24.0: the same rows."""
    base, data = still_base(tmp_path / "base"), tmp_path / "data"
    data.mkdir()
    tiny.write_jsonl(data / "train.jsonl", tiny.texts(54, seed=1))
    tiny.write_jsonl(data / "dev.jsonl", tiny.texts(30, seed=2))
    plan = tiny.text_plan(base, data, optimizer="adamw_hf", adam_epsilon=1e-4, gradient_accumulation_steps=4, num_epochs=4.0)
    plan = replace(plan, semantics="4.24", schedule=Schedule("epoch", None, 2))
    run, events = tiny.train(plan, tmp_path / "run")
    told = libraries.old.run(
        {
            "files": str(export(plan, tmp_path / "files")),
            "train_batch_size": 8,
            "eval_batch_size": 4,
            "gradient_accumulation_steps": 4,
            "num_train_epochs": 4.0,
            "learning_rate": 2e-3,
            "adam_epsilon": 1e-4,  # so large that torch's AdamW would show
            "logging_steps": 2,
        }
    )
    assert [(round(row.epoch, 2), row.step) for row in run.rows] == [(0.57, 1), (1.57, 2), (2.57, 3), (3.57, 4)]
    assert [(entry["epoch"], entry["step"]) for entry in told.evaluations] == [(0.57, 1), (1.57, 2), (2.57, 3), (3.57, 4)]
    for row, entry in zip(run.rows, told.evaluations, strict=True):
        assert row.validation_loss == pytest.approx(entry["eval_loss"], abs=1e-5)
        assert row.metrics["accuracy"] == pytest.approx(entry["eval_accuracy"])
    losses = [entry["loss"] for entry in told.told["log"] if "loss" in entry]
    assert [run.rows[1].training_loss, run.rows[3].training_loss] == pytest.approx(losses, abs=6e-5)
    assert tiny.warnings_of(events)[-1].startswith("no checkpoints are kept")


def test_a_run_of_the_period_continues_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the second epoch, and continued: the order and the optimizer's moments are those of the run in one piece."""
    from cardaudit.engine import events
    from cardaudit.engine.seeds import train_seeds

    class Stop(events.EventLog):
        evaluations = 0

        def tell(self, event: str, **fields: Any) -> None:
            super().tell(event, **fields)
            self.evaluations += event == "evaluation"
            if event == "progress" and self.evaluations == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(events, "PROGRESS_SECONDS", 0.0)
    base, data = tiny.make_base(tmp_path / "base"), tmp_path / "data"
    data.mkdir()
    tiny.write_jsonl(data / "train.jsonl", tiny.texts(40, seed=1))
    tiny.write_jsonl(data / "dev.jsonl", tiny.texts(20, seed=2))
    plan = tiny.text_plan(base, data, optimizer="adamw_hf", num_epochs=3.0)
    plan = replace(plan, semantics="4.24", schedule=Schedule("steps", 4, 3))
    whole, _ = tiny.train(plan, tmp_path / "whole", checkpoints=False)
    write_plan(plan, tmp_path / "cut" / "plan.json")
    with pytest.raises(KeyboardInterrupt):
        train_seeds(tmp_path / "cut" / "plan.json", tmp_path / "cut", [42], True, Stop(io.StringIO()))
    cut, told = tiny.train(plan, tmp_path / "cut")
    assert next(event for event in told if event["event"] == "seed")["resumed_at"] == 8
    assert cut.rows == whole.rows


def still_base(folder: Path) -> Path:
    """tiny's base model without dropout."""
    config = tiny.make_base(folder) / "config.json"
    said = json.loads(config.read_text())
    config.write_text(json.dumps(said | {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}))
    return folder


def export(plan: Plan, folder: Path) -> Path:
    """What the engine starts from, for period_trainer.py: first weights and tokenised examples."""
    from transformers import set_seed

    from cardaudit.engine.base import load_model
    from cardaudit.engine.recipes import prepare_task

    folder.mkdir()
    task = prepare_task(plan, print)
    set_seed(42)
    model = load_model(plan, task.auto, task.model_options)
    model.config.save_pretrained(folder)
    torch.save(model.state_dict(), folder / "weights.pt")
    for split, rows in (("train", task.train), ("eval", task.evaluation)):
        kept = [{"input_ids": list(row["input_ids"]), "labels": int(row["labels"])} for row in rows]
        (folder / f"{split}.json").write_text(json.dumps(kept))
    return folder
