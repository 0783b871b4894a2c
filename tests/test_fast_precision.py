"""Half precision, smoothed labels and recorded kernels in the fast loop, against the stock Trainer, accelerate and torch."""

import io
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tiny

from cardaudit.records import Plan, Schedule

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
pytestmark = pytest.mark.train
torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

from engine_parity import movements, parity_of  # noqa: E402
from parity_cases import STILL, TRAININGS, write_data  # noqa: E402
from stock_movements import compute_half, short  # noqa: E402
from test_fast_loop import SEED, logged, told, train  # noqa: E402

from cardaudit.engine.checkpoints import newest_checkpoint  # noqa: E402
from cardaudit.engine.environment import describe_environment  # noqa: E402
from cardaudit.engine.events import EventLog  # noqa: E402
from cardaudit.engine.loops import fast, reference  # noqa: E402
from cardaudit.engine.loops.arguments import training_arguments  # noqa: E402
from cardaudit.engine.loops.fast.ability import UNSCHEDULED  # noqa: E402
from cardaudit.engine.loops.fast.descent import Descent, _rates  # noqa: E402
from cardaudit.engine.loops.fast.graphs import WARM_UPS, Recorder, Recording  # noqa: E402
from cardaudit.engine.loops.fast.mixed import Scaler  # noqa: E402
from cardaudit.engine.recipes import prepare_task  # noqa: E402
from cardaudit.engine.seeds import quiet  # noqa: E402

