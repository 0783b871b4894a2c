"""The fast loop: the reference loop's updates, its rows, its checkpoints, and what it leaves to it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import tiny

from cardaudit.records import Plan, Run, Schedule
from cardaudit.runs import read_run, write_plan

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
pytestmark = pytest.mark.train
torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

from engine_parity import LIMIT, movements, parity_of  # noqa: E402
from parity_cases import STILL, TRAININGS, write_data  # noqa: E402

from cardaudit.engine.events import EventLog  # noqa: E402
from cardaudit.engine.loops import fast, reference  # noqa: E402
from cardaudit.engine.loops.fast.order import Course, course_of, permutation  # noqa: E402
from cardaudit.engine.recipes import prepare_task  # noqa: E402
from cardaudit.engine.seeds import quiet, train_seeds  # noqa: E402

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="seeds run side by side on Linux alone")
SEED = 1042  # not the plans' replay_seed, which "auto" gives to the reference loop


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    quiet()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fast")


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    return write_data(folder / "data", 83)


@pytest.fixture(scope="module")
def bases(folder: Path) -> dict[str, Path]:
    """Without dropout, so that both loops compute the same."""
    return {name: tiny.make_base(folder / name, name, **options) for name, options in STILL.items()}


@pytest.fixture(scope="module")
def base(folder: Path) -> Path:
    return tiny.make_base(folder / "with-dropout")


def train(plan: Plan, folder: Path, loop: str = "auto", seed: int = SEED) -> tuple[Run, list[dict[str, Any]]]:
    """One seed in this process by one of the loops: its run and its events."""
    stream = io.StringIO()
    write_plan(plan, folder / "plan.json")
    train_seeds(folder / "plan.json", folder, [seed], True, EventLog(stream), loop)
    return read_run(folder / str(seed) / "run.json"), [json.loads(line) for line in stream.getvalue().splitlines()]


def logged(run: Run) -> list[float]:
    """Training losses, -1 for "No log"."""
    return [-1.0 if row.training_loss is None else row.training_loss for row in run.rows]


def told(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"] for event in events if event["event"] == "warning"]


# --- the same updates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("architecture", "recipe", "training"),
    [
        ("bert", "token", "linear"),
        ("bert", "text", "3 accumulated, cosine"),
        ("distilbert", "token", "2 accumulated"),
        ("distilbert", "text", "cosine, warmup, weight decay 0.1"),
        ("roberta", "token", "cosine, warmup, weight decay 0.1"),
        ("roberta", "text", "linear"),
    ],
)
def test_every_tensor_moves_as_in_the_reference_loop(
    bases: dict[str, Path], data: Path, tmp_path: Path, architecture: str, recipe: str, training: str
) -> None:
    """50 updates without dropout: a dropped weight decay would show at ten times the limit and more."""
    make = tiny.token_plan if recipe == "token" else tiny.text_plan
    parity = parity_of("", make(bases[architecture], data, **TRAININGS[training]), tmp_path)
    assert parity.worst < LIMIT, parity.tensor
    assert parity.dropped is not None
    assert parity.dropped > 10 * LIMIT


@pytest.mark.parametrize("training", ["linear", "3 accumulated, cosine"])
def test_the_optimizer_of_the_period_is_followed(bases: dict[str, Path], data: Path, tmp_path: Path, training: str) -> None:
    """83 examples in batches of 3 leave micro-batches over, which 4.24 carries into the next epoch."""
    plan = tiny.token_plan(bases["bert"], data, optimizer="adamw_hf", weight_decay=0.1, **TRAININGS[training])
    ratios = movements(replace(plan, semantics="4.24"), tmp_path)
    assert max(ratios.values()) < LIMIT
    assert len(ratios) > 30


@pytest.mark.parametrize(
    ("semantics", "schedule", "training"),
    [
        ("5.x", Schedule("epoch", None, 7), {"num_epochs": 2.5}),
        ("5.x", Schedule("steps", 6, 4), {"gradient_accumulation_steps": 3, "train_batch_size": 4}),
        ("5.x", Schedule("epoch", None, 500), {"max_steps": 13, "num_epochs": None}),
        ("4.24", Schedule("epoch", None, 3), {"gradient_accumulation_steps": 4, "train_batch_size": 6, "optimizer": "adamw_hf"}),
        ("4.24", Schedule("epoch", None, 2), {"gradient_accumulation_steps": 9, "train_batch_size": 16}),
    ],
)
def test_rows_are_those_of_the_reference_loop(
    bases: dict[str, Path], data: Path, tmp_path: Path, semantics: str, schedule: Schedule, training: dict[str, Any]
) -> None:
    """Steps, epochs and metrics equal, losses to rounding: schedules, cut groups, windows of the training loss."""
    for make in (tiny.token_plan, tiny.text_plan):
        plan = replace(make(bases["bert"], data, **training), semantics=semantics, schedule=schedule)
        ours, _ = train(plan, tmp_path / make.__name__ / "fast")
        stock, _ = train(plan, tmp_path / make.__name__ / "stock", "reference")
        assert (ours.facts["loop"], stock.facts["loop"]) == ("fast", "reference")
        assert [(row.step, row.epoch) for row in ours.rows] == [(row.step, row.epoch) for row in stock.rows]
        assert [row.metrics for row in ours.rows] == [pytest.approx(row.metrics, abs=1e-12) for row in stock.rows]
        assert [row.validation_loss for row in ours.rows] == pytest.approx([row.validation_loss for row in stock.rows], rel=1e-5)
        assert logged(ours) == pytest.approx(logged(stock), rel=1e-5)
        assert {**ours.facts, "loop": "reference"} == stock.facts


def test_a_seed_draws_the_first_weights_of_the_reference_loop(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data)
    task = prepare_task(plan, print)
    stock = reference.make_trainer(7, plan, task, tmp_path, print).model.classifier.weight
    ours = fast.Run(7, plan, task, tmp_path, EventLog(io.StringIO())).network.model.classifier.weight
    assert torch.equal(stock, ours)


def test_the_order_is_that_of_the_stock_dataloader(base: Path, data: Path, tmp_path: Path) -> None:
    """accelerate's sampler: epoch e of seed s has the order of epoch 0 of seed s + e."""
    plan = tiny.token_plan(base, data, train_batch_size=5)
    task = prepare_task(plan, print)
    numbered = [{**features, "input_ids": [5 + i % 20, 5 + i // 20]} for i, features in enumerate(task.train)]
    numbered = [{**features, "labels": [0, 0], "attention_mask": [1, 1], "token_type_ids": [0, 0]} for features in numbered]
    trainer = reference.make_trainer(42, plan, replace(task, train=numbered), tmp_path, print)
    loader = trainer.get_train_dataloader()
    for epoch in range(3):
        loader.set_epoch(epoch)
        seen = [[int(a) - 5 + 20 * (int(b) - 5) for a, b in batch["input_ids"]] for batch in loader]
        batches = course_of(plan, 42, len(numbered))._batches(epoch)
        assert seen == [list(numbers) for numbers in batches]
    assert permutation(83, 42, 1, of_period=False) == permutation(83, 43, 0, of_period=False)


def test_a_course_can_be_entered_anywhere() -> None:
    """Also where the epoch before left batches over."""
    for of_period in (False, True):
        course = Course(3, examples=27, batch_size=4, group=4, per_epoch=1 if of_period else 2, steps=6, of_period=of_period)
        whole = list(course.updates())
        assert [update.step for update in whole] == [1, 2, 3, 4, 5, 6]
        for done in range(7):
            assert list(course.updates(done)) == whole[done:]
    assert [len(update.batches) for update in whole] == [4, 7, 7, 7, 7, 7]  # 7 batches an epoch, 3 of them left over


# --- what it leaves alone -----------------------------------------------------------------------------------------------


def test_auto_gives_the_cards_own_seed_to_the_reference_loop(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data, num_epochs=1.0)
    assert plan.replay_seed == 42
    own, events = train(plan, tmp_path, seed=42)
    other, more = train(plan, tmp_path)
    assert (own.facts["loop"], other.facts["loop"]) == ("reference", "fast")
    assert told(events) == told(more) == []
    assert train(plan, tmp_path / "fast", "fast", seed=42)[0].facts["loop"] == "fast"


@pytest.mark.parametrize(
    ("training", "why"),
    [
        ({"optimizer": "adafactor"}, "the optimizer adafactor is not AdamW"),
        ({"lr_scheduler_type": "reduce_lr_on_plateau"}, "the schedule reduce_lr_on_plateau depends on the loss"),
    ],
)
def test_what_it_cannot_do_is_told_and_done_by_the_reference_loop(
    base: Path, data: Path, tmp_path: Path, training: dict[str, Any], why: str
) -> None:
    from cardaudit.errors import CardauditError

    plan = tiny.token_plan(base, data, num_epochs=1.0, **training)
    run, events = train(plan, tmp_path)
    assert run.facts["loop"] == "reference"
    assert told(events) == [f"the fast loop cannot do this plan, {why}: the reference loop trains seed {SEED}"]
    with pytest.raises(CardauditError) as refusal:
        train(plan, tmp_path / "fast", "fast")
    assert str(refusal.value) == f"the fast loop cannot do this plan, {why}: give --loop reference or --loop auto"


def test_a_model_that_cannot_be_packed_gets_padded_batches(folder: Path, data: Path, tmp_path: Path) -> None:
    """DeBERTa's attention knows relative positions and takes no function by name."""
    still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    plan = tiny.token_plan(tiny.make_base(folder / "deberta", "deberta-v2", **still), data)
    ours, events = train(plan, tmp_path / "fast")
    stock, _ = train(plan, tmp_path / "stock", "reference")
    assert ours.facts["loop"] == "fast"
    assert [message.partition(":")[0] for message in told(events)] == [
        "batches are padded, this model's sentences cannot be packed"
    ]
    assert [row.validation_loss for row in ours.rows] == pytest.approx([row.validation_loss for row in stock.rows], rel=1e-4)


# --- what it stands on --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [(5, 1, 9, 3), (4, 4, 4), (7,)], ids=["two groups", "one", "one sentence"])
def test_packed_attention_is_that_of_each_sentence(lengths: tuple[int, ...]) -> None:
    """Values and gradients, against torch's own attention called sentence by sentence."""
    from cardaudit.engine.loops.fast.packing import _attention, layout_of, packed

    assert len(layout_of(lengths, 2).groups) == (2 if lengths == (5, 1, 9, 3) else 1)
    heads, size = 2, 4
    torch.manual_seed(0)
    states = [torch.randn(1, heads, sum(lengths), size, dtype=torch.double, requires_grad=True) for _ in range(3)]
    with packed(lengths, None):
        ours, _ = _attention(torch.nn.Module(), *states, None)
    theirs = [
        torch.nn.functional.scaled_dot_product_attention(*parts)
        for parts in zip(*(state.split(lengths, 2) for state in states), strict=True)
    ]
    wanted = torch.cat(theirs, 2).transpose(1, 2)
    assert torch.allclose(ours, wanted, atol=1e-12)
    direction = torch.randn_like(wanted)
    for mine, stock in zip(
        torch.autograd.grad(ours, states, direction), torch.autograd.grad(wanted, states, direction), strict=True
    ):
        assert torch.allclose(mine, stock, atol=1e-12)


def test_dropout_keeps_what_it_should_and_repeats_itself() -> None:
    from cardaudit.engine.loops.fast.masks import Dropout, Masks

    masks = Masks(42)
    dropout = Dropout(0.1, masks)
    ones = torch.ones(400_000)
    masks.begin(step=3, batch=0)
    first, second = dropout(ones), dropout(ones)
    masks.begin(step=3, batch=0)
    assert torch.equal(dropout(ones), first)
    assert not torch.equal(first, second)
    kept = first != 0
    assert float(kept.float().mean()) == pytest.approx(0.9, abs=4 * (0.09 / 400_000) ** 0.5)
    assert first.unique().tolist() == pytest.approx([0.0, 1 / 0.9])
    assert torch.equal(dropout.eval()(ones), ones)


def test_packed_attention_drops_weights_as_often_as_asked() -> None:
    """Values are ones, so an output is the sum of the weights kept: its mean stays 1."""
    from cardaudit.engine.loops.fast.masks import Masks
    from cardaudit.engine.loops.fast.packing import _attention, packed

    lengths = (30,) * 40
    query = torch.randn(1, 4, sum(lengths), 8)
    with packed(lengths, Masks(1)):
        out, _ = _attention(torch.nn.Module(), query, query, torch.ones_like(query), None, dropout=0.5)
    assert float(out.mean()) == pytest.approx(1.0, abs=0.02)
    assert float(out.std()) > 0.1


def test_linear_layers_by_onednn_are_linear_layers() -> None:
    """torch 2.13: an operator without a public name. Values and gradients as torch's own, for rows in any order of memory."""
    from cardaudit.engine.loops.fast.products import use_onednn

    torch.manual_seed(0)
    for bias in (True, False):
        stock = torch.nn.Linear(24, 40, bias=bias)
        ours = torch.nn.Linear(24, 40, bias=bias)
        ours.load_state_dict(stock.state_dict())
        if not use_onednn(ours):
            pytest.skip("oneDNN is not used on this processor")
        hidden = torch.randn(3, 24, 17).transpose(1, 2)
        both = [hidden.clone().requires_grad_() for _ in range(2)]
        results = [layer(each) for layer, each in zip((stock, ours), both, strict=True)]
        assert torch.allclose(*results, atol=1e-5)
        direction = torch.randn_like(results[0])
        for result in results:
            result.backward(direction)
        assert torch.allclose(both[0].grad, both[1].grad, atol=1e-5)
        for mine, theirs in zip(ours.parameters(), stock.parameters(), strict=True):
            assert torch.allclose(mine.grad, theirs.grad, atol=1e-4)


def test_batches_made_on_the_device_train_as_the_collators_do(bases: dict[str, Path], data: Path, tmp_path: Path) -> None:
    """What a GPU gets, on the CPU: padded to a few lengths, with a mask to add, losses and gradients those of packed batches."""
    from cardaudit.engine.loops.fast.graphs import LENGTHS, Grids

    for make in (tiny.token_plan, tiny.text_plan):
        for architecture in ("bert", "roberta", "distilbert"):
            plan = make(bases[architecture], data)
            run = fast.Run(SEED, plan, prepare_task(plan, print), tmp_path, EventLog(io.StringIO()))
            network, grids = run.network, Grids("cpu", padding=0)
            losses, gradients, logits = [], [], []
            for feed in (network.feed, grids):
                batch = feed(network.train, range(9))
                network.model.set_attn_implementation("sdpa" if feed is grids else "cardaudit_packed")
                losses.append(network.gradients(batch, 2, {}))
                gradients.append([parameter.grad for parameter in network.model.parameters()])
                network.model.zero_grad()
                logits.append(network.real(network.outputs(batch)[1], batch))
            assert batch.inputs["input_ids"].shape[1] in LENGTHS
            assert torch.allclose(*losses, rtol=1e-5)
            assert torch.allclose(*logits, atol=1e-5)
            for mine, theirs in zip(*gradients, strict=True):
                assert torch.allclose(mine, theirs, atol=1e-6)


@pytest.mark.skipif(torch.cuda.is_available(), reason="what a GPU computes by TF32 is other numbers")
def test_tf32_is_for_a_gpu_and_fp32_elsewhere(bases: dict[str, Path], data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(bases["bert"], data, num_epochs=1.0)
    wanted, _ = train(plan, tmp_path / "fp32")
    run, events = train(replace(plan, training=replace(plan.training, precision="tf32")), tmp_path / "tf32")
    assert run.rows == wanted.rows
    assert run.environment["flags"] == wanted.environment["flags"]
    assert told(events) == ["the plan says tf32, which needs a GPU: this run computes in fp32"]


def test_rows_never_used_take_no_part(bases: dict[str, Path], data: Path, tmp_path: Path) -> None:
    """The stock Trainer only decays them: no less is needed, and no more is left out."""
    plan = tiny.token_plan(bases["bert"], data, weight_decay=0.1, max_steps=5)
    task = prepare_task(plan, print)
    run = fast.Run(SEED, plan, task, tmp_path, EventLog(io.StringIO()))
    trainer = reference.make_trainer(SEED, plan, task, tmp_path, print)
    start = trainer.model.get_input_embeddings().weight.detach().clone()
    rates: list[float] = []
    step = trainer.create_optimizer().step
    trainer.optimizer.step = lambda *a, **k: (rates.append(trainer.optimizer.param_groups[0]["lr"]), step(*a, **k))[1]
    trainer.train()
    used = set(run.network.rows.tolist())
    unused = [row for row in range(len(start)) if row not in used]
    assert len(unused) > 3
    decay = 1.0
    for rate in rates:
        decay *= 1 - rate * 0.1
    assert len(rates) == 5
    assert torch.allclose(trainer.model.get_input_embeddings().weight.detach()[unused], start[unused] * decay, rtol=1e-6)


def test_the_interface_that_packing_stands_on() -> None:
    """transformers 5.23: an attention that is registered, and that the mask registry does not know, gets no mask."""
    from transformers import AttentionInterface
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

    from cardaudit.engine.loops.fast.packing import ATTENTION

    assert version("transformers").startswith("5.")
    assert ATTENTION in AttentionInterface._global_mapping
    assert ATTENTION not in ALL_MASK_ATTENTION_FUNCTIONS._global_mapping


# --- interrupted --------------------------------------------------------------------------------------------------------


def test_every_checkpoint_continues_bit_for_bit(base: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops one step after each evaluation in turn, and continues in the same folder. Batches are left over at epochs' ends."""
    from cardaudit.engine import events

    class Stop(events.EventLog):
        evaluated = False

        def tell(self, event: str, **fields: Any) -> None:
            super().tell(event, **fields)
            if event == "progress" and self.evaluated:
                raise KeyboardInterrupt
            self.evaluated = self.evaluated or event == "evaluation"

    for semantics, training in (("5.x", {}), ("4.24", {"gradient_accumulation_steps": 3, "optimizer": "adamw_hf"})):
        plan = tiny.token_plan(base, data, num_epochs=4.0, weight_decay=0.1, lr_scheduler_type="cosine", **training)
        plan = replace(plan, semantics=semantics, schedule=Schedule("steps", 4, 3))
        whole, _ = train(plan, tmp_path / semantics / "whole")
        monkeypatch.setattr(events, "PROGRESS_SECONDS", 0.0)
        path = tmp_path / semantics / "cut" / "plan.json"
        write_plan(plan, path)
        for _ in whole.rows[:-1]:
            with pytest.raises(KeyboardInterrupt):
                train_seeds(path, path.parent, [SEED], True, Stop(io.StringIO()))
        train_seeds(path, path.parent, [SEED], True, Stop(io.StringIO()))
        cut = read_run(path.parent / str(SEED) / "run.json")
        assert len(cut.rows) > 2
        assert cut.rows == whole.rows
        assert cut.facts == whole.facts
        assert list((path.parent / str(SEED)).glob("checkpoint-*")) == []


def test_a_checkpoint_of_the_other_loop_is_not_resumed_from(base: Path, data: Path, tmp_path: Path) -> None:
    """Whoever interrupts a run and continues it with another --loop gets the rows of that loop, whole."""
    from cardaudit.engine import checkpoints

    plan = tiny.token_plan(base, data)
    kept = checkpoints.remove_checkpoints
    wanted, _ = train(plan, tmp_path / "whole", "reference")
    try:
        import cardaudit.engine.seeds as seeds

        seeds.remove_checkpoints = lambda _folder: None
        train(plan, tmp_path, "fast")
    finally:
        seeds.remove_checkpoints = kept
    (tmp_path / str(SEED) / "run.json").unlink()
    run, events = train(plan, tmp_path, "reference")
    assert run.rows == wanted.rows
    assert ["by the other loop" in message for message in told(events)] == [True]


# --- several seeds ------------------------------------------------------------------------------------------------------

SEEDS = [1042, 2042, 3042]


def engine(plan: Plan, folder: Path) -> "subprocess.Popen[str]":
    """All SEEDS, in a process of its own that has two threads, so two seeds at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    write_plan(plan, folder / "plan.json")
    command = [sys.executable, "-m", "cardaudit.engine", str(folder / "plan.json"), str(folder), "--seeds", *map(str, SEEDS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)


@linux
def test_seeds_side_by_side_and_killed_end_in_the_rows_of_each_alone(base: Path, data: Path, tmp_path: Path) -> None:
    """kill -9 of the engine ends its seeds too, and the next engine goes on with all of them."""
    plan = replace(tiny.token_plan(base, data, num_epochs=6.0), seeds=tuple(SEEDS), schedule=Schedule("steps", 5, 3))
    process = engine(plan, tmp_path)
    assert process.stdout is not None
    evaluated: list[int] = []
    for line in process.stdout:
        event = json.loads(line)
        evaluated += [event["seed"]] if event["event"] == "evaluation" else []
        if 2 <= len(set(evaluated)) < len(evaluated):  # whoever is evaluated twice has kept its first checkpoint
            break
    else:
        raise AssertionError(f"nothing was left to kill: {evaluated}")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.read()  # ends only when no seed of it is left that could write
    events = [json.loads(line) for line in engine(plan, tmp_path).communicate()[0].splitlines()]
    assert events[-1] == {"event": "end", "seeds": SEEDS}
    assert any(event["resumed_at"] for event in events if event["event"] == "seed")
    for seed in SEEDS:
        whole, _ = train(plan, tmp_path / "alone", seed=seed)
        run = read_run(tmp_path / str(seed) / "run.json")
        assert run.rows == whole.rows
        assert run.environment["threads"] == 1
        kept = [json.loads(line) for line in (tmp_path / str(seed) / "events.jsonl").read_text().splitlines()]
        assert {event.get("seed", seed) for event in kept} == {seed}


@linux
def test_what_ends_one_of_several_seeds_ends_the_engine_with_one_sentence(base: Path, data: Path, tmp_path: Path) -> None:
    plan = replace(tiny.token_plan(base, data, num_epochs=1.0), seeds=tuple(SEEDS))
    (tmp_path / "2042").mkdir()
    (tmp_path / "2042" / "events.jsonl").mkdir()  # nothing can be written there
    process = engine(plan, tmp_path)
    events = [json.loads(line) for line in process.communicate()[0].splitlines()]
    assert process.returncode == 1
    assert events[-1]["event"] == "failed"
    assert "seed 2042: IsADirectoryError" in events[-1]["message"]


@linux
@pytest.mark.parametrize(("seeds", "places", "begun"), [(3, 2, 3), (2, 2, 2), (5, 2, 3), (4, 3, 4), (2, 3, 2), (3, 1, 1)])
def test_what_does_not_divide_evenly_begins_with_the_first(seeds: int, places: int, begun: int, tmp_path: Path) -> None:
    """3 seeds on 2 processors: the third beside the other two, not alone after them."""
    from cardaudit.engine.together import train_together

    def work(seed: int) -> None:
        assert (seed < begun) == (not list(tmp_path.glob("ended-*")))
        (tmp_path / f"begun-{seed}").touch()
        while len(list(tmp_path.glob("begun-*"))) < begun:
            assert time.monotonic() < until, "fewer are begun at a time"
            time.sleep(0.01)
        (tmp_path / f"ended-{seed}").touch()

    until = time.monotonic() + 60
    train_together(range(seeds), places, work)
    assert len(list(tmp_path.glob("ended-*"))) == seeds


def test_seeds_that_take_turns_and_are_interrupted_end_in_the_rows_of_each_alone(base: Path, data: Path, tmp_path: Path) -> None:
    """What several seeds on a GPU do, on the CPU: an update of each in one process, bit for bit as alone."""
    from cardaudit.engine.loops.choice import Choice
    from cardaudit.engine.seeds import Work, in_turns

    class Stop(EventLog):
        def another(self) -> "Stop":
            return Stop(io.StringIO())

        def tell(self, event: str, **fields: Any) -> None:
            super().tell(event, **fields)
            if event == "evaluation" and fields["row"]["step"] == 15:
                raise KeyboardInterrupt

    plan = replace(tiny.token_plan(base, data, num_epochs=6.0), seeds=tuple(SEEDS), schedule=Schedule("steps", 5, 3))
    task, stream = prepare_task(plan, print), io.StringIO()
    choices = dict.fromkeys(SEEDS, Choice("fast"))
    with pytest.raises(KeyboardInterrupt):
        in_turns(SEEDS, 2, Work(plan, task, tmp_path, Stop(io.StringIO()), True, choices, None))
    in_turns(SEEDS, 2, Work(plan, task, tmp_path, EventLog(stream), True, choices, None))
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    begun = {event["seed"]: event["resumed_at"] for event in events if event["event"] == "seed"}
    assert begun == dict.fromkeys(SEEDS, 10)
    assert len({event["seed"] for event in events[: len(events) // 2] if event["event"] == "evaluation"}) > 1
    for seed in SEEDS:
        whole, _ = train(plan, tmp_path / "alone", seed=seed)
        assert read_run(tmp_path / str(seed) / "run.json").rows == whole.rows
        kept = [json.loads(line) for line in (tmp_path / str(seed) / "events.jsonl").read_text().splitlines()]
        assert {event["seed"] for event in kept} == {seed}


def test_a_seed_that_memory_does_not_hold_beside_others_comes_after_them() -> None:
    from cardaudit.engine.turns import take_turns

    done = []

    def begin(seed: int) -> Iterator[None]:
        for step in range(4):
            if seed == 2 and step == 1:
                raise torch.OutOfMemoryError("CUDA out of memory")
            yield
        done.append(seed)

    assert take_turns(range(5), 3, begin) == [2]
    assert done == [0, 1, 3, 4]
    with pytest.raises(ZeroDivisionError):
        take_turns([1], 1, lambda _seed: (1 // 0 for _ in "a"))


def test_a_plan_of_one_seed_keeps_all_threads(base: Path, data: Path) -> None:
    from cardaudit.engine.together import places

    plan = tiny.token_plan(base, data)
    assert places(plan) == 1
    assert places(replace(plan, seeds=tuple(SEEDS))) == min(3, torch.get_num_threads())


# --- what goes wrong ----------------------------------------------------------------------------------------------------


def test_divergence_is_recorded_and_told(base: Path, data: Path, tmp_path: Path) -> None:
    plan = tiny.token_plan(base, data, learning_rate=1e38, max_grad_norm=0.0, num_epochs=5.0)
    run, events = train(plan, tmp_path)
    assert run.outcome == "failed: the training diverged, its weights are not finite at step 11 (epoch 1)"
    assert [row.step for row in run.rows] == [11]
    assert told(events) == [run.outcome]


@pytest.fixture(autouse=True)
def _generator() -> Iterator[None]:
    """What a test draws does not reach the next one."""
    state = torch.get_rng_state()
    yield
    torch.set_rng_state(state)
