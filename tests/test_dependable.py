"""What can befall a run: too little memory, kill -9, a full disk, data that cannot be used. Each for both loops."""

import io
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny
from command import CARDS, cardaudit

from cardaudit.cli.progress import Lines
from cardaudit.codec import pack
from cardaudit.parse import read_card
from cardaudit.records import Evaluation, Plan, Run, Schedule
from cardaudit.runs import plan_digest, read_run, write_plan

pytestmark = [
    pytest.mark.train,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the processes of these tests are forked"),
]
torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("transformers", reason="the extra [reproduce] is not installed")

from cardaudit.engine.events import EventLog  # noqa: E402
from cardaudit.engine.loops import fast, reference  # noqa: E402
from cardaudit.engine.recipes import prepare_task  # noqa: E402
from cardaudit.engine.seeds import quiet, train_seeds  # noqa: E402

LOOPS = ("reference", "fast")
SEED = 7
STILL = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)
    quiet()


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without dropout, so that parts of a batch compute what the whole does."""
    return tiny.make_base(tmp_path_factory.mktemp("model") / "still", **STILL)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    tiny.write_conll(folder / "train.conll", tiny.sentences(43, seed=1))
    tiny.write_conll(folder / "dev.conll", tiny.sentences(20, seed=2))
    tiny.write_jsonl(folder / "train.jsonl", tiny.texts(43, seed=1))
    tiny.write_jsonl(folder / "dev.jsonl", tiny.texts(20, seed=2))
    return folder


def train(plan: Plan, folder: Path, loop: str) -> tuple[Run, list[dict[str, Any]]]:
    stream = io.StringIO()
    write_plan(plan, folder / "plan.json")
    train_seeds(folder / "plan.json", folder, [SEED], True, EventLog(stream), loop)
    return read_run(folder / str(SEED) / "run.json"), [json.loads(line) for line in stream.getvalue().splitlines()]


# --- memory -------------------------------------------------------------------------------------------------------------


def refuse_on_cpu() -> None:
    """What torch's own allocator raises: more than any address space has."""
    torch.empty(1 << 47, dtype=torch.uint8)


def refuse_on_gpu() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 10.00 GiB")


def end_memory(tokens: int, refuse: Callable[[], None] = refuse_on_cpu, training: bool = True) -> Any:
    """Lets memory end where a model in this mode takes more tokens at a time, with padding where there is some."""

    def look(module: Any, arguments: tuple[Any, ...]) -> None:
        if isinstance(module, torch.nn.Embedding) and module.training == training and arguments[0].numel() > tokens:
            refuse()

    return torch.nn.modules.module.register_module_forward_pre_hook(look)


@contextmanager
def room_for(tokens: int, refuse: Callable[[], None] = refuse_on_cpu, training: bool = True) -> Iterator[None]:
    hook = end_memory(tokens, refuse, training)
    try:
        yield
    finally:
        hook.remove()


def numbers_of(run: Run) -> list[float]:
    return [value for row in run.rows for value in (row.training_loss or -1.0, row.validation_loss)]


def weights_of(loop: str, plan: Plan, folder: Path, micro_batch: int | None) -> dict[str, Any]:
    """A seed's last weights, its batches taken in parts of so many examples."""
    task = prepare_task(plan, print)
    if loop == "fast":
        run = fast.Run(SEED, plan, task, folder, EventLog(io.StringIO()), micro_batch)
        for update in run.course.updates():
            run.update(update)
        return dict(run.network.model.named_parameters())
    trainer = reference.make_trainer(SEED, plan, task, folder, print)
    reference._spare(trainer, plan, task, {"micro_batch": micro_batch}, print)
    trainer.train()
    return dict(trainer.model.named_parameters())


def distance(ones: dict[str, Any], others: dict[str, Any]) -> float:
    assert ones.keys() == others.keys()
    return max(float((ones[name] - others[name]).detach().abs().max()) for name in ones)