LARGE_SCALE = 2.0**20  # at which the first updates are skipped
on_cpu = pytest.mark.skipif(torch.cuda.is_available(), reason="what is compared here is computed on a CPU")


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    quiet()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("precision") / "data", 83)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without dropout, so that both loops compute the same."""
    return tiny.make_base(tmp_path_factory.mktemp("precision") / "bert", "bert", **STILL["bert"])


# --- half precision -----------------------------------------------------------------------------------------------------


@on_cpu
@pytest.mark.parametrize("precision", ["bf16", "fp16"])
@pytest.mark.parametrize("make", [tiny.token_plan, tiny.text_plan])
def test_half_precision_differs_from_the_stock_trainers_as_another_padding_does(
    base: Path, data: Path, tmp_path: Path, precision: str, make: Callable[..., Plan]
) -> None:
    """torch 2.13: products rounded to 8 or 11 bits, so that the order of a sum shows; fp32 would be several times as far away."""
    parity = parity_of("", make(base, data, **TRAININGS[precision]), tmp_path)
    assert parity.padded is not None
    assert parity.worst < min(parity.limit, 6 * parity.padded), parity.tensor
    assert parity.worst > 1e-4, "nothing is rounded"


def test_every_precision_that_a_plan_can_have_is_taken(base: Path, data: Path) -> None:
    from cardaudit.engine.loops.choice import choose_loop

    precisions = ("fp32", "tf32", "fp16", "bf16")
    assert [choose_loop("auto", tiny.token_plan(base, data, precision=each), SEED) for each in precisions] == [("fast", None)] * 4


@on_cpu
def test_rows_in_bf16_are_those_of_the_stock_trainer(base: Path, data: Path, tmp_path: Path) -> None:
    """Evaluations are under autocast as well: of weights that stay as they are, the losses in fp32 are others."""
    plan = tiny.token_plan(base, data, precision="bf16", learning_rate=1e-30, num_epochs=1.0)
    ours, events = train(plan, tmp_path / "fast")
    stock, _ = train(plan, tmp_path / "stock", "reference")
    exact, _ = train(replace(plan, training=replace(plan.training, precision="fp32")), tmp_path / "exact")
    assert ours.facts["loop"] == "fast"
    assert told(events) == []
    losses = [run.rows[0].validation_loss for run in (ours, stock, exact)]
    windows = [logged(run)[0] for run in (ours, stock, exact)]
    for mine, theirs, other in (losses, windows):
        assert abs(mine - theirs) < abs(mine - other) / 4
    assert ours.rows[0].metrics == stock.rows[0].metrics


@on_cpu
@pytest.mark.parametrize(
    ("optimizer", "semantics", "rate_waits"),
    [("adamw_torch_fused", "5.x", False), ("adamw_torch", "5.x", True), ("adamw_hf", "4.24", True)],
)
def test_skipped_updates_are_those_of_accelerate(
    base: Path, data: Path, tmp_path: Path, optimizer: str, semantics: str, rate_waits: bool
) -> None:
    """accelerate 1.15 calls a step skipped if the optimizer was not called; the fused one is called, and skips by itself."""
    from transformers import TrainerCallback

    class Seen(TrainerCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            self.scales: list[float] = []
            self.rates: list[int] = []

        def on_step_end(self, *_: Any, lr_scheduler: Any, **__: Any) -> None:
            self.scales.append(trainer.accelerator.scaler.get_scale())
            self.rates.append(lr_scheduler.last_epoch)

    assert version("accelerate").startswith("1.15")
    plan = replace(short(tiny.token_plan(base, data, precision="fp16", optimizer=optimizer), 12), semantics=semantics)
    task, seen = prepare_task(plan, print), Seen()
    trainer = reference.make_trainer(SEED, plan, task, tmp_path, lambda _: None)
    compute_half(trainer, LARGE_SCALE)
    trainer.add_callback(seen)
    trainer.train()
    run = fast.Run(SEED, plan, task, tmp_path, EventLog(io.StringIO()), dtype=torch.float16)
    assert run.scaler is not None
    run.scaler.scale.fill_(LARGE_SCALE)
    scales, rates = [], []
    for update in run.course.updates():
        run.update(update)
        scales.append(float(run.scaler.scale))
        rates.append(int(run._descent._taken))
    assert (scales, rates) == (seen.scales, seen.rates)
    skipped = sum(after < before for before, after in pairwise([LARGE_SCALE, *scales]))
    assert skipped > 1
    assert rates[-1] == 12 - skipped * rate_waits
    steps = {int(state["step"]) for state in run._descent._optimizer.state.values()}
    assert steps == {12 - skipped}


def test_the_scale_is_that_of_torchs_scaler() -> None:
    """torch.amp.GradScaler of torch 2.13, through growth and retreat."""
    assert torch.__version__.startswith("2.13")
    draw = random.Random(0)
    weight = torch.nn.Parameter(torch.ones(3))
    ours, stock, optimizer = Scaler("cpu"), torch.amp.GradScaler("cpu"), torch.optim.SGD([weight], lr=0.0)
    bad = [draw.random() < 0.001 or number < 5 for number in range(9000)]
    seen = []
    for is_bad in bad:
        gradients = []
        for scale in (lambda loss: loss * ours.scale, stock.scale):
            weight.grad = None
            scale((weight * torch.tensor([1.0, 2.0, float("inf") if is_bad else 3.0])).sum()).backward()
            gradients.append(weight.grad.clone())
        ours.unscale(gradients[:1])
        stock.unscale_(optimizer)
        assert is_bad == bool(ours.skipped)
        assert torch.equal(gradients[0], weight.grad)
        stock.step(optimizer)
        stock.update()
        ours.update()
        seen.append(float(ours.scale))
        assert seen[-1] == stock.get_scale()
    assert any(after > before for before, after in pairwise(seen))
    assert any(after < before for before, after in pairwise(seen))


@on_cpu
@pytest.mark.parametrize(
    ("dtype", "optimizer"), [(torch.float16, "adamw_torch"), (torch.float16, "adamw_hf"), (torch.bfloat16, "adam")]
)
def test_a_checkpoint_in_half_precision_continues_bit_for_bit(data: Path, tmp_path: Path, dtype: Any, optimizer: str) -> None:
    """With dropout, the scale and what was skipped."""
    plan = tiny.token_plan(tiny.make_base(tmp_path / "base"), data, optimizer=optimizer, lr_scheduler_type="cosine")
    plan = short(plan, 10)
    task, environment = prepare_task(plan, print), describe_environment()

    def begun() -> fast.Run:
        run = fast.Run(SEED, plan, task, tmp_path, EventLog(io.StringIO()), dtype=dtype)
        if run.scaler:
            run.scaler.scale.fill_(LARGE_SCALE)
        return run

    whole, cut, resumed = begun(), begun(), begun()
    for update in whole.course.updates():
        whole.update(update)
        if update.step <= 6:
            cut.update(update)
    cut.save(environment)
    start = newest_checkpoint(tmp_path, environment, print, "fast")
    assert start is not None
    resumed.resume(start)
    for update in resumed.course.updates(resumed.step):
        resumed.update(update)
    for mine, theirs in zip(resumed.network.model.parameters(), whole.network.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    if whole.scaler and resumed.scaler:
        assert float(whole.scaler.scale) == float(resumed.scaler.scale) < LARGE_SCALE


def test_dropout_in_half_precision_keeps_the_mean() -> None:
    """1 / 0.9 is 1.1111; bfloat16's nearest number is 1.1094."""
    from cardaudit.engine.loops.fast.masks import Dropout, Masks

    dropped = Dropout(0.1, Masks(1))(torch.full((1000,), 0.9, dtype=torch.bfloat16))
    assert dropped.dtype == torch.bfloat16
    assert dropped.unique().tolist() == [0.0, 1.0]


