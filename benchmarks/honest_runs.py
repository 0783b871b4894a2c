"""Cards of drawn training runs as transformers' Trainer writes them, for benchmarks/honest_cards.py.

The loop is run batch by batch: updates after each group of batches, evaluations by epoch or by steps, runs that stop early, are
resumed or drop their last batch. Numbers are printed by the rules of transformers/modelcard.py: four decimals where there are
more, else the float as it stands.
"""

import math
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from honest_known import SETS, Known, task
from honest_scores import TASKS, Metrics, Task

RELEASES = ("4.11.3", "4.18.0", "4.20.1", "4.24.0", "4.26.1", "4.28.1", "4.35.2", "4.41.2", "4.44.0", "4.53.0", "4.57.1")
FEWEST_UPDATES = 40  # below, too-few-updates says rightly so


class Run(NamedTuple):
    """What a recipe leaves open."""

    release: tuple[int, int]
    examples: int
    batch: int
    devices: int
    grouped: int
    epochs: int
    drop_last: bool
    by_epoch: bool
    logging: int
    until: float
    resumed: bool


class Row(NamedTuple):
    """One evaluation: when, the last logged training loss, the evaluation's."""

    step: int
    epoch: float
    training: float | None
    loss: float
    metrics: Metrics


def drawn(rng: random.Random, release: tuple[int, int]) -> Run:
    return Run(
        release,
        examples=rng.randint(300, 40_000),
        batch=rng.choice((4, 8, 16, 32)),
        devices=rng.choice((1, 1, 1, 2, 4, 8)),
        grouped=rng.choice((1, 1, 1, 2, 3, 4, 8)),
        epochs=rng.choice((1, 2, 3, 3, 4, 5, 10)),
        drop_last=rng.random() < 0.15,
        by_epoch=rng.random() < 0.6,
        logging=rng.choice((10, 50, 100, 500, 500)),
        until=rng.choice((1, 1, 1, 1, 0.6)),
        resumed=rng.random() < 0.1,
    )


def batches(run: Run) -> int:
    """Batches an epoch on each device."""
    whole = run.examples / (run.batch * run.devices)
    return max(math.floor(whole) if run.drop_last else math.ceil(whole), run.grouped)