# An epsilon far above rounding, or Adam would make of a gradient of 1e-9 (those of the keys' biases are zero) a whole step.
STEADY = {"adam_epsilon": 1e-4, "learning_rate": 1e-3, "weight_decay": 0.1}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    ("make", "training"),
    [
        (tiny.token_plan, {}),
        (tiny.token_plan, {"train_batch_size": 7, "gradient_accumulation_steps": 3}),
        (tiny.text_plan, {"train_batch_size": 5, "gradient_accumulation_steps": 2}),
    ],
)
def test_parts_of_a_batch_make_the_update_of_the_whole(
    still: Path, data: Path, tmp_path: Path, loop: str, make: Callable[..., Plan], training: dict[str, Any]
) -> None:
    """All weights after two epochs: cut last batches, cut groups, sentences of other lengths in each part."""
    plan = make(still, data, **STEADY, **training)
    whole = weights_of(loop, plan, tmp_path, None)
    for micro_batch in (1, 3, 4):
        assert distance(whole, weights_of(loop, plan, tmp_path, micro_batch)) < 1e-6


@pytest.mark.parametrize("loop", LOOPS)
def test_smaller_batches_and_more_accumulation_would_be_another_update(
    still: Path, data: Path, tmp_path: Path, loop: str
) -> None:
    """What a user could do by hand: the mean over parts of the means over their tokens."""
    whole = weights_of(loop, tiny.token_plan(still, data, **STEADY), tmp_path, None)
    by_hand = tiny.token_plan(still, data, **STEADY, train_batch_size=4, gradient_accumulation_steps=2)
    assert distance(whole, weights_of(loop, by_hand, tmp_path, None)) > 1e-4


def test_smoothed_labels_are_counted_once(still: Path, data: Path, tmp_path: Path) -> None:
    """The Trainer's label smoother divides by the number of labels in the whole batch, which a part must not do again."""
    for make in (tiny.token_plan, tiny.text_plan):
        plan = make(still, data, label_smoothing_factor=0.2, **STEADY)
        whole = weights_of("reference", plan, tmp_path, None)
        assert distance(whole, weights_of("reference", plan, tmp_path, 3)) < 1e-6


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("refuse", [refuse_on_cpu, refuse_on_gpu])
def test_want_of_memory_halves_the_micro_batch(
    still: Path, data: Path, tmp_path: Path, loop: str, refuse: Callable[[], None]
) -> None:
    """From 8 to 4 to 2 examples, with what was trained before thrown away; steps and rows are those of whole batches."""
    plan = tiny.token_plan(still, data, **STEADY)
    whole, _ = train(plan, tmp_path / "whole", loop)
    with room_for(32, refuse):
        run, events = train(plan, tmp_path / "starved", loop)
    assert tiny.warnings_of(events) == [
        "memory does not hold a training batch of 8: the seed starts again, with its examples taken 4 at a time, "
        "which adds up to the same",
        "memory does not hold a training batch of 8: the seed starts again, with its examples taken 2 at a time, "
        "which adds up to the same",
    ]
    assert run.facts == {**whole.facts, "micro_batch": 2}
    assert run.plan_digest == whole.plan_digest == plan_digest(plan)
    assert [(row.step, row.epoch, row.metrics) for row in run.rows] == [(row.step, row.epoch, row.metrics) for row in whole.rows]
    assert numbers_of(run) == pytest.approx(numbers_of(whole), rel=1e-6)


@pytest.mark.parametrize("loop", LOOPS)
def test_want_of_memory_in_an_evaluation_keeps_the_loss_of_the_cards_batches(
    still: Path, data: Path, tmp_path: Path, loop: str
) -> None:
    """Nothing is trained again for it. Another eval_batch_size would give another loss."""
    plan = tiny.token_plan(still, data, eval_batch_size=18)
    whole, _ = train(plan, tmp_path / "whole", loop)
    smaller, _ = train(replace(plan, training=replace(plan.training, eval_batch_size=4)), tmp_path / "smaller", loop)
    with room_for(125, training=False):
        run, events = train(plan, tmp_path / "starved", loop)
    size = run.facts["evaluation_micro_batch"]
    assert size < 18
    assert tiny.warnings_of(events)[-1] == (
        f"memory does not hold an evaluation batch of 18: its examples are taken {size} at a time, which adds up to the same"
    )
    assert [event["event"] for event in events].count("seed") == 1
    assert run.facts == {**whole.facts, "evaluation_micro_batch": size}
    assert [row.metrics for row in run.rows] == [row.metrics for row in whole.rows]
    assert numbers_of(run) == pytest.approx(numbers_of(whole), rel=1e-6)
    assert abs(smaller.rows[0].validation_loss - whole.rows[0].validation_loss) > 1e-4


