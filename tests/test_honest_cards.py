"""Cards that the installed transformers writes from random but coherent runs are accused of nothing.

The runs are made up, their arithmetic is not: steps and epochs follow the loop of the installed Trainer, every metric is
computed by scikit-learn or seqeval from labels and predictions, and the card's text comes from `transformers.modelcard`.
"""

import math
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.records import Finding
from cardaudit.rules import GROUPS

modelcard = pytest.importorskip("transformers.modelcard", reason="the extra [reproduce] is not installed")
pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
entities = pytest.importorskip("seqeval.metrics", reason="seqeval is not installed")

OF_THE_NUMBERS = {rule.name for group in ("arithmetic", "steps") for rule in GROUPS[group]}
RUNS = 60


def binary(chance: random.Random, right: float) -> dict[str, float]:
    """Accuracy, precision, recall and F1 of one positive class."""
    gold = [int(chance.random() < 0.4) for _ in range(chance.randint(600, 3000))]
    guess = [label if chance.random() < right else 1 - label for label in gold]
    return {
        "eval_accuracy": metrics.accuracy_score(gold, guess),
        "eval_precision": metrics.precision_score(gold, guess),
        "eval_recall": metrics.recall_score(gold, guess),
        "eval_f1": metrics.f1_score(gold, guess),
    }


def averaged(average: str) -> Callable[[random.Random, float], dict[str, float]]:
    """The same of five classes, averaged."""

    def score(chance: random.Random, right: float) -> dict[str, float]:
        gold = [chance.choice((0, 0, 0, 1, 1, 2, 3, 4)) for _ in range(chance.randint(600, 3000))]
        guess = [label if chance.random() < right else chance.randrange(5) for label in gold]
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(gold, guess, average=average, zero_division=0)
        accuracy = metrics.accuracy_score(gold, guess)
        return {"eval_accuracy": accuracy, "eval_f1": f1, "eval_precision": precision, "eval_recall": recall}

    return score


def named_entities(chance: random.Random, right: float) -> dict[str, float]:
    """seqeval's micro averages over spans, with the accuracy over tokens."""
    tags = ["O", "O", "O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    gold = [[chance.choice(tags) for _ in range(chance.randint(3, 30))] for _ in range(chance.randint(100, 300))]
    guess = [[tag if chance.random() < right else chance.choice(tags) for tag in row] for row in gold]
    return {
        "eval_precision": entities.precision_score(gold, guess),
        "eval_recall": entities.recall_score(gold, guess),
        "eval_f1": entities.f1_score(gold, guess),
        "eval_accuracy": entities.accuracy_score(gold, guess),
    }


SCORES = {"binary": binary, "macro": averaged("macro"), "weighted": averaged("weighted"), "entities": named_entities}


def arguments(chance: random.Random) -> SimpleNamespace:
    """What the card prints of TrainingArguments, as far as `extract_hyperparameters_from_trainer` asks for it."""
    from transformers.training_args import ParallelMode

    devices, batch = chance.choice((1, 1, 1, 2, 4)), chance.choice((4, 8, 16, 32))
    return SimpleNamespace(
        learning_rate=chance.choice((5e-5, 2e-5, 1e-4, 3e-4)),
        train_batch_size=batch,
        eval_batch_size=chance.choice((8, 16, 64)),
        seed=42,
        parallel_mode=ParallelMode.DISTRIBUTED if devices > 1 else ParallelMode.NOT_DISTRIBUTED,
        world_size=devices,
        gradient_accumulation_steps=chance.choice((1, 1, 2, 3, 4, 8)),
        optim="adamw_torch_fused",
        optim_args=None,
        adam_beta1=0.9,
        adam_beta2=0.999,
        adam_epsilon=1e-8,
        lr_scheduler_type=SimpleNamespace(value="linear"),
        warmup_steps=chance.choice((0, 0.1, 50)),
        max_steps=-1,
        num_train_epochs=chance.choice((2, 3, 5, 10, 1.5)),
        fp16=chance.random() < 0.3,
        label_smoothing_factor=0.0,
    )


def log_history(
    chance: random.Random, args: SimpleNamespace, score: Callable[[random.Random, float], dict[str, float]]
) -> list[Any]:
    """The log of a run by the loop of transformers 5 (trainer.py): a mean loss each logging_steps, and the evaluations."""
    batches = chance.randint(80 * args.gradient_accumulation_steps, 500 * args.gradient_accumulation_steps)
    each_epoch, logging = chance.random() < 0.6, chance.choice((10, 100, 500))
    updates = math.ceil(batches / args.gradient_accumulation_steps)
    last = math.ceil(args.num_train_epochs * updates)
    interval = max(last // chance.randint(2, 9), 1)
    size, log = chance.randint(500, 3000), list[Any]()
    for step, epoch, ends in stamps(batches, args.gradient_accumulation_steps, last):
        progress = step / last
        if step % logging == 0:
            log.append({"loss": 1.2 * math.exp(-2 * progress) + chance.gauss(0, 0.01), "epoch": epoch, "step": step})
        if ends if each_epoch else step % interval == 0:
            seconds, per_batch = round(chance.uniform(2, 60), 4), args.eval_batch_size * args.world_size
            log.append(
                {
                    "eval_loss": 0.5 + 0.6 * math.exp(-3 * progress) + chance.gauss(0, 0.01),
                    **score(random.Random(chance.random()), 0.7 + 0.2 * progress),
                    "eval_runtime": seconds,
                    "eval_samples_per_second": round(size / seconds, 3),
                    "eval_steps_per_second": round(math.ceil(size / per_batch) / seconds, 3),
                    "epoch": epoch,
                    "step": step,
                }
            )
    return [*log, {"train_runtime": 60.0, "epoch": float(args.num_train_epochs), "step": last}]


def stamps(batches: int, accumulation: int, last: int) -> Iterator[tuple[int, float, bool]]:
    """Step, epoch and whether the epoch ends, at each update."""
    for step in range(1, last + 1):
        epoch, update = divmod(step - 1, math.ceil(batches / accumulation))
        done = min((update + 1) * accumulation, batches)
        yield step, epoch + done / batches, done == batches


def written(seed: int) -> str:
    """A card as the Trainer writes it."""
    chance = random.Random(seed)
    args, score = arguments(chance), chance.choice(list(SCORES.values()))
    _, lines, results = modelcard.parse_log_history(log_history(chance, args, score))
    summary = modelcard.TrainingSummary(
        model_name="some-model",
        license="apache-2.0",
        tags=["generated_from_trainer"],
        finetuned_from="google-bert/bert-base-uncased",
        eval_lines=lines,
        eval_results=results,
        hyperparameters=modelcard.extract_hyperparameters_from_trainer(SimpleNamespace(args=args)),
    )
    return str(summary.to_model_card())


@pytest.mark.parametrize("seed", range(RUNS))
def test_honest_run_is_accused_of_nothing(seed: int) -> None:
    text = written(seed)
    checkup = check_card(read_card(text, "card.md"))
    assert not [each for each in checkup.unchecked if each.because.startswith("internal error")]
    assert not [finding for finding in checkup.findings if accuses(finding)], text


def accuses(finding: Finding) -> bool:
    return finding.kind == "inconsistent" or (finding.kind == "suspicious" and finding.rule in OF_THE_NUMBERS)


def test_the_step_law_is_checked_on_these_cards() -> None:
    checkups = [check_card(read_card(written(seed), "card.md")) for seed in range(RUNS)]
    solved = [checkup for checkup in checkups if "impossible-steps" in checkup.clear]
    assert len(solved) > RUNS // 2, "a property that nothing is held against says nothing"