# --- the schedule -------------------------------------------------------------------------------------------------------


def test_rates_are_those_of_every_stock_schedule(base: Path, data: Path, tmp_path: Path) -> None:
    """transformers 5.23: stepped one by one. They are kept in a table, so that a device finds its own after skipped updates."""
    from transformers import get_scheduler
    from transformers.trainer_utils import SchedulerType

    more = {"cosine_with_min_lr": {"min_lr": 1e-5}, "cosine_warmup_with_min_lr": {"min_lr": 1e-5}}
    more["warmup_stable_decay"] = {"num_decay_steps": 5}
    names = [kind.value for kind in SchedulerType if not kind.value.endswith(UNSCHEDULED)]
    assert len(names) > 7
    for name in names:
        plan = tiny.token_plan(base, data, lr_scheduler_type=name, warmup_steps=4)
        plan = replace(plan, task_options={"lr_scheduler_kwargs": more.get(name, {})})
        arguments = training_arguments(plan, SEED, tmp_path, print)
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=arguments.learning_rate)
        schedule = get_scheduler(name, optimizer, 4, 20, arguments.lr_scheduler_kwargs)
        wanted = []
        for _ in range(20):
            wanted += schedule.get_last_lr()
            optimizer.step()
            schedule.step()
        assert _rates(arguments, 20) == wanted, name


# --- smoothed labels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("training", ["smoothed by 0.1", "smoothed by 0.1, 2 accumulated"], ids=["each batch", "2 accumulated"])
@pytest.mark.parametrize("make", [tiny.token_plan, tiny.text_plan])
def test_every_tensor_moves_as_with_the_stock_label_smoother(
    base: Path, data: Path, tmp_path: Path, make: Callable[..., Plan], training: str
) -> None:
    parity = parity_of("", make(base, data, **TRAININGS[training]), tmp_path)
    assert parity.worst < parity.limit == 1e-4, parity.tensor
    assert parity.dropped is not None
    assert parity.dropped > 10 * parity.limit
    plain = movements(make(base, data), tmp_path)
    assert max(plain.values()) < 1e-4


@pytest.mark.parametrize("semantics", ["5.x", "4.24"])
def test_rows_with_smoothed_labels_are_those_of_the_reference_loop(
    base: Path, data: Path, tmp_path: Path, semantics: str
) -> None:
    """Also the validation loss, which the Trainer smooths too; 4.24 took the mean of each batch of a group."""
    smoothed = {"label_smoothing_factor": 0.2, "gradient_accumulation_steps": 3, "train_batch_size": 4}
    for make in (tiny.token_plan, tiny.text_plan):
        plan = replace(make(base, data, **smoothed), semantics=semantics, schedule=Schedule("epoch", None, 3))
        ours, events = train(plan, tmp_path / make.__name__ / "fast")
        stock, _ = train(plan, tmp_path / make.__name__ / "stock", "reference")
        assert ours.facts["loop"] == "fast"
        assert told(events) == []
        assert [row.metrics for row in ours.rows] == [row.metrics for row in stock.rows]
        assert [row.validation_loss for row in ours.rows] == pytest.approx([row.validation_loss for row in stock.rows], rel=1e-5)
        assert logged(ours) == pytest.approx(logged(stock), rel=1e-5)