def test_the_trial_before_packing_fits_into_memory_too(still: Path, data: Path, tmp_path: Path) -> None:
    """The fast loop tries its batches on some examples first: with fewer of them where memory is short."""
    plan = tiny.token_plan(still, data, train_batch_size=4, eval_batch_size=2)
    with room_for(50, training=False):
        run, _ = train(plan, tmp_path, "fast")
    assert run.facts["micro_batch"] == 2
    assert (run.outcome, run.facts["loop"]) == ("finished", "fast")


@pytest.mark.parametrize("loop", LOOPS)
def test_no_room_for_one_example_is_one_sentence(still: Path, data: Path, tmp_path: Path, loop: str) -> None:
    plan = tiny.token_plan(still, data)
    code, events = engine(plan, tmp_path, loop, before=lambda: end_memory(4))
    where = "the GPU" if torch.cuda.is_available() else "this machine"
    assert code == 2
    assert [message[-44:] for message in tiny.warnings_of(events)] == [
        f"taken {size} at a time, which adds up to the same" for size in (4, 2, 1)
    ]
    assert events[-1] == {
        "event": "failed",
        "seed": SEED,
        "message": f"the memory of {where} does not hold one example of 64 tokens beside the model: "
        "give less with --set max_length=, or free some of it",
    }


@pytest.mark.parametrize("loop", LOOPS)
def test_a_starved_seed_that_is_killed_goes_on_in_its_parts(base: Path, data: Path, tmp_path: Path, loop: str) -> None:
    """Also where there is memory enough by then: a seed's rows are made alike from first to last."""
    plan = replace(tiny.token_plan(base, data, num_epochs=3.0), schedule=Schedule("steps", 4, 3))
    with room_for(50):
        whole, _ = train(plan, tmp_path / "whole", loop)

    def starve() -> None:
        end_memory(50)
        die_after(3, "evaluation")

    code, _ = engine(plan, tmp_path / "cut", loop, before=starve)
    assert code == -signal.SIGKILL
    run, events = train(plan, tmp_path / "cut", loop)
    assert [event["resumed_at"] in (4, 8) for event in events if event["event"] == "seed"] == [True]
    assert run.rows == whole.rows
    assert run.facts == whole.facts
    assert run.facts["micro_batch"] < 8


# --- killed -------------------------------------------------------------------------------------------------------------


