"""Faults planted in honest cards are caught, and changes that are no fault are not: benchmarks/mutations.py in small.

The cards are made up, their arithmetic is not: steps follow the step law, every metric comes from counts.
"""

import math
import random
import sys
from pathlib import Path

import pytest

from cardaudit.lint import check_card
from cardaudit.parse import read_card
from cardaudit.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import mutation_settings  # noqa: E402, F401
import mutation_texts  # noqa: E402, F401
from mutation_operators import OPERATORS, Operator  # noqa: E402
from mutations import caught_by  # noqa: E402

TEXT = """---
license: apache-2.0
tags:
- generated_from_trainer
- {task}
datasets:
- {dataset}
model-index:
- name: {name}
  results:
  - task:
      name: {task_name}
      type: {task}
    dataset:
      name: {dataset}
      type: {dataset}
      config: {config}
      split: validation
    metrics:
{index}
---

# {name}

This model is a fine-tuned version of [bert-base-uncased](https://huggingface.co/bert-base-uncased) on the {dataset} dataset.
It achieves the following results on the evaluation set:
{headline}

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- train_batch_size: 8
- eval_batch_size: 8
- seed: 42
- gradient_accumulation_steps: 1
- total_train_batch_size: 8
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08
- lr_scheduler_type: linear
- num_epochs: {epochs}

### Training results

| {columns} |
|{rule}|
{rows}

### Framework versions

- Transformers 4.26.1
- Pytorch 1.13.1
"""
EPOCHS = 6


def written(dataset: str, task: str, steps: int, rows: list[dict[str, float]]) -> str:
    """A card of the Trainer for rows of metrics, one an epoch; the last row is the headline."""
    names = list(rows[0])
    table = [
        [str(round(row["Loss"] * 1.1, 4)), f"{epoch}.0", str(epoch * steps), *(f"{row[name]:.4f}" for name in names)]
        for epoch, row in enumerate(rows, 1)
    ]
    columns = ["Training Loss", "Epoch", "Step", "Validation Loss", *names[1:]]
    index = [f"    - name: {name}\n      type: {name.lower()}\n      value: {rows[-1][name]!r}" for name in names[1:]]
    return TEXT.format(
        dataset=dataset,
        config=dataset,
        task=task,
        task_name=task.replace("-", " ").title(),
        name=f"bert-base-uncased-finetuned-{dataset}",
        index="\n".join(index),
        headline="\n".join(f"- {name}: {rows[-1][name]:.4f}" for name in names),
        epochs=len(rows),
        columns=" | ".join(columns),
        rule="|".join(":---:" for _ in columns),
        rows="\n".join(f"| {' | '.join(row)} |" for row in table),
    )


def tagger(rng: random.Random) -> str:
    """Entities of conll2003: 5,942 gold spans on validation, 14,041 sentences for training."""
    rows = []
    for epoch in range(EPOCHS):
        found = int(5942 * (0.86 + 0.015 * epoch)) + rng.randrange(40)
        predicted = int(found / (0.80 + 0.02 * epoch)) + rng.randrange(40)
        loss = 0.2 - 0.02 * epoch + rng.random() / 100
        scores = (found / predicted, found / 5942, 2 * found / (predicted + 5942), 0.96 + 0.004 * epoch + rng.random() / 500)
        rows.append(dict(zip(("Loss", "Precision", "Recall", "F1", "Accuracy"), (loss, *scores), strict=True)))
    return written("conll2003", "token-classification", math.ceil(14_041 / 8), rows)


def classifier(rng: random.Random) -> str:
    """Two classes of rotten_tomatoes: 1,066 examples in validation, 8,530 for training."""
    rows = []
    for epoch in range(EPOCHS):
        right, loss = 820 + 15 * epoch + rng.randrange(9), 0.5 - 0.04 * epoch + rng.random() / 100
        rows.append({"Loss": loss, "Accuracy": right / 1066})
    return written("rotten_tomatoes", "text-classification", math.ceil(8_530 / 8), rows)


def speller(rng: random.Random) -> str:
    """A recogniser's word and character errors."""
    rows = []
    for epoch in range(EPOCHS):
        wer, loss = 0.6 - 0.06 * epoch + rng.random() / 100, 0.9 - 0.1 * epoch + rng.random() / 100
        rows.append({"Loss": loss, "Wer": wer, "Cer": wer / 4 + rng.random() / 100})
    return written("timit_asr", "automatic-speech-recognition", 462, rows)