def test_smoothed_numbers_are_left_to_the_reference_loop(base: Path, data: Path) -> None:
    """transformers 5.23: LabelSmoother gathers by the labels, which must be whole."""
    from cardaudit.engine.loops.choice import choose_loop

    plan = tiny.text_plan(base, data, label_smoothing_factor=0.1)
    assert choose_loop("auto", plan, SEED).loop == "fast"
    numbers = replace(plan, task_options={"problem_type": "regression"})
    assert choose_loop("auto", numbers, SEED) == (
        "reference",
        f"the fast loop cannot do this plan, it smooths labels that are numbers: the reference loop trains seed {SEED}",
    )


# --- recorded kernels ---------------------------------------------------------------------------------------------------


class Again:
    """What stands for a recording where there is no GPU: doing the work again gives what replaying it would."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.replay = work


def refuse(_work: Callable[[], object]) -> Any:
    raise RuntimeError("CUDA error: operation not permitted when stream is capturing\nCUDA kernel errors might be ...")


@pytest.mark.parametrize("record", [Again, refuse], ids=["recorded", "refused"])
def test_recorded_work_adds_the_same_gradients_whether_recording_succeeds_or_not(record: Any) -> None:
    messages: list[str] = []
    recording = Recording(messages.append, record)
    layers = [torch.nn.Linear(4, 2) for _ in range(2)]
    layers[1].load_state_dict(layers[0].state_dict())
    for layer in layers:
        layer.weight.grad, layer.bias.grad = torch.zeros_like(layer.weight), torch.zeros_like(layer.bias)

    def work(layer: Any) -> Callable[[dict[str, Any]], tuple[Any]]:
        def learn(inputs: dict[str, Any]) -> tuple[Any]:
            loss = layer(inputs["x"]).square().mean()
            loss.backward()
            return (loss.detach(),)

        return learn

    recorders = [
        Recorder(work(layer), list(layer.parameters()), how) for layer, how in zip(layers, (None, recording), strict=True)
    ]
    for size in (3, 5, 3, 5, 3):
        inputs = {"x": torch.randn(size, 4)}
        plain, ours = (recorder(inputs)[0].clone() for recorder in recorders)
        assert torch.equal(plain, ours)
        assert torch.equal(layers[0].weight.grad, layers[1].weight.grad)
    assert recording.works == (record is Again)
    why = "this GPU's kernels could not be recorded (CUDA error: operation not permitted when stream is capturing)"
    assert messages == ([] if record is Again else [f"{why}: they are launched one by one, which only takes longer"])


def test_want_of_memory_is_no_failure_to_record() -> None:
    def full(_work: Callable[[], object]) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    messages: list[str] = []
    with pytest.raises(torch.OutOfMemoryError):
        Recording(messages.append, full).record(lambda: None)
    assert messages == []


@on_cpu
@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("record", [Again, refuse], ids=["recorded", "refused"])
def test_recorded_steps_are_those_that_are_not(base: Path, data: Path, tmp_path: Path, record: Any, scaled: bool) -> None:
    """Rates, scale and what is skipped lie on the device: a step that is recorded once is right each time."""
    plan = short(tiny.token_plan(base, data, optimizer="adamw_torch", lr_scheduler_type="cosine", weight_decay=0.1), 9)
    arguments = training_arguments(plan, SEED, tmp_path, print)
    models, descents, messages = [], [], list[str]()
    for recording in (None, Recording(messages.append, record)):
        torch.manual_seed(0)
        models.append(torch.nn.Linear(4, 2))
        models[-1].device = torch.device("cpu")
        descents.append(Descent(models[-1], plan, arguments, 9, recording, Scaler("cpu") if scaled else None))
    for step in range(9):
        x = torch.randn(3, 4) * (float("inf") if scaled and step in (1, WARM_UPS + 1) else 1.0)
        for model, descent in zip(models, descents, strict=True):
            model(x).sum().backward()
            descent.step()
        assert torch.equal(models[0].weight, models[1].weight)
        assert models[0].weight.isfinite().all()
    assert len(messages) == (record is refuse)