def engine(
    plan: Plan, folder: Path, loop: str, before: Callable[[], None] = lambda: None
) -> tuple[int | None, list[dict[str, Any]]]:
    """The engine's command in a process that is forked, which spares it the start: its exit code and its events.

    `before` is called in that process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_plan(plan, folder / "plan.json")

    def work() -> None:
        from cardaudit.engine.__main__ import main

        events = os.open(folder / "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(events, 1)
        before()
        sys.exit(main([str(folder / "plan.json"), str(folder), "--seeds", str(SEED), "--loop", loop]))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(300)
    assert not process.is_alive(), "the engine hangs"
    lines = (folder / "stdout").read_text(encoding="utf-8").splitlines()
    return process.exitcode, [json.loads(line) for line in lines]


def die_after(count: int, kind: str) -> None:
    """kill -9 of this process as soon as it has told so many events of a kind."""
    tell = EventLog.tell
    left = [count]

    def telling(log: EventLog, event: str, **fields: Any) -> None:
        tell(log, event, **fields)
        left[0] -= event == kind
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    EventLog.tell = telling  # type: ignore[method-assign]


def die_at_disk(moment: int, folder: Path) -> None:
    """kill -9 of this process just before it touches something in a folder for so many times: opens, renames, removes, makes."""
    left = [moment]

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"):
            left[0] -= str(arguments[0]).startswith(str(folder))
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


@pytest.mark.parametrize("loop", LOOPS)
def test_killed_whenever_it_touches_the_disk_it_ends_in_the_rows_of_an_uninterrupted_run(
    base: Path, data: Path, tmp_path: Path, loop: str
) -> None:
    """Again and again in one folder, at drawn moments: in the midst of a checkpoint, of its mark, of removing the old one."""
    plan = tiny.token_plan(base, data, num_epochs=3.0, lr_scheduler_type="cosine", warmup_ratio=0.1)
    plan = replace(plan, schedule=Schedule("steps", 4, 3))
    whole, _ = train(plan, tmp_path / "whole", loop)
    draw, cut, codes = random.Random(5), tmp_path / "cut", []
    while len(codes) < 14 and codes[-1:] != [0]:
        moment = draw.randint(3, 20)
        codes.append(engine(plan, cut, loop, lambda moment=moment: die_at_disk(moment, cut / str(SEED)))[0])
    assert codes.count(-signal.SIGKILL) >= 3, codes
    run, _ = train(plan, cut, loop) if codes[-1] else (read_run(cut / str(SEED) / "run.json"), [])
    assert run.rows == whole.rows
    assert run.facts == whole.facts
    assert list((cut / str(SEED)).glob("checkpoint-*")) == []


@pytest.mark.parametrize("loop", LOOPS)
def test_after_a_full_disk_the_same_command_goes_on(base: Path, data: Path, tmp_path: Path, loop: str) -> None:
    """A limit on the size of files stands in for a full disk: writing fails in the same places."""
    plan = tiny.token_plan(base, data)

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    code, events = engine(plan, tmp_path / "full", loop, before=fill)
    assert code == 2
    assert events[-1]["message"] == (
        f"the disk of {tmp_path / 'full'} takes no more: free some space and give the same command again, or add "
        "--no-checkpoints; what is done is kept"
    )
    run, _ = train(plan, tmp_path / "full", loop)
    assert run.rows == train(plan, tmp_path / "whole", loop)[0].rows


# --- numbers and data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", LOOPS)
def test_a_diverging_seed_is_done_and_recorded(base: Path, data: Path, tmp_path: Path, loop: str) -> None:
    plan = tiny.token_plan(base, data, learning_rate=1e38, max_grad_norm=0.0, num_epochs=5.0)
    code, events = engine(plan, tmp_path, loop)
    run = read_run(tmp_path / str(SEED) / "run.json")
    assert code == 0
    assert run.outcome == "failed: the training diverged, its weights are not finite at step 6 (epoch 1)"
    assert tiny.warnings_of(events) == [run.outcome]
    assert [event["event"] for event in events][-2:] == ["finished", "end"]


def test_batches_without_a_label_have_no_loss_and_change_nothing(still: Path, tmp_path: Path) -> None:
    """A word of which the tokenizer leaves nothing has no label to learn; alone in a batch, the loss is 0 / 0."""
    rows = tiny.sentences(12, 1)
    rows[3], rows[7] = (["\u200b"], ["O"]), (["\u200b", "\u200b"], ["O", "O"])
    tiny.write_conll(tmp_path / "train.conll", rows)
    tiny.write_conll(tmp_path / "dev.conll", rows[:4])
    plan = tiny.token_plan(still, tmp_path, train_batch_size=1, eval_batch_size=1)
    stock, ours = (train(plan, tmp_path / loop, loop)[0] for loop in LOOPS)
    assert (stock.outcome, ours.outcome) == ("finished", "finished")
    assert all(value == value for value in numbers_of(stock))
    assert numbers_of(ours) == pytest.approx(numbers_of(stock), rel=1e-4)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("semantics", ["5.x", "4.24"])
def test_fewer_examples_than_a_batch_are_one_update_an_epoch(
    base: Path, data: Path, tmp_path: Path, loop: str, semantics: str
) -> None:
    for make in (tiny.token_plan, tiny.text_plan):
        plan = make(base, data, train_batch_size=16, gradient_accumulation_steps=2)
        plan = replace(plan, semantics=semantics, dataset=replace(plan.dataset, train_limit=3))
        run, _ = train(plan, tmp_path / make.__name__, loop)
        assert (run.outcome, [(row.step, row.epoch) for row in run.rows]) == ("finished", [(1, 1.0), (2, 2.0)])


def write_unusable(folder: Path) -> None:
    tiny.write_conll(folder / "train.conll", tiny.sentences(8, 1))
    tiny.write_conll(folder / "dev.conll", [(["anna", "sang"], ["B-PER", "B-VERB"])])
    (folder / "none.conll").write_text("\n")
    tiny.write_jsonl(folder / "train.jsonl", tiny.texts(8, 1))
    tiny.write_jsonl(folder / "dev.jsonl", [{"text": "anna sang", "label": 2}])
    (folder / "none.jsonl").write_text("")
    (folder / "none.csv").write_text("text,label\n")
    (folder / "nothing.json").write_text("[]")
    tiny.write_jsonl(folder / "blank.jsonl", [{"text": " ", "label": 0}, {"text": "", "label": 1}])
    tiny.write_jsonl(folder / "bare.jsonl", [{"text": [], "label": []}, {"text": ["", " "], "label": ["O", "O"]}])
    tiny.write_jsonl(folder / "ghosts.jsonl", [{"text": ["\u200b"], "label": ["O"]}])
    tiny.write_jsonl(folder / "holes.jsonl", [{"text": ["anna", None], "label": ["O", "O"]}])


UNUSABLE = [
    ("token", {"eval_split": "none"}, "the split 'none' of tiny-conll holds no example: name another with"),
    ("token", {}, "the split 'dev' of tiny-conll has the label 'B-VERB', which is not among the 4 known from training: give all"),
    ("words", {"train_split": "bare"}, "the split 'bare' of tiny-texts has only empty words: name the column with"),
    ("words", {"train_split": "holes"}, "row 0 of the split 'holes' of tiny-texts is no list of words with as many labels: name"),
    (
        "words",
        {"train_split": "ghosts", "eval_split": "ghosts"},
        "the tokenizer of tiny leaves nothing of the words of the split",
    ),
    ("text", {"eval_split": "none"}, "the split 'none' of tiny-texts holds no example: name another with"),
    (
        "text",
        {"eval_split": "none", "files": {"none": "nothing.json"}},
        "the split 'none' of tiny-texts holds no example: name another",
    ),
    (
        "text",
        {"eval_split": "none", "files": {"train": "train.jsonl", "none": "none.csv"}, "format": "hub"},
        "the split 'none' of",
    ),
    ("text", {}, "the split 'dev' of tiny-texts has the label '2', which is not among the 2 known from training: give all"),
    ("text", {"train_split": "blank"}, "the split 'blank' of tiny-texts has only empty texts: name the column with"),
    ("text", {"eval_split": "blank"}, "the split 'blank' of tiny-texts has only empty texts: name the column with"),
]


@pytest.mark.parametrize(("recipe", "dataset", "sentence"), UNUSABLE)
def test_data_that_cannot_be_used_end_the_engine_with_one_sentence(
    base: Path, tmp_path: Path, recipe: str, dataset: dict[str, Any], sentence: str
) -> None:
    write_unusable(tmp_path)
    plan = tiny.token_plan(base, tmp_path) if recipe == "token" else tiny.text_plan(base, tmp_path)
    plan = replace(plan, dataset=replace(plan.dataset, **dataset))
    plan = replace(plan, recipe="token_classification") if recipe == "words" else plan
    code, events = engine(plan, tmp_path / "runs", "auto")
    assert (code, events[-1]["event"]) == (2, "failed")
    assert events[-1]["message"].startswith(sentence)
    assert "\n" not in events[-1]["message"]


def test_an_average_over_two_labels_needs_two(base: Path, tmp_path: Path) -> None:
    for name in ("train", "dev"):
        tiny.write_jsonl(tmp_path / f"{name}.jsonl", [{"text": "anna sang", "label": label} for label in (0, 1, 2)])
    plan = replace(tiny.text_plan(base, tmp_path), task_options={"metrics": ["accuracy", "f1"], "average": "binary"})
    assert tiny.sentence_of(plan, tmp_path / "run") == (
        "the average 'binary' is of two labels, tiny-texts has 3: give another with --set average=macro"
    )


def test_reproduce_tells_what_it_could_not_run_and_keeps_it(tmp_path: Path) -> None:
    """The command itself: exit code 2, one sentence, the same in the engine's log, and a report of the rest."""
    demo = CARDS / "invoice-demo"
    for name in ("train", "validation"):
        tag = "I-SENDER" if name == "train" else "I-PAYER"
        tiny.write_conll(tmp_path / f"{name}.conll", [(["anna", "pays"], [tag, "O"])] * 40)
    given = ("--base-model", demo / "base", "--dataset", tmp_path, "--set", "eval_split=validation", "--seeds", "3")
    done = cardaudit("reproduce", demo / "card.md", *given, "--offline", "-o", tmp_path / "audit", OMP_NUM_THREADS="1")
    sentence = "has the label 'I-PAYER', which is not among the 2 known from training: give all labels in their order"
    assert done.returncode == 2
    assert [sentence in line for line in done.stderr.splitlines()][-1]
    [log] = (tmp_path / "audit" / "runs").glob("*/engine.log")
    assert sentence in log.read_text(encoding="utf-8").splitlines()[-1]
    assert (tmp_path / "audit" / "report.html").is_file()