def updates(run: Run) -> Iterator[tuple[int, float, bool]]:
    """Step, epoch, and whether it is the epoch's last, of each optimizer step of the loop (transformers/trainer.py)."""
    length, step, seen = batches(run), 0, 0
    each_epoch = -(-length // run.grouped) if run.release >= (4, 52) else length // run.grouped
    for epoch in range(run.epochs):
        ends = [at for at in range(1, length + 1) if _is_due(run, at, seen + at, length)]
        seen += length
        for end in ends:
            step += 1
            final = step == run.epochs * each_epoch
            yield step, epoch + end / length, final or end == ends[-1]
            if final:
                return


def _is_due(run: Run, at: int, seen: int, length: int) -> bool:
    """Groups are counted anew in each epoch up to 4.26, through all of them up to 4.46; since 4.47 an epoch's last is cut."""
    if run.release < (4, 27):
        return at % run.grouped == 0
    return seen % run.grouped == 0 if run.release < (4, 47) else at % run.grouped == 0 or at == length


def rows(rng: random.Random, run: Run, scores: Task) -> list[Row]:
    """The evaluations of a run, as its log has them."""
    all_updates = list(updates(run))
    last = max(round(len(all_updates) * run.until), 1)
    every = max(len(all_updates) // rng.randint(2, 10), 1)
    found: list[Row] = []
    training = None
    floor, of_set = rng.uniform(0.1, 0.6), rng.getrandbits(32)
    surprise, doubt, easier = rng.uniform(0.01, 1.5), rng.uniform(0.01, 0.3), rng.uniform(0.3, 2)
    for step, epoch, ends in all_updates[:last]:
        progress = step / len(all_updates)
        if step % run.logging == 0:
            expected = scores(random.Random(of_set), rng, progress)
            training = round(easier * _loss(expected, surprise, doubt, floor + math.exp(-3 * progress)), 4)
        if ends if run.by_epoch else step % every == 0:
            metrics = scores(random.Random(of_set), rng, progress)
            found.append(Row(step, epoch, training, _loss(metrics, surprise, doubt, floor + math.exp(-3 * progress)), metrics))
    return found


def _loss(metrics: Metrics, surprise: float, doubt: float, other: float) -> float:
    """The mean cross-entropy where decisions are counted: a wrong one has a probability below 1/2. Else a curve that falls."""
    right = next((metrics[key] for key in ("accuracy", "overall_accuracy", "top_1_accuracy") if key in metrics), None)
    wrong = metrics.pop("wrong_decisions", None if right is None else 1 - right)
    return other if wrong is None else wrong * (math.log(2) + surprise) + (1 - wrong) * doubt


def number(value: float) -> str:
    """transformers/modelcard.py, `_maybe_round`."""
    text = str(value)
    return f"{value:.4f}" if isinstance(value, float) and len(text.partition(".")[2]) > 4 else text


def label(name: str) -> str:
    return name.replace("/", " ").replace("_", " ").title() if "/" not in name else name.capitalize()


def table(run: Run, evaluations: Sequence[Row]) -> str:
    names = list(evaluations[0].metrics)
    lines = [["Training Loss", "Epoch", "Step", "Validation Loss", *map(label, names)]]
    for row in evaluations:
        epoch = round(row.epoch, 2) if run.release < (4, 40) else row.epoch
        training = "No log" if row.training is None else number(row.training)
        lines.append([training, number(epoch), str(row.step), number(row.loss), *(number(row.metrics[name]) for name in names)])
    widths = [max(len(line[at]) for line in lines) for at in range(len(names) + 4)]
    printed = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines]
    return "\n".join([printed[0], "|" + "|".join(":" + "-" * width + ":" for width in widths) + "|", *printed[1:]])


def settings(rng: random.Random, run: Run) -> str:
    lines = [
        f"learning_rate: {rng.choice(('5e-05', '2e-05', '0.0001', '0.0003'))}",
        f"train_batch_size: {run.batch}",
        f"eval_batch_size: {rng.choice((8, 16, 64))}",
        "seed: 42",
    ]
    if run.devices > 1:
        lines += ["distributed_type: multi-GPU", f"num_devices: {run.devices}"]
    if run.grouped > 1:
        lines.append(f"gradient_accumulation_steps: {run.grouped}")
    if run.grouped > 1 or run.devices > 1:
        lines.append(f"total_train_batch_size: {run.batch * run.devices * run.grouped}")
    optimizer = "Adam with betas=(0.9,0.999) and epsilon=1e-08"
    if run.release >= (4, 46):
        optimizer = (
            "Use adamw_torch with betas=(0.9,0.999) and epsilon=1e-08 and optimizer_args=No additional optimizer arguments"
        )
    lines += [f"optimizer: {optimizer}", "lr_scheduler_type: linear", f"num_epochs: {run.epochs}"]
    return "\n".join(f"- {line}" for line in lines)


def index(name: str, kind: str, known: Known | None, evaluation: Row) -> str:
    metrics = "\n".join(
        f"    - name: {label(key)}\n      type: {key}\n      value: {value}" for key, value in evaluation.metrics.items()
    )
    of = known.dataset if known else "our_data"
    place = f"      config: {known.config}\n      split: {known.split}\n" if known else ""
    return (
        f"model-index:\n- name: {name}\n  results:\n  - task:\n      name: {kind.replace('-', ' ').title()}\n      type: {kind}\n"
        f"    dataset:\n      name: {of}\n      type: {of}\n{place}    metrics:\n{metrics}\n"
    )


def card(rng: random.Random) -> tuple[str, str]:
    """The shape's name and a whole card, of a well-known data set in one of five."""
    known = rng.choice(SETS) if rng.random() < 0.2 else None
    shape = rng.choice(list(TASKS))
    kind, scores = (known.task, task(known)) if known else TASKS[shape]
    release = rng.choice(RELEASES)
    major, minor, _ = release.split(".")
    run = drawn(rng, (int(major), int(minor)))
    run = run._replace(examples=known.train, drop_last=False, resumed=False) if known else run
    while not known and batches(run) * run.epochs > 1500 * run.grouped:
        run = run._replace(examples=run.examples // 2)
    while known and batches(run) * run.epochs > 20_000 and run.epochs > 1:
        run = run._replace(epochs=run.epochs - 1)
    evaluations = rows(rng, run, scores)
    if not evaluations or evaluations[-1].step < FEWEST_UPDATES:
        return card(rng)
    if run.resumed:
        run = run._replace(epochs=run.epochs + 2)
    return f"Trainer, {f'{known.dataset} {known.split}' if known else shape}", written(
        rng, run, release, kind, known, evaluations
    )


def written(rng: random.Random, run: Run, release: str, kind: str, known: Known | None, evaluations: Sequence[Row]) -> str:
    """The card's text."""
    told, of = evaluations[-1], known.dataset if known else "our_data"
    name = f"bert-base-uncased-{rng.choice(('reviews', 'tickets', 'notes'))}"
    metrics = "\n".join(f"- {label(key)}: {number(value)}" for key, value in {"loss": told.loss, **told.metrics}.items())
    listed = f"datasets:\n- {of}\n" if known else ""
    front = f"license: apache-2.0\ntags:\n- generated_from_trainer\n{listed}"
    front += index(name, kind, known, told) if known or rng.random() < 0.6 else ""
    return (
        f"---\n{front}---\n\n# {name}\n\nThis model is a fine-tuned version of [bert-base-uncased]"
        f"(https://huggingface.co/bert-base-uncased) on the {of} dataset.\nIt achieves the following results on the "
        f"evaluation set:\n{metrics}\n\n## Training procedure\n\n### Training hyperparameters\n\nThe following hyperparameters "
        f"were used during training:\n{settings(rng, run)}\n\n### Training results\n\n{table(run, evaluations)}\n\n\n"
        f"### Framework versions\n\n- Transformers {release}\n- Pytorch 2.1.0\n- Datasets 2.14.0\n- Tokenizers 0.15.0\n"
    )