CARDS = [make(random.Random(seed)) for make in (tagger, classifier, speller) for seed in range(4)]
FLOORS = {
    "f1-digit": 0.5,
    "precision-digit": 0.5,
    "headline-digit": 0.9,
    "front-matter-digit": 0.6,
    "step-digit": 1,
    "epoch-digit": 1,
    "columns-precision-and-recall-swapped": 1,
    "cells-swapped": 1,
    "percent-in-one-cell": 1,
    "rows-dropped": 1,
    "rows-swapped": 1,
    "row-repeated": 1,
    "row-made-up": 0.7,
    "loss-below-zero": 1,
    "metric-is-nan": 1,
    "whole-part-added": 1,
    "batch-size-doubled": 1,
    "accumulation-doubled": 1,
    "total-batch-size-tripled": 1,
    "epochs-halved": 1,
    "epochs-doubled": 1,
    "learning-rate-exponent-lost": 1,
    "betas-swapped": 1,
    "dataset-renamed": 1,
    "trend-negated": 1,
    "bound-raised": 1,
    "accuracy-misquoted": 1,
    "best-epoch-misnamed": 1,
    "licence-misspelt": 1,
    "dataset-list-null": 1,
    "key-doubled": 1,
    "key-misspelt": 1,
    "model-index-underscored": 1,
    "model-index-of-another-card": 1,
    "loss-column-of-another-card": 1,
    "base-model-misspelt": 1,
    "wer-and-cer-swapped": 1,
    "list-item-doubled": 1,
    "metric-value-a-word": 1,
    "loss-is-nan": 1,
    "loss-frozen": 1,
    "training-loss-reversed": 1,
    "training-loss-zero": 1,
    "training-loss-unlogged": 1,
    "training-loss-stale": 1,
    "accuracy-frozen": 1,
    "epoch-and-step-swapped": 1,
    "decimals-added-in-one-cell": 1,
    "false-specificity": 1,
    "false-error-rate": 1,
    "false-top-5-accuracy": 1,
    "false-jaccard": 1,
    "false-mer": 1,
    "first-line-of-headline-cut-short": 1,
    "card-doubled": 1,
    "front-matter-unclosed": 1,
    "front-matter-cut": 1,
    "licence-other": 1,
    "metric-type-cut": 1,
    "model-index-renamed": 1,
    "dataset-a-title": 1,
    "dataset-a-script": 1,
    "length-twice": 1,
    "optimizer-an-enum": 1,
    "base-model-a-path": 1,
    "template-comment-kept": 1,
    "seed-cut": 1,
    "code-with-another-rate": 1,
    "labelled-attachment-above-unlabelled": 1,
    "mean-iou-above-mean-accuracy": 1,
    "map-above-map-50": 1,
    "perplexity-of-other-bytes": 1,
    "maximum-of-another-run": 1,
    "accuracy-of-no-count": 1,
    "fractions-of-a-labelling": 1,
    "accuracy-of-guessing": 1,
    "accuracy-in-single-precision": 1,
    "time-of-so-many": 1,
    "tokens-right-and-entities-wrong": 1,
    "results-without-a-word": 1,
    "seed-of-another-run": 1,
    "cell-changed-after-the-run": 1,
    "cell-off-the-curve": 1,
    "headline-changed-after-the-run": 1,
    "source-without-address": 1,
}
"""Least share of the visible faults that is caught. The corpus has other cards: benchmarks/results/mutations.md."""


def answers(operator: Operator) -> list[tuple[bool | None, dict[str, str]]]:
    """Visible, and the rules that caught it, for each card that has a place for the fault."""
    found = []
    for seed, text in enumerate(CARDS):
        card = read_card(text, f"card-{seed}")
        fault = operator.apply(card, random.Random(seed))
        if fault is not None and fault.text != text:
            found.append((fault.visible, caught_by(operator, check_card(card), fault)))
    return found


def test_the_made_up_cards_are_honest() -> None:
    found = [finding for text in CARDS for finding in check_card(read_card(text, "card")).findings]
    assert [finding for finding in found if finding.kind in ("inconsistent", "suspicious")] == []


@pytest.mark.parametrize("name", FLOORS)
def test_planted_faults_are_caught(name: str) -> None:
    operator = next(each for each in OPERATORS if each.name == name)
    visible = [rules for seen, rules in answers(operator) if seen]
    assert len(visible) >= 3
    assert sum(bool(rules) for rules in visible) >= FLOORS[name] * len(visible)


@pytest.mark.parametrize("operator", [each for each in OPERATORS if each.control], ids=lambda each: each.name)
def test_what_is_no_fault_is_not_caught(operator: Operator) -> None:
    assert [rules for _, rules in answers(operator) if rules] == []


def test_each_rule_answers_to_an_operator() -> None:
    """The committed results name, for every rule, operators that it catches and others on which it keeps silent."""
    table = (ROOT / "benchmarks" / "results" / "mutations.md").read_text(encoding="utf-8").partition("## Rules")[2]
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in table.splitlines() if line.startswith("| ")][2:]
    answers = {name: (catches, int(silent)) for name, catches, silent in rows}
    assert [rule.name for rule in RULES if not answers[rule.name][0] or not answers[rule.name][1]] == []


def test_neighbours_name_rules() -> None:
    assert {name for each in OPERATORS for name in each.spares} <= {rule.name for rule in RULES}