def test_numbers_that_are_none_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """An event has them as text, see codec.pack: the display of a run that diverges must not end it."""
    row = pack(Evaluation(1.0, 6, None, float("nan"), {"f1": 0.25, "accuracy": float("inf")}))
    Lines(read_card("# a card"), None)({"event": "evaluation", "seed": SEED, "row": row})
    assert capsys.readouterr().err == "seed 7: epoch 1, step 6  loss nan  f1 0.2500  accuracy inf\n"


NUMBERS = {"problem_type": "regression", "metrics": ["mse", "rmse", "mae", "r2", "pearson", "spearmanr"]}
SINGLE = {"metrics": ["accuracy", "f1", "matthews_correlation", "roc_auc"]}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("options", [NUMBERS, SINGLE, {**SINGLE, "problem_type": "multi_label_classification"}])
def test_metrics_of_weights_that_diverged_are_no_reason_to_fall(
    base: Path, tmp_path: Path, loop: str, options: dict[str, Any]
) -> None:
    """sklearn refuses what is no number; the row is kept, and the outcome says what happened."""
    several = options.get("problem_type", "").startswith("multi")
    for name, count in (("train", 16), ("dev", 8)):
        rows = tiny.texts(count, len(name))
        rows = [{**row, "label": [row["label"], 1 - row["label"]]} for row in rows] if several else rows
        tiny.write_jsonl(tmp_path / f"{name}.jsonl", rows)
    options = {**options, "metrics": ["accuracy", "f1", "roc_auc"]} if several else options
    plan = replace(tiny.text_plan(base, tmp_path, learning_rate=1e38, max_grad_norm=0.0), task_options=options)
    run, _ = train(plan, tmp_path / "run", loop)
    assert run.outcome == "failed: the training diverged, its weights are not finite at step 2 (epoch 1)"
    assert list(run.rows[0].metrics) == options["metrics"]
    assert run.rows[0].metrics[options["metrics"][-1]] != run.rows[0].metrics[options["metrics"][-1]]


def test_metrics_that_the_evaluation_set_leaves_undefined_are_not_a_number(base: Path, tmp_path: Path) -> None:
    """One text, one class: no order to correlate, nothing to tell apart."""
    for options, undefined in ((NUMBERS, ["r2", "pearson", "spearmanr"]), (SINGLE, ["roc_auc"])):
        tiny.write_jsonl(tmp_path / "train.jsonl", tiny.texts(16, 1))
        tiny.write_jsonl(tmp_path / "dev.jsonl", tiny.texts(1, 2))
        plan = replace(tiny.text_plan(base, tmp_path), task_options=options)
        run, _ = train(plan, tmp_path / undefined[0], "reference")
        assert run.outcome == "finished"
        assert [name for name, value in run.rows[-1].metrics.items() if value != value] == undefined
